// What was asked, as far as the action tells it: for requests whose request line no log file has any more.
import type { Trace } from '../model/trace.ts'
import type { KnownRequest } from '../model/trace-facts.ts'

/** The trace with what only the action knows of its request. */
export function asAsked(trace: Trace, request: KnownRequest): Trace {
  const { method, path, status } = trace.request
  const told = { ...trace.request, globalId: trace.request.globalId ?? request.globalId }
  // A deletion may be either of two requests; every other action is an action's body, but for create.
  if (method !== null || request.action === 'delete') return { ...trace, request: told }
  const asked = request.action === 'create' ? '/servers' : `/servers/${request.serverId}/action`
  return {
    ...trace,
    request: { ...told, method: 'POST', path: path ?? asked, status: status ?? 202 },
  }
}
