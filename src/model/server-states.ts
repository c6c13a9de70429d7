// What states a server can be in, which the API shows for them, and what may be done in each (facts: states.md,
// api-surface.md §3). The API, the operations, the documents and the console read these rows.

export const vmStates = [
  'active',
  'building',
  'paused',
  'suspended',
  'stopped',
  'rescued',
  'resized',
  'soft-delete',
  'deleted',
  'error',
  'shelved',
  'shelved_offloaded',
] as const
export type VmState = (typeof vmStates)[number]

export const taskStates = [
  'scheduling',
  'block_device_mapping',
  'networking',
  'spawning',
  'image_snapshot',
  'image_snapshot_pending',
  'image_pending_upload',
  'image_uploading',
  'image_backup',
  'updating_password',
  'resize_prep',
  'resize_migrating',
  'resize_migrated',
  'resize_finish',
  'resize_reverting',
  'resize_confirming',
  'rebooting',
  'reboot_pending',
  'reboot_started',
  'rebooting_hard',
  'reboot_pending_hard',
  'reboot_started_hard',
  'pausing',
  'unpausing',
  'suspending',
  'resuming',
  'powering-off',
  'powering-on',
  'rescuing',
  'unrescuing',
  'rebuilding',
  'rebuild_block_device_mapping',
  'rebuild_spawning',
  'migrating',
  'deleting',
  'soft-deleting',
  'restoring',
  'shelving',
  'shelving_image_pending_upload',
  'shelving_image_uploading',
  'shelving_offloading',
  'unshelving',
] as const
export type TaskState = (typeof taskStates)[number]

/** Numbers on the wire (`OS-EXT-STS:power_state`); 2 and 5 are not used. */
export const powerStates = {
  NOSTATE: 0,
  RUNNING: 1,
  PAUSED: 3,
  SHUTDOWN: 4,
  CRASHED: 6,
  SUSPENDED: 7,
} as const
export type PowerState = (typeof powerStates)[keyof typeof powerStates]

/** Notifications spell power states out. */
export const powerStateNames: Readonly<Record<PowerState, string>> = {
  0: 'pending',
  1: 'running',
  3: 'paused',
  4: 'shutdown',
  6: 'crashed',
  7: 'suspended',
}

const rebuildTasks = {
  rebuilding: 'REBUILD',
  rebuild_block_device_mapping: 'REBUILD',
  rebuild_spawning: 'REBUILD',
} as const
const resizeTasks = {
  resize_prep: 'RESIZE',
  resize_migrating: 'RESIZE',
  resize_migrated: 'RESIZE',
  resize_finish: 'RESIZE',
} as const

/** `status` = the row of the vm_state: by task_state where listed, else its default (nova/api/openstack/common.py). */
export const statusRows: Readonly<
  Record<VmState, { readonly default: string; readonly byTask: Readonly<Partial<Record<TaskState, string>>> }>
> = {
  active: {
    default: 'ACTIVE',
    byTask: {
      rebooting: 'REBOOT',
      reboot_pending: 'REBOOT',
      reboot_started: 'REBOOT',
      rebooting_hard: 'HARD_REBOOT',
      reboot_pending_hard: 'HARD_REBOOT',
      reboot_started_hard: 'HARD_REBOOT',
      updating_password: 'PASSWORD',
      migrating: 'MIGRATING',
      ...rebuildTasks,
      ...resizeTasks,
    },
  },
  building: { default: 'BUILD', byTask: {} },
  stopped: { default: 'SHUTOFF', byTask: { ...resizeTasks, ...rebuildTasks } },
  resized: { default: 'VERIFY_RESIZE', byTask: { resize_reverting: 'REVERT_RESIZE' } },
  paused: { default: 'PAUSED', byTask: { migrating: 'MIGRATING' } },
  suspended: { default: 'SUSPENDED', byTask: {} },
  rescued: { default: 'RESCUE', byTask: {} },
  error: { default: 'ERROR', byTask: rebuildTasks },
  deleted: { default: 'DELETED', byTask: {} },
  'soft-delete': { default: 'SOFT_DELETED', byTask: {} },
  shelved: { default: 'SHELVED', byTask: {} },
  shelved_offloaded: { default: 'SHELVED_OFFLOADED', byTask: {} },
}

/** The API's `status` of a server. A deleted record is DELETED whatever its states say. */
export function statusOf(server: {
  readonly vmState: VmState
  readonly taskState: TaskState | null
  readonly deleted: boolean
}): string {
  if (server.deleted) return 'DELETED'
  const row = statusRows[server.vmState]
  return (server.taskState && row.byTask[server.taskState]) || row.default
}

/** The vm_states (with the task_states, or all) that can show `status`; empty when there is no such status. */
export function statesShowing(
  status: string,
): readonly { readonly vmState: VmState; readonly taskStates: readonly TaskState[] | 'others' }[] {
  const wanted = status.toUpperCase()
  return vmStates.flatMap(vmState => {
    const row = statusRows[vmState]
    const tasks = (Object.keys(row.byTask) as TaskState[]).filter(task => row.byTask[task] === wanted) // the row's own keys
    const found: { vmState: VmState; taskStates: readonly TaskState[] | 'others' }[] = []
    if (row.default === wanted) found.push({ vmState, taskStates: 'others' })
    if (tasks.length > 0) found.push({ vmState, taskStates: tasks })
    return found
  })
}

/** `progress` is shown only for these statuses. */
export const statusesWithProgress: ReadonlySet<string> = new Set([
  'ACTIVE',
  'BUILD',
  'REBUILD',
  'RESIZE',
  'VERIFY_RESIZE',
  'MIGRATING',
])

/** `fault` is shown only for these. */
export const statusesWithFault: ReadonlySet<string> = new Set(['ERROR', 'DELETED'])

export interface AdmissionRow {
  /** vm_states the action is allowed in; 'any' checks none. */
  readonly vm: readonly VmState[] | 'any'
  /** task_states allowed: null is idle; 'any' checks none. */
  readonly task: readonly (TaskState | null)[] | 'any'
  /** A locked server refuses it, unless an administrator asks; 'as-state': in the words of a wrong state. */
  readonly lock: boolean | 'as-state'
  /** The server must have been started once. */
  readonly launched: boolean
}

const idle = [null] as const
const ordinary = (vm: readonly VmState[], extra: Partial<AdmissionRow> = {}): AdmissionRow => ({
  vm,
  task: idle,
  lock: true,
  launched: true,
  ...extra,
})
const anytime = (extra: Partial<AdmissionRow> = {}): AdmissionRow => ({
  vm: 'any',
  task: 'any',
  lock: true,
  launched: false,
  ...extra,
})

/** Up to 2.19 the shelved ones are refused by the version. */
const withDisks = [
  'active',
  'paused',
  'stopped',
  'resized',
  'soft-delete',
  'shelved',
  'shelved_offloaded',
] as const

/** Consoles are there whatever goes on, but not on the way out and not between two hosts. */
const whileSettled = anytime({
  lock: false,
  task: [null, ...taskStates.filter(task => task !== 'deleting' && task !== 'migrating')],
})

/** nova/compute/api.py, `check_instance_state` and `check_instance_lock` of each method. Order: lock, then state. */
export const admission = {
  resize: ordinary(['active', 'stopped']),
  migrate: ordinary(['active', 'stopped']),
  'os-migrateLive': ordinary(['active', 'paused']),
  abortLiveMigration: anytime({ task: ['migrating'], launched: true }),
  forceCompleteLiveMigration: ordinary(['active'], { task: ['migrating'] }),
  confirmResize: ordinary(['resized']),
  revertResize: ordinary(['resized']),
  softReboot: ordinary(['active']),
  hardReboot: ordinary(['active', 'stopped', 'paused', 'suspended', 'error'], {
    task: [
      null,
      'rebooting',
      'reboot_pending',
      'reboot_started',
      'resuming',
      'rebooting_hard',
      'unpausing',
      'pausing',
      'suspending',
    ],
  }),
  'os-start': ordinary(['stopped']),
  'os-stop': ordinary(['active', 'error']),
  pause: ordinary(['active']),
  unpause: ordinary(['paused']),
  suspend: ordinary(['active']),
  resume: ordinary(['suspended']),
  rescue: ordinary(['active', 'stopped', 'error']),
  unrescue: ordinary(['rescued']),
  rebuild: ordinary(['active', 'stopped', 'error']),
  evacuate: ordinary(['active', 'stopped', 'error'], { lock: false, task: 'any' }),
  shelve: ordinary(['active', 'stopped', 'paused', 'suspended']),
  shelveOffload: ordinary(['shelved']),
  unshelve: ordinary(['shelved', 'shelved_offloaded']),
  createImage: ordinary(['active', 'stopped', 'paused', 'suspended'], { lock: false }),
  createBackup: ordinary(['active', 'stopped', 'paused', 'suspended'], { lock: false }),
  changePassword: ordinary(['active']),
  trigger_crash_dump: ordinary(['active', 'paused', 'rescued', 'resized', 'error']),
  restore: ordinary(['soft-delete'], { lock: 'as-state' }),
  forceDelete: anytime(),
  delete: anytime(),
  lock: anytime({ lock: false }),
  unlock: anytime({ lock: false }),
  'os-resetState': anytime({ lock: false }),
  'os-getConsoleOutput': anytime({ lock: false }),
  addSecurityGroup: anytime({ lock: false }),
  removeSecurityGroup: anytime({ lock: false }),
  attach_interface: ordinary(['active', 'paused', 'stopped']),
  detach_interface: ordinary(['active', 'paused', 'stopped']),
  attach_volume: ordinary(withDisks),
  detach_volume: ordinary(withDisks),
  swap_volume: ordinary(['active', 'paused', 'resized']),
  get_vnc_console: whileSettled,
  get_spice_console: whileSettled,
  get_serial_console: whileSettled,
  get_mks_console: whileSettled,
  get_diagnostics: ordinary(['active'], { lock: false }),
  addFixedIp: anytime(),
  removeFixedIp: anytime(),
  injectNetworkInfo: anytime({ launched: false }),
  updateMetadata: ordinary(['active', 'paused', 'suspended', 'stopped'], { task: 'any', launched: false }),
} as const satisfies Record<string, AdmissionRow>

export type AdmissionName = keyof typeof admission
