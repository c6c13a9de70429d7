// What compute's own user (`nova`, project `service`) is answered by the other services.
import { isObject } from '../../../base/json.ts'
import { fault } from '../../../model/errors.ts'
import type { ClientReply } from '../../../platform/http/client.ts'
import type { Session as ServiceSession } from '../../../platform/http/session.ts'

export type Session = ServiceSession

/** Throws ServiceUnavailable unless the status is one of `ok`. */
export function expect(reply: ClientReply, service: string, ...ok: readonly number[]): ClientReply {
  if (ok.includes(reply.status)) return reply
  throw fault('ServiceUnavailable', {
    reason: `${service} answered HTTP ${reply.status}: ${messageOf(reply)}`,
  })
}

/** The sentence in an error body of any of the services. */
export function messageOf(reply: ClientReply): string {
  const { body, text } = reply
  if (isObject(body)) {
    const inner = isObject(body.NeutronError)
      ? body.NeutronError
      : Array.isArray(body.errors)
        ? body.errors[0]
        : isObject(body.error)
          ? body.error
          : Object.values(body)[0]
    if (isObject(inner)) return String(inner.message ?? inner.detail ?? '')
    if (typeof body.message === 'string') return plain(body.message) // webob's form
  }
  return plain(text)
}

const plain = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200)

/** The object under `key` of a reply's body. */
export function part(reply: ClientReply, key: string): Record<string, unknown> {
  const found = isObject(reply.body) ? reply.body[key] : undefined
  if (!isObject(found)) throw fault('ServiceUnavailable', { reason: `an answer has no ${key}` })
  return found
}

/** The list under `key` of a reply's body. */
export function list(reply: ClientReply, key: string): readonly Record<string, unknown>[] {
  const found = isObject(reply.body) ? reply.body[key] : undefined
  return Array.isArray(found) ? found.filter(isObject) : []
}
