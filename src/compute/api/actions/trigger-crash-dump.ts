// trigger_crash_dump: the machine goes on being what it is, so that no task_state tells of it.
import { empty, type Reply } from '../../../platform/http/types.ts'
import { accept, checkAdmission } from '../../accept.ts'
import type { ServerRow } from '../../store/servers.ts'
import type { ComputeCall } from '../call.ts'
import { requireHost } from './power.ts'

export async function triggerCrashDump(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'trigger_crash_dump')
  requireHost(server)
  await accept(call, {
    kind: 'trigger_crash_dump',
    action: 'trigger_crash_dump',
    name: 'trigger_crash_dump',
    server,
    patch: {},
    args: {},
  })
  return empty(202)
}
