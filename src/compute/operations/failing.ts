// How a failed operation leaves its server: the building blocks of states.md §4.
import type { ServerPatch } from '../store/servers.ts'
import type { Work } from './work.ts'

// biome-ignore lint/suspicious/noExplicitAny: works of every operation can fail
type AnyWork = Work<any, any>

/** vm_state stays, task_state goes; the fault is recorded but hidden while the status is not ERROR. */
export async function revertTask(work: AnyWork, error: unknown): Promise<ServerPatch> {
  await work.recordFault(error, work.server.host)
  return {}
}

/** The server ends in ERROR, with the fault shown. */
export async function errorOut(work: AnyWork, error: unknown): Promise<ServerPatch> {
  await work.recordFault(error, work.server.host)
  return { vm_state: 'error' }
}
