// Every bound in one place: pages, bodies, queues, retries, sizes. Units are in the names.

export const limits = {
  /** [consoleauth]token_ttl: how long a console can be reached by its URL. */
  consoleTokenMs: 600_000,
  /** [api]max_limit: default page and the most one page holds. */
  pageItemsMax: 1000,
  /** [oslo_middleware]max_request_body_size of every JSON API. */
  jsonBodyBytesMax: 114_688,
  /** Lists and objects inside each other in one body. */
  jsonDepthMax: 100,
  /** Fault and event messages are cut to this many bytes of UTF-8 (nova's column width). */
  faultMessageBytesMax: 255,
  /** Largest image we take, when no option says otherwise. */
  imageBytesMax: 1024 ** 4,
  /** [DEFAULT]image_property_quota, image_tag_quota and image_member_quota of Glance. */
  imagePropertiesMax: 128,
  imageTagsMax: 128,
  imageMembersMax: 128,
  /** [DEFAULT]limit_param_default and api_limit_max of Glance. */
  imagePageItems: 25,
  imagePageItemsMax: 1000,
  /** [scheduler]max_attempts: builds are tried on this many hosts. */
  buildAttemptsMax: 3,
  /** Hosts named in what is kept of a scheduling; of the others only the number is, by reason. */
  schedulingHostsMax: 100,
  /** [scheduler]max_placement_results. */
  allocationCandidatesMax: 1000,
  /** Validated tokens remembered by each service. */
  tokenCacheEntriesMax: 10_000,
  /** A remembered token is checked again after this long, so that a revocation from outside is seen. */
  tokenCacheMs: 30_000,
  /** Parsed microversion headers and similar small look-ups remembered. */
  headerCacheEntriesMax: 1_000,
  /** Rendered servers kept ready for show and list. */
  renderedServersMax: 20_000,
  /** How long a body that was refused may go on coming in before the connection is cut. */
  refusedBodyMs: 2_000,
  /** How long `SIGTERM` waits for running requests and steps; all of stopping has 5 s. */
  drainMs: 4_000,
  /** Times a transaction is tried that the database ended for a deadlock. */
  transactionTriesMax: 5,
  /** Tries of an operation its database failed, before the failure counts as the operation's own. */
  storeTriesMax: 10,
  /** Longest pause between two tries of an operation whose database does not answer. */
  storeRetryMsMax: 30_000,
  /** Operations the conductor drives at the same time. */
  operationsRunningMax: 64,
  /** [compute]max_concurrent_builds. */
  buildsPerHostMax: 10,
  /** Jobs of the volume service that run at the same time, and how long one waits whose database does not answer. */
  volumeJobsRunningMax: 8,
  volumeRetryMs: 1_000,
  /** [DEFAULT]block_device_allocate_retries and its interval: how long a build waits for a volume to be made. */
  volumeLooksMax: 60,
  volumeLookMsMax: 3_000,
  /** [DEFAULT]reimage_timeout_per_gb. */
  reimageMsPerGb: 1_200_000,
  /** [DEFAULT]max_local_block_devices. */
  localDisksMax: 3,
  /** Disks of one server: as many as one letter names. */
  serverDisksMax: 26,
  /** Pause of image caching when the database does not answer. */
  imageCachingRetryMs: 1_000,
  /** [DEFAULT]message_ttl of Cinder: how long users are told of a failure. */
  volumeMessageMs: 2_592_000_000,
  /** Time one call to another service may take. */
  clientTimeoutMs: 60_000,
  /** Requests followed at the same time, and how long one is at most. */
  traceFollowersMax: 64,
  traceFollowMs: 3_600_000,
  /** How often a followed request is looked at, and how often its follower hears something when nothing happens. */
  tracePollMs: 200,
  traceHeartbeatMs: 15_000,
  /** Records of the logs looked through for requests that were refused at once. */
  traceRecentMax: 1_000,
  passwordChars: 12,
  tokenLifetimeMs: 3_600_000,
  /** [token]allow_expired_window: how long after its end a token may still be looked at with `allow_expired`. */
  tokenExpiredWindowMs: 172_800_000,
  /** scrypt's N as a power of two (r = 8, p = 1): 16 MiB and about 50 ms of one core for each log-in. */
  passwordHashCostLog2: 14,
  /** [DEFAULT]max_project_tree_depth. */
  projectTreeDepthMax: 5,
  /** Tags of one project (keystone/resource/schema.py). */
  projectTagsMax: 80,
  /** [service]report_interval and service_down_time. */
  serviceReportMs: 10_000,
  serviceDownMs: 60_000,
  /** [DEFAULT]running_deleted_instance_poll_interval. */
  strayAuditMs: 1_800_000,
  /** Between two rounds of a periodic task that has no interval of its own (oslo.service's default spacing). */
  periodicMs: 60_000,
  quotaValueMax: 2_147_483_647,
  /** Times the tracer looks again for ids it has just learned of: callers of callers, and what they called. */
  traceRoundsMax: 8,
  /** Servers, ports, volumes and images whose other records a trace looks at. */
  traceThingsMax: 16,
  /** How far before and after a request's own records others may stand: clocks differ, and some are told later. */
  traceMarginMs: 30_000,
  /** The same for what stands beside them under no id of the request: nearer, because only time ties it. */
  traceBesideMs: 5_000,
  /** Notifications held at a time to look into. */
  traceHeldMax: 200_000,
  /** Documents asked for at a time. */
  elasticsearchPageItems: 1_000,
  /** Ended operations that wait to be sent to a collector; the oldest is dropped for another. */
  traceExportWaitingMax: 1_000,
  /** What `logs ship` sends at once, and holds at most twice: the batch on its way and the one being read. */
  shipBatchRecords: 1_000,
  shipBatchBytes: 4_194_304,
  /** Pauses between tries of one batch: they double from the first to the last. */
  shipRetryMsMin: 100,
  shipRetryMsMax: 30_000,
  /** Tries before `logs ship` gives up; with --follow it never does. */
  shipTriesMax: 12,
  /** Time one answer of Elasticsearch may take. */
  shipTimeoutMs: 60_000,
  /** Files whose positions are remembered. */
  shipFilesMax: 50_000,
  /** Folded log lines and gaps one trace holds. */
  traceLogsMax: 2_000,
  traceGapsMax: 50,
  /** Clocks of two hosts that agree within this are taken as the same. */
  traceSkewMs: 250,
} as const
