// The volume service as /os-volumes and /os-snapshots ask it: with the caller's token, in the version Nova uses for
// them, its refusals in Nova's words (nova/volume/cinder.py).
import { isObject } from '../../../base/json.ts'
import { fault } from '../../../model/errors.ts'
import type { ClientReply } from '../../../platform/http/client.ts'
import type { Method } from '../../../platform/http/types.ts'
import { messageOf } from '../../neighbours/http/session.ts'
import type { ComputeCall } from '../call.ts'
import { accepted, askAs } from './ask.ts'

/** What a request is about; named in the 404 when the volume service does not have it. */
export type Subject = { readonly volume: string } | { readonly snapshot: string } | null

export async function askVolumeService(
  call: ComputeCall,
  method: Method,
  path: string,
  subject: Subject,
  body?: unknown,
): Promise<ClientReply> {
  const reply = await askAs(call, 'volumev3', method, path, {
    headers: { 'openstack-api-version': 'volume 3.0' },
    ...(body === undefined ? {} : { body }),
  })
  if (reply.status === 404 && subject)
    throw 'volume' in subject ? fault('VolumeNotFound', subject) : fault('VolumeSnapshotNotFound', subject)
  if (reply.status === 400)
    throw fault('VolumeInputInvalid', { reason: clientError(reply, reply.headers['x-openstack-request-id']) })
  if (reply.status === 413) throw fault('ProxyOverQuota', { reason: messageOf(reply) })
  return accepted(reply)
}

/** As Cinder's client prints what was refused. */
const clientError = (reply: ClientReply, requestId: string | undefined): string =>
  `${messageOf(reply)} (HTTP ${reply.status})${requestId === undefined ? '' : ` (Request-ID: ${requestId})`}`

/**
 * The page asked for, as a query of the volume service. Both services cut a list at the same length, and both take no
 * limit (or one of 0, in Nova alone) for as much as that.
 */
export function pageOf(call: ComputeCall): string {
  const limit = Number(call.query.one('limit') ?? 0)
  const offset = Number(call.query.one('offset') ?? 0)
  const query = new URLSearchParams()
  if (limit > 0) query.append('limit', String(limit))
  if (offset > 0) query.append('offset', String(offset))
  return query.size === 0 ? '' : `?${query}`
}

/** Where a thing of the volume service is: its id comes from a caller. */
export const at = (collection: 'volumes' | 'snapshots', id: string): string =>
  `/${collection}/${encodeURIComponent(id)}`

/** The object below `key`, or nothing. */
export const objectOf = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {})
