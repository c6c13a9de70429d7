// What would become of a create: compute says, by the checks and the scheduler a real one meets.
import { isObject } from '../base/json.ts'
import type { ClientReply } from '../platform/http/client.ts'
import type { Method, Reply } from '../platform/http/types.ts'
import { json } from '../platform/http/types.ts'
import type { TraceCall } from './traces.ts'
import { refusalView } from './views.ts'

/** Where a server of a flavor would go now, and why not elsewhere. */
export async function foreseePlacement(call: TraceCall): Promise<Reply> {
  call.enforce('trace:placement:show')
  const reply = await ask(call, 'GET', `/placement?${call.request.search}`)
  return reply.status < 300 ? json(200, reply.body) : refusalView(reply.status, refusalOf(reply))
}

/** A create's dry run: the refusal it would be answered with at once, or the hosts it would find. */
export async function foreseeServers(call: TraceCall): Promise<Reply> {
  call.enforce('trace:servers:foresee')
  const reply = await ask(call, 'POST', '/servers', call.body)
  // A cloud that fails says nothing about the request.
  if (reply.status >= 500 && reply.status !== 501) return refusalView(reply.status, refusalOf(reply))
  return reply.status < 300
    ? json(200, { refusal: null, ...(reply.body as object) }) // our own answer: an object
    : json(200, { refusal: { status: reply.status, message: refusalOf(reply) }, servers: 0, placement: [] })
}

function ask(call: TraceCall, method: Method, path: string, body?: unknown): Promise<ClientReply> {
  const { headers } = call.request
  const version = headers['openstack-api-version']
  return call.deps.client.call('foresight', {
    method,
    path,
    ...(body === undefined ? {} : { body }),
    headers: { 'openstack-api-version': typeof version === 'string' ? version : 'compute latest' },
    token: String(headers['x-auth-token']), // the caller is known by it
    ids: call,
    log: call.log,
  })
}

function refusalOf({ body, status }: ClientReply): string {
  const inner = isObject(body) ? Object.values(body)[0] : undefined
  return isObject(inner) && typeof inner.message === 'string' ? inner.message : `compute answered ${status}`
}
