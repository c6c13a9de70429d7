// Notifications of operations, under the name of the host or the conductor that would send them.
import type { Work } from './work.ts'

export type ServerNotification =
  | 'create'
  | 'delete'
  | 'soft_delete'
  | 'restore'
  | 'shutdown'
  | 'power_off'
  | 'power_on'
  | 'reboot'
  | 'pause'
  | 'unpause'
  | 'suspend'
  | 'resume'
  | 'rescue'
  | 'unrescue'
  | 'resize_prep'
  | 'resize'
  | 'resize_finish'
  | 'resize_confirm'
  | 'resize_revert'
  | 'rebuild'
  | 'shelve'
  | 'shelve_offload'
  | 'unshelve'
  | 'snapshot'

// biome-ignore lint/suspicious/noExplicitAny: works of every operation can tell
type AnyWork = Work<any, any>

/** Sends `instance.<action>.<phase>` for the server as it is now. */
export function tell(
  _work: AnyWork,
  _action: ServerNotification,
  _phase: 'start' | 'end' | 'error',
  _host: string,
  _extra: { readonly error?: unknown } = {},
): void {}
