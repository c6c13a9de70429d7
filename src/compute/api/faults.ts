// Nova's fault body: one root key chosen by the status, `code` and `message` inside (facts: faults.md §1).
import { type Fault, isFault } from '../../model/errors.ts'
import type { Call } from '../../platform/http/call.ts'
import type { Reply } from '../../platform/http/types.ts'
import { tooLargeReply, webobFormOf, webobReply } from '../../platform/http/webob.ts'

const faultKeys: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  429: 'overLimit',
  501: 'notImplemented',
  503: 'serviceUnavailable',
}

const contentType = 'application/json; charset=UTF-8'

export function renderComputeFault(refusal: Fault, call: Call<unknown>): Reply {
  const { status, message } = refusal
  if (isFault(refusal, 'Unauthenticated'))
    // keystonemiddleware answers before Nova does, in a shape of its own.
    return {
      status,
      json: { error: { code: 401, title: 'Unauthorized', message } },
      headers: { 'WWW-Authenticate': `Keystone uri="${call.request.origin}/identity/v3"` },
    }
  const { accept } = call.request.headers
  if (isFault(refusal, 'BodyTooLarge')) return tooLargeReply(message, accept)
  // Where no route was found it is WebOb that answers.
  if (!call.routed && isFault(refusal, 'RouteNotFound'))
    return webobReply(webobFormOf(accept), status, 'Not Found', message)
  return { status, contentType, json: { [faultKeys[status] ?? 'computeFault']: { code: status, message } } }
}
