// Nova's fault body: one root key chosen by the status, `code` and `message` inside (facts: faults.md §1).
import { type Fault, isFault } from '../../model/errors.ts'
import type { Call } from '../../platform/http/call.ts'
import type { Reply } from '../../platform/http/types.ts'

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
  if (!call.routed && isFault(refusal, 'RouteNotFound')) return unrouted(call)
  return { status, contentType, json: { [faultKeys[status] ?? 'computeFault']: { code: status, message } } }
}

/** Where no route was found it is webob that answers Nova's caller, in the form the Accept header asks for. */
function unrouted(call: Call<unknown>): Reply {
  const sentence = 'The resource could not be found.'
  const accept = String(call.request.headers.accept ?? '')
  if (accept.includes('application/json'))
    return {
      status: 404,
      json: { message: `${sentence}<br /><br />\n\n\n`, code: '404 Not Found', title: 'Not Found' },
    }
  if (accept.includes('text/html') || accept.includes('*/*'))
    return {
      status: 404,
      contentType: 'text/html; charset=UTF-8',
      text: `<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  ${sentence}<br /><br />\n\n\n\n </body>\n</html>`,
    }
  return {
    status: 404,
    contentType: 'text/plain; charset=UTF-8',
    text: `404 Not Found\n\n${sentence}\n\n   `,
  }
}
