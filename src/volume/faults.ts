// How the volume service words a refusal (cinder/api/openstack/wsgi.py, Fault): one key that follows from the status.
import { type Fault, fault, isFault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import { tooLargeReply } from '../platform/http/webob.ts'
import type { VolumeDeps } from './deps.ts'

const faultKeys: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  405: 'badMethod',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  501: 'notImplemented',
  503: 'serviceUnavailable',
}

export function renderVolumeFault(refusal: Fault, call: Call<VolumeDeps>): Reply {
  if (isFault(refusal, 'BodyTooLarge')) return tooLargeReply(refusal.message, call.request.headers.accept)
  // The route is there, in other versions.
  const shown =
    isFault(refusal, 'RouteNotFound') && call.routed && call.version
      ? fault('VolumeRouteVersion', { version: call.version.text })
      : refusal
  const { status, message } = shown
  return {
    status,
    json: {
      [faultKeys[status] ?? 'computeFault']: {
        code: status,
        message,
        ...(status === 413 ? { retryAfter: '0' } : {}),
      },
    },
    contentType: 'application/json; charset=UTF-8',
    ...(status === 413 ? { headers: { 'Retry-After': '0' } } : {}),
  }
}
