// What was asked, from a path or from what the services say while they do it. Actions of servers have one path for all,
// and no log has their bodies below DEBUG.
import type { Access, LogRecord } from '../record.ts'

const saidKinds = [
  [
    'create',
    /^(?:Attempting claim|Took [\d.]{1,12} seconds to build instance|Failed to compute_task_build_instances|Failed to schedule instances)/,
  ],
  [
    'live-migration',
    /^(?:Took [\d.]{1,12} seconds for pre_live_migration|Live Migration failure|Live migration failed|_post_live_migration\(\)|Failed to compute_task_live_migrate|Failed to compute_task_migrate_server: Migration pre-check|Migration operation has)/,
  ],
  ['revertResize', /^(?:Updating instance to original state|Swapping old allocation)/],
  [
    'resize',
    /^(?:Migrating$|Failed to compute_task_migrate_server|Failed to compute_task_prep_resize|Failed to compute_task_resize_instance)/,
  ],
  ['unshelve', /^(?:Unshelving|No valid host found for unshelve|Failed to compute_task_unshelve)/],
  ['shelve', /^Shelv(?:ing|e offloading)/],
  ['rebuild', /^(?:Rebuilding instance|Failed to compute_task_rebuild_server)/],
  ['evacuate', /^(?:Evacuating instance|Recreating instance)/],
  ['reboot', /^Rebooting instance/],
  ['delete', /^Terminating instance/],
  ['createImage', /^(?:instance snapshotting|Beginning (?:live|cold) snapshot process)/],
  ['pause', /^Pausing$/],
  ['unpause', /^Unpausing$/],
  ['resume', /^Resuming$/],
  ['suspend', /^Suspending$/],
  ['rescue', /^Rescuing$/],
  ['unrescue', /^Unrescuing$/],
  ['attach_volume', /^Attaching volume /],
  ['detach_volume', /^Detaching volume /],
] as const

/** The body of an action as nova-api says it at DEBUG: `Action: 'action', calling method: …, body: {"resize": …`. */
const bodyKinds = {
  resize: 'resize',
  migrate: 'migrate',
  confirmResize: 'confirmResize',
  revertResize: 'revertResize',
  'os-migrateLive': 'live-migration',
  'os-start': 'start',
  'os-stop': 'stop',
  evacuate: 'evacuate',
} as const
const actionBody = /calling method: [\s\S]{0,400}body: \{"(?<key>[\w-]{1,60})"/

export type Kind = (typeof saidKinds)[number][0] | (typeof bodyKinds)[keyof typeof bodyKinds] | 'other'

const isBodyKey = (key: string): key is keyof typeof bodyKinds => key in bodyKinds

/** Our own conductor names the action it ends. */
const ownEnd = /^(?<kind>[a-zA-Z]{1,40}) (?:failed at \w{1,60}|is done$)/

/** What was asked for: a kind, or an action of our own; `other` when nothing tells. */
export function kindOf(
  access: Pick<Access, 'method' | 'path'> | null,
  records: readonly LogRecord[],
): string {
  if (access?.method === 'POST' && /\/servers\/?(?:\?|$)/.test(access.path)) return 'create'
  if (access?.method === 'DELETE' && /\/servers\/[^/?]{1,80}(?:\?|$)/.test(access.path)) return 'delete'
  if (access?.method === 'POST' && /\/os-volume_attachments\/?$/.test(access.path)) return 'attach_volume'
  for (const { message } of records) {
    const key = actionBody.exec(message)?.groups?.key
    if (key !== undefined && isBodyKey(key)) return bodyKinds[key]
  }
  for (const { message, logger } of records) {
    const own = logger === 'nova.conductor.manager' ? ownEnd.exec(message)?.groups?.kind : undefined
    if (own !== undefined) return own
  }
  for (const { message } of records)
    for (const [kind, match] of saidKinds) if (match.test(message)) return kind
  return 'other'
}
