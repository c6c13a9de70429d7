// Every notification there is: who publishes it, with which payload, and what its unversioned twin is called
// (facts: notifications.md §3 and §5). Event types are `<object>.<action>[.<phase>]`; 132 in all.

export type Phase = 'start' | 'end' | 'error' | 'progress'
export type Binary = 'nova-compute' | 'nova-api' | 'nova-conductor' | 'nova-scheduler'

/** Payload classes and the versions their fields are at. */
export const payloadVersions = {
  AggregatePayload: '1.1',
  AggregateCachePayload: '1.0',
  AuditPeriodPayload: '1.0',
  BlockDevicePayload: '1.0',
  ComputeTaskPayload: '1.0',
  DestinationPayload: '1.0',
  ExceptionPayload: '1.1',
  FlavorPayload: '1.4',
  ImageMetaPayload: '1.0',
  ImageMetaPropsPayload: '1.19',
  InstanceActionPayload: '1.9',
  InstanceActionRebuildPayload: '1.10',
  InstanceActionRescuePayload: '1.4',
  InstanceActionResizePrepPayload: '1.4',
  InstanceActionSharePayload: '1.0',
  InstanceActionSnapshotPayload: '1.10',
  InstanceActionVolumePayload: '1.7',
  InstanceActionVolumeSwapPayload: '1.9',
  InstanceCreatePayload: '1.13',
  InstanceExistsPayload: '2.1',
  InstanceNUMACellPayload: '1.2',
  InstanceNUMATopologyPayload: '1.0',
  InstancePCIRequestsPayload: '1.0',
  InstanceStateUpdatePayload: '1.0',
  InstanceUpdatePayload: '2.1',
  IpPayload: '1.0',
  KeypairPayload: '1.0',
  LibvirtErrorPayload: '1.0',
  MetricPayload: '1.0',
  MetricsPayload: '1.0',
  RequestSpecPayload: '1.1',
  SchedulerRetriesPayload: '1.0',
  ServerGroupPayload: '1.1',
  ServiceStatusPayload: '1.1',
  SharePayload: '1.0',
  VolumeUsagePayload: '1.0',
} as const satisfies Record<string, string>
export type PayloadName = keyof typeof payloadVersions

/** One `<object>.<action>` with all its phases. */
export interface NotificationRow {
  /** Empty: sent once, without a phase in its name. */
  readonly phases: readonly Phase[]
  readonly payload: PayloadName
  /** Who may publish it; the first one when somebody else sends it. */
  readonly by: readonly [Binary, ...Binary[]]
  /**
   * The unversioned event type. A text gets the phase appended; an object names the phases that have a twin and the
   * twin's whole type (`once` for no phase); null: there is none.
   */
  readonly unversioned: string | Readonly<Partial<Record<Phase | 'once', string>>> | null
}

export interface InstanceRow extends NotificationRow {
  /** Nova hands over the volumes here, so that `block_devices` is a list; elsewhere it is null unless configured. */
  readonly volumes?: true
  /** Phases whose unversioned payload has `fixed_ips`. */
  readonly addressesAt?: readonly Phase[]
}

const startEnd = ['start', 'end'] as const
const startEndError = ['start', 'end', 'error'] as const
const once = [] as const
const action = { payload: 'InstanceActionPayload', by: ['nova-compute'] } as const
const plain = { ...action, phases: startEnd } as const
const byApi = { ...action, by: ['nova-api'], phases: once } as const
const volume = { ...action, payload: 'InstanceActionVolumePayload' } as const
// Published in the API's name although the compute service sends it.
const share = { payload: 'InstanceActionSharePayload', by: ['nova-api'], phases: startEndError } as const

/** `instance.*`, by action. */
export const instanceNotifications = {
  create: {
    ...action,
    phases: startEndError,
    payload: 'InstanceCreatePayload',
    unversioned: 'compute.instance.create',
    volumes: true,
    addressesAt: ['end'],
  },
  delete: {
    ...plain,
    by: ['nova-compute', 'nova-api'],
    unversioned: 'compute.instance.delete',
    volumes: true,
  },
  soft_delete: {
    ...plain,
    by: ['nova-compute', 'nova-api'],
    unversioned: 'compute.instance.soft_delete',
  },
  restore: { ...plain, unversioned: 'compute.instance.restore' },
  shutdown: { ...plain, unversioned: 'compute.instance.shutdown', volumes: true },
  power_off: { ...plain, unversioned: 'compute.instance.power_off' },
  power_on: { ...plain, unversioned: 'compute.instance.power_on' },
  reboot: { ...action, phases: startEndError, unversioned: 'compute.instance.reboot', volumes: true },
  pause: { ...plain, unversioned: 'compute.instance.pause' },
  unpause: { ...plain, unversioned: 'compute.instance.unpause' },
  suspend: { ...plain, unversioned: 'compute.instance.suspend' },
  resume: { ...plain, unversioned: 'compute.instance.resume' },
  rescue: {
    ...plain,
    payload: 'InstanceActionRescuePayload',
    unversioned: 'compute.instance.rescue',
    addressesAt: startEnd,
  },
  unrescue: { ...plain, unversioned: 'compute.instance.unrescue', addressesAt: startEnd },
  resize_prep: {
    ...plain,
    payload: 'InstanceActionResizePrepPayload',
    unversioned: 'compute.instance.resize.prep',
  },
  resize: {
    ...action,
    phases: startEndError,
    unversioned: 'compute.instance.resize',
    volumes: true,
    addressesAt: startEnd,
  },
  resize_finish: {
    ...plain,
    unversioned: 'compute.instance.finish_resize',
    volumes: true,
    addressesAt: startEnd,
  },
  resize_confirm: { ...plain, unversioned: 'compute.instance.resize.confirm', addressesAt: ['end'] },
  resize_revert: { ...plain, unversioned: 'compute.instance.resize.revert', volumes: true },
  rebuild_scheduled: {
    by: ['nova-conductor'],
    phases: once,
    payload: 'InstanceActionRebuildPayload',
    unversioned: { once: 'compute.instance.rebuild.scheduled' },
  },
  rebuild: {
    ...action,
    phases: startEndError,
    payload: 'InstanceActionRebuildPayload',
    unversioned: 'compute.instance.rebuild',
    volumes: true,
    addressesAt: ['end'],
  },
  evacuate: { ...byApi, unversioned: { once: 'compute.instance.evacuate' } },
  live_migration_pre: {
    ...plain,
    unversioned: 'compute.instance.live_migration.pre',
    volumes: true,
    addressesAt: startEnd,
  },
  live_migration_post: {
    ...plain,
    unversioned: 'compute.instance.live_migration._post',
    addressesAt: ['start'],
  },
  live_migration_post_dest: {
    ...plain,
    unversioned: 'compute.instance.live_migration.post.dest',
    addressesAt: startEnd,
  },
  live_migration_rollback: { ...plain, unversioned: 'compute.instance.live_migration._rollback' },
  live_migration_rollback_dest: {
    ...plain,
    unversioned: 'compute.instance.live_migration.rollback.dest',
    addressesAt: startEnd,
  },
  live_migration_abort: { ...plain, unversioned: 'compute.instance.live.migration.abort' },
  live_migration_force_complete: {
    ...plain,
    unversioned: 'compute.instance.live.migration.force.complete',
  },
  shelve: { ...plain, unversioned: 'compute.instance.shelve', volumes: true },
  shelve_offload: { ...plain, unversioned: 'compute.instance.shelve_offload', volumes: true },
  unshelve: {
    ...plain,
    unversioned: 'compute.instance.unshelve',
    volumes: true,
    addressesAt: ['end'],
  },
  snapshot: {
    ...plain,
    payload: 'InstanceActionSnapshotPayload',
    unversioned: 'compute.instance.snapshot',
  },
  trigger_crash_dump: { ...plain, unversioned: 'compute.instance.trigger_crash_dump' },
  interface_attach: { ...action, phases: startEndError, unversioned: null },
  interface_detach: { ...plain, unversioned: null },
  volume_attach: {
    ...volume,
    phases: startEndError,
    unversioned: { end: 'compute.instance.volume.attach' },
  },
  volume_detach: { ...volume, phases: startEnd, unversioned: { end: 'compute.instance.volume.detach' } },
  volume_swap: {
    ...action,
    phases: startEndError,
    payload: 'InstanceActionVolumeSwapPayload',
    unversioned: null,
  },
  share_attach: { ...share, unversioned: null },
  share_detach: { ...share, unversioned: null },
  lock: { ...byApi, unversioned: null },
  unlock: { ...byApi, unversioned: null },
  update: {
    phases: once,
    payload: 'InstanceUpdatePayload',
    by: ['nova-compute', 'nova-api', 'nova-conductor'],
    unversioned: { once: 'compute.instance.update' },
  },
  exists: {
    phases: once,
    payload: 'InstanceExistsPayload',
    by: ['nova-compute'],
    unversioned: { once: 'compute.instance.exists' },
  },
} as const satisfies Record<string, InstanceRow>

const task = { phases: ['error'], payload: 'ComputeTaskPayload', by: ['nova-conductor'] } as const
const aggregate = { phases: startEnd, payload: 'AggregatePayload', by: ['nova-api'] } as const
const flavor = { phases: once, payload: 'FlavorPayload', by: ['nova-api'], unversioned: null } as const
const keypair = { phases: startEnd, payload: 'KeypairPayload', by: ['nova-api'] } as const
const group = { phases: once, payload: 'ServerGroupPayload', by: ['nova-api'] } as const
// The service itself publishes what is said about it.
const service = {
  phases: once,
  payload: 'ServiceStatusPayload',
  by: ['nova-compute', 'nova-api', 'nova-conductor', 'nova-scheduler'],
  unversioned: null,
} as const

/** Everything that is not about one server. */
export const otherNotifications = {
  'compute_task.build_instances': { ...task, unversioned: { error: 'compute_task.build_instances' } },
  'compute_task.migrate_server': { ...task, unversioned: { error: 'compute_task.migrate_server' } },
  'compute_task.rebuild_server': { ...task, unversioned: { error: 'compute_task.rebuild_server' } },
  // Its unversioned twin is called after the method that failed (`stop_instance`).
  'compute.exception': {
    phases: once,
    payload: 'ExceptionPayload',
    by: ['nova-compute', 'nova-api'],
    unversioned: null,
  },
  'scheduler.select_destinations': {
    phases: startEnd,
    payload: 'RequestSpecPayload',
    by: ['nova-scheduler'],
    unversioned: 'scheduler.select_destinations',
  },
  'aggregate.create': { ...aggregate, unversioned: 'aggregate.create' },
  'aggregate.delete': { ...aggregate, unversioned: 'aggregate.delete' },
  'aggregate.add_host': { ...aggregate, unversioned: 'aggregate.addhost' },
  'aggregate.remove_host': { ...aggregate, unversioned: 'aggregate.removehost' },
  'aggregate.update_metadata': { ...aggregate, unversioned: 'aggregate.updatemetadata' },
  'aggregate.update_prop': { ...aggregate, unversioned: 'aggregate.updateprop' },
  // `progress` is one for each host, with an AggregateCachePayload, from the conductor.
  'aggregate.cache_images': {
    ...aggregate,
    phases: ['start', 'end', 'progress'],
    by: ['nova-api', 'nova-conductor'],
    unversioned: null,
  },
  'flavor.create': flavor,
  'flavor.update': flavor,
  'flavor.delete': flavor,
  'keypair.create': { ...keypair, unversioned: 'keypair.create' },
  'keypair.delete': { ...keypair, unversioned: 'keypair.delete' },
  'keypair.import': { ...keypair, unversioned: 'keypair.import' },
  'server_group.create': { ...group, unversioned: { once: 'servergroup.create' } },
  'server_group.delete': { ...group, unversioned: { once: 'servergroup.delete' } },
  'server_group.add_member': { ...group, unversioned: { once: 'servergroup.addmember' } },
  'service.create': service,
  'service.update': service,
  'service.delete': service,
  'metrics.update': {
    phases: once,
    payload: 'MetricsPayload',
    by: ['nova-compute'],
    unversioned: { once: 'compute.metrics.update' },
  },
  'volume.usage': {
    phases: once,
    payload: 'VolumeUsagePayload',
    by: ['nova-compute'],
    unversioned: { once: 'volume.usage' },
  },
  'libvirt.connect': {
    phases: ['error'],
    payload: 'LibvirtErrorPayload',
    by: ['nova-compute'],
    unversioned: { error: 'compute.libvirt.error' },
  },
} as const satisfies Record<string, NotificationRow>

export type InstanceAction = keyof typeof instanceNotifications
export type OtherNotification = keyof typeof otherNotifications

type PhaseIn<Row extends NotificationRow> = [Row['phases'][number]] extends [never]
  ? null
  : Row['phases'][number]
/** The phases an action has; null for those without. */
export type InstancePhase<A extends InstanceAction> = PhaseIn<(typeof instanceNotifications)[A]>
export type OtherPhase<N extends OtherNotification> = PhaseIn<(typeof otherNotifications)[N]>

/** `instance.create` + `start` → `instance.create.start`. */
export const eventType = (name: string, phase: Phase | null): string =>
  phase === null ? name : `${name}.${phase}`

/** The unversioned type of a row at a phase; null when none is sent. */
export function unversionedType(row: NotificationRow, phase: Phase | null): string | null {
  const { unversioned } = row
  if (unversioned === null) return null
  return typeof unversioned === 'string'
    ? eventType(unversioned, phase)
    : (unversioned[phase ?? 'once'] ?? null)
}

const typesOf = (name: string, row: NotificationRow): readonly string[] =>
  row.phases.length === 0 ? [name] : row.phases.map(phase => eventType(name, phase))

/** Every versioned event type. */
export const eventTypes: readonly string[] = [
  ...Object.entries(instanceNotifications).flatMap(([name, row]) => typesOf(`instance.${name}`, row)),
  ...Object.entries(otherNotifications).flatMap(([name, row]) => typesOf(name, row)),
]
