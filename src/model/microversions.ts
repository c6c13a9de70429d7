// The compute API's microversions: each row gives a version, the feature code asks for, and what a user sees change.
// Code asks `version.has('embeddedFlavor')`, never for a number. Facts: microversions.md, api-surface.md.

export const microversions = [
  { minor: 1, feature: 'baseline', summary: 'Same as 2.0, with strict validation of requests.' },
  { minor: 2, feature: 'keypairTypes', summary: 'Key pairs have a type; create answers 201, delete 204.' },
  {
    minor: 3,
    feature: 'extendedServerAttributes',
    summary:
      'Administrators see hostname, kernel_id, launch_index, reservation_id, root_device_name and user_data; attached volumes show delete_on_termination.',
  },
  {
    minor: 4,
    feature: 'fixedIpReserved',
    summary: 'Fixed IPs show reserved (the API has since been removed).',
  },
  { minor: 5, feature: 'filterIp6', summary: 'Server lists of ordinary users honour the ip6 filter.' },
  {
    minor: 6,
    feature: 'remoteConsoles',
    summary: 'POST /servers/{id}/remote-consoles replaces the os-get…Console actions.',
  },
  { minor: 7, feature: 'privateFlavorAccessOnly', summary: 'Giving access to a public flavor is a 409.' },
  { minor: 8, feature: 'mksConsole', summary: 'Remote consoles know protocol mks.' },
  { minor: 9, feature: 'serverLocked', summary: 'Servers show locked.' },
  {
    minor: 10,
    feature: 'keypairUsers',
    summary: "Administrators manage other users' key pairs with user_id.",
  },
  { minor: 11, feature: 'serviceForcedDown', summary: 'Services show forced_down, which can be set.' },
  {
    minor: 12,
    feature: 'vifNetId',
    summary: 'Virtual interfaces show their network (the API has since been removed).',
  },
  { minor: 13, feature: 'serverGroupOwner', summary: 'Server groups show project_id and user_id.' },
  {
    minor: 14,
    feature: 'evacuateFindsStorage',
    summary: 'evacuate takes no onSharedStorage and answers no body.',
  },
  { minor: 15, feature: 'softAffinity', summary: 'Server groups know soft-affinity and soft-anti-affinity.' },
  { minor: 16, feature: 'hostStatus', summary: 'Administrators see host_status on servers.' },
  { minor: 17, feature: 'crashDump', summary: 'New action trigger_crash_dump.' },
  { minor: 18, feature: 'optionalProjectId', summary: 'The project id in paths is optional.' },
  { minor: 19, feature: 'serverDescription', summary: 'Servers have a description.' },
  {
    minor: 20,
    feature: 'shelvedVolumes',
    summary: 'Volumes may be attached to and detached from shelved servers.',
  },
  { minor: 21, feature: 'deletedServerActions', summary: "Deleted servers' actions can be read." },
  {
    minor: 22,
    feature: 'forceCompleteLiveMigration',
    summary: 'Running live migrations can be made to complete.',
  },
  {
    minor: 23,
    feature: 'serverMigrations',
    summary: 'GET /servers/{id}/migrations; migrations show migration_type and links.',
  },
  { minor: 24, feature: 'abortLiveMigration', summary: 'Running live migrations can be aborted.' },
  {
    minor: 25,
    feature: 'autoBlockMigration',
    summary: 'os-migrateLive takes block_migration auto and no disk_over_commit.',
  },
  { minor: 26, feature: 'serverTags', summary: 'Servers have tags.' },
  { minor: 27, feature: 'standardVersionHeader', summary: 'The OpenStack-API-Version header is documented.' },
  { minor: 28, feature: 'structuredCpuInfo', summary: "A hypervisor's cpu_info is an object." },
  {
    minor: 29,
    feature: 'evacuateForce',
    summary: 'evacuate has force; a named host is checked by the scheduler.',
  },
  {
    minor: 30,
    feature: 'liveMigrateForce',
    summary: 'os-migrateLive has force; a named host is checked by the scheduler.',
  },
  { minor: 31, feature: 'allConsoleTokens', summary: 'Console tokens of all types can be looked up.' },
  { minor: 32, feature: 'deviceTags', summary: 'Networks and block devices have tags at create.' },
  {
    minor: 33,
    feature: 'hypervisorPaging',
    summary: 'Hypervisors are paged; block device tags are refused until 2.42.',
  },
  { minor: 34, feature: 'asynchronousLiveMigrationChecks', summary: 'os-migrateLive always answers 202.' },
  { minor: 35, feature: 'keypairPaging', summary: 'Key pairs are paged.' },
  {
    minor: 36,
    feature: 'noProxies',
    summary: 'The proxies for images, networks and volumes end; network quotas and limits go.',
  },
  {
    minor: 37,
    feature: 'networksRequired',
    summary: 'Creating a server requires networks (a list, auto or none).',
  },
  { minor: 38, feature: 'invalidStatusRefused', summary: 'An unknown status filter is a 400.' },
  { minor: 39, feature: 'noImageMetadataProxy', summary: 'The image metadata proxy and maxImageMeta end.' },
  { minor: 40, feature: 'usagePaging', summary: 'Tenant usage is paged.' },
  { minor: 41, feature: 'aggregateUuid', summary: 'Aggregates show uuid.' },
  {
    minor: 42,
    feature: 'deviceTagsAgain',
    summary: 'Tags at create work again for networks and block devices.',
  },
  { minor: 43, feature: 'noHostsApi', summary: '/os-hosts ends.' },
  { minor: 44, feature: 'noAddressActions', summary: 'The fixed and floating IP actions end.' },
  {
    minor: 45,
    feature: 'imageIdInBody',
    summary: 'createImage and createBackup answer image_id in the body.',
  },
  { minor: 46, feature: 'requestIdHeader', summary: 'X-OpenStack-Request-ID is documented.' },
  { minor: 47, feature: 'embeddedFlavor', summary: 'Servers show the flavor itself instead of a link.' },
  { minor: 48, feature: 'standardDiagnostics', summary: 'Diagnostics have one form for all hypervisors.' },
  { minor: 49, feature: 'attachTags', summary: 'Attaching volumes and interfaces takes a tag.' },
  {
    minor: 50,
    feature: 'groupQuotaClasses',
    summary: 'Quota classes show server group quotas and no network quotas.',
  },
  { minor: 51, feature: 'actionEvents', summary: 'Everybody who may see an action sees its events.' },
  { minor: 52, feature: 'tagsAtCreate', summary: 'Servers can be created with tags.' },
  { minor: 53, feature: 'serviceUuids', summary: 'Services and hypervisors are named by UUID.' },
  { minor: 54, feature: 'rebuildKeyName', summary: 'rebuild takes key_name.' },
  { minor: 55, feature: 'flavorDescription', summary: 'Flavors have a description that can be updated.' },
  { minor: 56, feature: 'migrateToHost', summary: 'migrate takes a host.' },
  { minor: 57, feature: 'noPersonality', summary: 'personality ends; rebuild takes user_data.' },
  {
    minor: 58,
    feature: 'actionPaging',
    summary: 'Instance actions are paged, filtered by time and show updated_at.',
  },
  { minor: 59, feature: 'migrationPaging', summary: 'Migrations are paged, filtered by time and show uuid.' },
  { minor: 60, feature: 'multiattach', summary: 'Volumes may be attached to several servers.' },
  { minor: 61, feature: 'flavorExtraSpecs', summary: 'Flavors show extra_specs.' },
  { minor: 62, feature: 'eventHost', summary: 'Action events show hostId, and host to administrators.' },
  { minor: 63, feature: 'trustedCertificates', summary: 'Servers have trusted_image_certificates.' },
  { minor: 64, feature: 'serverGroupPolicy', summary: 'Server groups have one policy, and rules.' },
  { minor: 65, feature: 'abortQueuedLiveMigration', summary: 'Queued live migrations can be aborted.' },
  { minor: 66, feature: 'changesBefore', summary: 'Lists take changes-before.' },
  { minor: 67, feature: 'volumeTypeAtCreate', summary: 'Block devices take volume_type.' },
  { minor: 68, feature: 'noForce', summary: 'force ends for evacuate and os-migrateLive.' },
  { minor: 69, feature: 'downCells', summary: 'Servers of unreachable cells are listed with less.' },
  { minor: 70, feature: 'tagsShown', summary: 'Attached volumes and interfaces show their tag.' },
  { minor: 71, feature: 'serverGroupsShown', summary: 'Servers show server_groups.' },
  { minor: 72, feature: 'bandwidthPorts', summary: 'Ports with resource requests may be used at create.' },
  {
    minor: 73,
    feature: 'lockedReason',
    summary: 'lock takes a reason; servers show locked_reason; locked filters and sorts.',
  },
  {
    minor: 74,
    feature: 'requestedHost',
    summary: 'Administrators name host or hypervisor_hostname at create.',
  },
  {
    minor: 75,
    feature: 'strictQueries',
    summary: 'Unknown query parameters are a 400 in most APIs; update and rebuild answer the full server.',
  },
  { minor: 76, feature: 'powerUpdate', summary: 'External event power-update.' },
  { minor: 77, feature: 'unshelveToZone', summary: 'unshelve takes availability_zone.' },
  { minor: 78, feature: 'serverTopology', summary: 'GET /servers/{id}/topology.' },
  { minor: 79, feature: 'attachmentDeleteFlag', summary: 'Attaching a volume takes delete_on_termination.' },
  { minor: 80, feature: 'migrationOwner', summary: 'Migrations show and filter by user_id and project_id.' },
  { minor: 81, feature: 'aggregateImageCache', summary: 'POST /os-aggregates/{id}/images.' },
  { minor: 82, feature: 'acceleratorEvents', summary: 'External event accelerator-request-bound.' },
  { minor: 83, feature: 'moreUserFilters', summary: 'Ordinary users filter servers by more attributes.' },
  { minor: 84, feature: 'eventDetails', summary: 'Action events show details.' },
  {
    minor: 85,
    feature: 'updateAttachment',
    summary: "An attachment's delete_on_termination can be changed.",
  },
  { minor: 86, feature: 'checkedExtraSpecs', summary: 'Extra specs of known namespaces are validated.' },
  { minor: 87, feature: 'rescueVolumeBacked', summary: 'Volume-backed servers can be rescued.' },
  {
    minor: 88,
    feature: 'slimHypervisors',
    summary: 'Hypervisors show uptime and no usage; statistics and uptime end.',
  },
  { minor: 89, feature: 'attachmentIds', summary: 'Volume attachments show attachment_id and bdm_uuid.' },
  { minor: 90, feature: 'serverHostname', summary: 'Servers take and show a hostname.' },
  { minor: 91, feature: 'unshelveToHost', summary: 'unshelve takes host, and a null availability_zone.' },
  { minor: 92, feature: 'importedKeypairsOnly', summary: 'Creating a key pair requires its public key.' },
  {
    minor: 93,
    feature: 'rebuildVolumeBacked',
    summary: 'Rebuilding a volume-backed server re-images its volume.',
  },
  { minor: 94, feature: 'fqdnHostname', summary: 'hostname may be a fully qualified name.' },
  { minor: 95, feature: 'evacuateStops', summary: 'Evacuated servers are stopped at their destination.' },
  { minor: 96, feature: 'pinnedZone', summary: 'Servers show pinned_availability_zone.' },
  { minor: 97, feature: 'shares', summary: 'File shares can be attached.' },
  { minor: 98, feature: 'imageProperties', summary: "Servers show their image's properties." },
  { minor: 99, feature: 'spiceDirect', summary: 'Console type spice-direct.' },
  { minor: 100, feature: 'schedulerHintsShown', summary: 'Servers show scheduler_hints.' },
  { minor: 101, feature: 'asynchronousAttach', summary: 'Attaching a volume answers 202.' },
  {
    minor: 102,
    feature: 'strictQueriesEverywhere',
    summary: 'Every API refuses unknown query parameters; flavors lose rxtx_factor and disabled.',
  },
  { minor: 103, feature: 'noVolumesBoot', summary: '/os-volumes_boot ends.' },
  { minor: 104, feature: 'changePinnedZone', summary: "A server's pinned_availability_zone can be changed." },
] as const

export type ComputeFeature = (typeof microversions)[number]['feature']

export const minorMin = 1
export const minorMax = microversions.length

const minorOf = Object.fromEntries(microversions.map(({ feature, minor }) => [feature, minor])) as Readonly<
  Record<ComputeFeature, number>
> // every feature has a row

/** The first minor that has a feature. Routes and schemas name features; this gives them their number. */
export const since = (feature: ComputeFeature): number => minorOf[feature]

/** A compute microversion. There is one object for each, made here. */
export interface Microversion {
  readonly text: string
  readonly minor: number
  has(feature: ComputeFeature): boolean
}

export const computeVersions: readonly Microversion[] = microversions.map(({ minor }) => ({
  text: `2.${minor}`,
  minor,
  has: feature => minor >= minorOf[feature],
}))

/** The version object of a minor between 1 and 104. */
export const computeVersion = (minor: number): Microversion => computeVersions[minor - 1]!
