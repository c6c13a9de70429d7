// How a failed operation leaves its server: the building blocks of states.md §4.
import { HostError } from '../failures.ts'
import type { ServerPatch } from '../store/servers.ts'
import type { AnyWork } from './work.ts'

/** vm_state stays, task_state goes; the fault is recorded but hidden while the status is not ERROR. */
export async function revertTask(work: AnyWork, error: unknown): Promise<ServerPatch> {
  await work.recordFault(error, work.server.host)
  return {}
}

/** The server ends in ERROR, with the fault shown; as it was, when the host could do nothing or took it all back. */
export async function errorOut(work: AnyWork, error: unknown): Promise<ServerPatch> {
  await work.recordFault(error, work.server.host)
  return leavesAsItWas(error) ? {} : { vm_state: 'error' }
}

/** What a driver says when nothing has changed (nova/compute/manager.py, _error_out_instance_on_exception). */
export const leavesAsItWas = (error: unknown): boolean =>
  error instanceof HostError &&
  ['NotImplementedError', 'InstanceFaultRollback', 'ResizeError'].includes(error.name)
