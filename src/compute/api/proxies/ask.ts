// Nova's old proxies to the network, image and volume services: asked with the caller's own token, so that those services
// decide what the caller may see and do.
import { fault } from '../../../model/errors.ts'
import type { ClientReply } from '../../../platform/http/client.ts'
import type { Method } from '../../../platform/http/types.ts'
import { messageOf } from '../../neighbours/http/session.ts'
import type { ComputeCall } from '../call.ts'

export type Item = Readonly<Record<string, unknown>>

interface AskOptions {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export const askAs = (
  call: ComputeCall,
  service: 'network' | 'image' | 'volumev3',
  method: Method,
  path: string,
  options: AskOptions = {},
): Promise<ClientReply> =>
  call.deps.client.call(service, {
    method,
    path,
    token: String(call.request.headers['x-auth-token']),
    ids: call,
    log: call.log,
    ...options,
  })

/**
 * The reply, unless it is a refusal: then Nova's, in the service's own words. Nova made one of what is not there, one of
 * what is too much, and one of everything else a caller can get wrong.
 */
export function accepted(reply: ClientReply): ClientReply {
  if (reply.status < 300) return reply
  const reason = messageOf(reply)
  if (reply.status >= 500)
    throw fault('ServiceUnavailable', { reason: `a neighbour answered HTTP ${reply.status}: ${reason}` })
  if (reply.status === 404) throw fault('ProxyNotFound', { reason })
  if (isOverQuota(reply)) throw fault('ProxyOverQuota', { reason })
  throw fault('ProxyRefused', { reason })
}

/** Neutron says so in the type of its error. */
export const isOverQuota = ({ status, text }: ClientReply): boolean =>
  status === 409 && text.includes('"OverQuota"')

/** A page of a list that is cut here, not where it comes from. The schema has checked that they are numbers. */
export function cut<T>(call: ComputeCall, items: readonly T[]): readonly T[] {
  const offset = Number(call.query.one('offset') ?? 0)
  const limit = Number(call.query.one('limit') ?? 0)
  return items.slice(offset, limit === 0 ? undefined : offset + limit)
}
