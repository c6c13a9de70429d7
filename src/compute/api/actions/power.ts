// start, stop, reboot, pause, unpause, suspend, resume: a state check, a task_state, an operation.

import { fault } from '../../../model/errors.ts'
import type { ActionName } from '../../../model/events.ts'
import type { AdmissionName, TaskState } from '../../../model/server-states.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { accept, checkAdmission } from '../../accept.ts'
import type { ServerRow } from '../../store/servers.ts'
import type { ComputeCall } from '../call.ts'

interface PowerAction {
  /** The key of the body, as conflicts name it. */
  readonly name: AdmissionName
  readonly kind: ActionName
  readonly task: TaskState
}

const powerAction =
  ({ name, kind, task }: PowerAction) =>
  async (call: ComputeCall, server: ServerRow): Promise<Reply> => {
    checkAdmission(call, server, name)
    requireHost(server)
    await accept(call, { kind, action: kind, name, server, patch: { task_state: task }, args: {} })
    return empty(202)
  }

/** Refuses (409) a server no host has. */
export function requireHost(server: ServerRow): string {
  if (server.host === null) throw fault('ServerNotReady', { server: server.id })
  return server.host
}

export const start = powerAction({ name: 'os-start', kind: 'start', task: 'powering-on' })
export const stop = powerAction({ name: 'os-stop', kind: 'stop', task: 'powering-off' })
export const pause = powerAction({ name: 'pause', kind: 'pause', task: 'pausing' })
export const unpause = powerAction({ name: 'unpause', kind: 'unpause', task: 'unpausing' })
export const suspend = powerAction({ name: 'suspend', kind: 'suspend', task: 'suspending' })
export const resume = powerAction({ name: 'resume', kind: 'resume', task: 'resuming' })

export async function reboot(
  call: ComputeCall,
  server: ServerRow,
  value: { readonly type: string },
): Promise<Reply> {
  const type = value.type.toUpperCase() === 'SOFT' ? 'SOFT' : 'HARD'
  checkAdmission(call, server, type === 'SOFT' ? 'softReboot' : 'hardReboot', 'reboot')
  requireHost(server)
  await accept(call, {
    kind: 'reboot',
    action: 'reboot',
    name: 'reboot',
    server,
    patch: { task_state: type === 'SOFT' ? 'rebooting' : 'rebooting_hard' },
    args: { type },
  })
  return empty(202)
}
