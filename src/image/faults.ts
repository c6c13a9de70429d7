// How the image service words a refusal: WebOb's three forms (JSON, HTML, plain text) by what the caller accepts.
// Refusals of the framework get Glance's sentences first.
import { STATUS_CODES } from 'node:http'
import { type Fault, fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import { type WebobForm, webobReply } from '../platform/http/webob.ts'
import type { ImageDeps } from './deps.ts'

export function renderImageFault(refusal: Fault, call: Call<ImageDeps>): Reply {
  const shown = inGlanceWords(refusal, call)
  if (shown.code === 'Unauthenticated') return unauthenticated(shown, call)
  const title = titles[shown.status] ?? STATUS_CODES[shown.status] ?? 'Error'
  return webobReply(formOf(call.request.headers.accept), shown.status, title, shown.message)
}

/** WebOb's titles where node's differ. */
const titles: Readonly<Record<number, string>> = {
  413: 'Request Entity Too Large',
  416: 'Request Range Not Satisfiable',
}

/** Parts of Glance that are not here; everything else unknown is a plain 404. */
const absent = /^\/image\/v2\/(metadefs|tasks|cache|cached_images|queued_images|stores)(\/|$)/

function inGlanceWords(refusal: Fault, call: Call<ImageDeps>): Fault {
  if (refusal.code === 'PolicyDenied')
    return fault('ImageForbidden', { action: String(refusal.params.rule).replace('image:', '') })
  if (refusal.code === 'MalformedBody') return fault('ImageBodyMalformed', {}, { cause: refusal })
  if (refusal.code === 'RouteNotFound' && absent.test(call.request.path))
    return fault('NotImplementedHere', { what: `${call.request.method} ${call.request.path}` })
  return refusal
}

/** keystonemiddleware answers this one, before Glance sees the request. */
const unauthenticated = (refusal: Fault, call: Call<ImageDeps>): Reply => ({
  status: refusal.status,
  json: { error: { code: refusal.status, title: 'Unauthorized', message: refusal.message } },
  contentType: 'application/json',
  headers: { 'WWW-Authenticate': `Keystone uri="${call.request.origin}/identity/v3"` },
})

/**
 * webob.exc, generate_response: HTML is offered before JSON, so that a tie gives HTML. Where nothing is said
 * (openstacksdk sends an empty Accept with its uploads and patches) WebOb answers plain text, whose message the SDK
 * throws away; we answer HTML there, which it reads.
 */
function formOf(header: string | undefined): WebobForm {
  if (header === undefined || header.trim() === '') return 'html'
  const ranges = header.split(',').map(range => {
    const [type = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase())
    const q = parameters.find(parameter => parameter.startsWith('q='))
    return { type, quality: q === undefined ? 1 : Number(q.slice(2)) || 0 }
  })
  const qualityOf = (type: string) =>
    (
      ranges.find(range => range.type === type) ??
      ranges.find(range => range.type === `${type.split('/', 1)[0]}/*`) ??
      ranges.find(range => range.type === '*/*')
    )?.quality ?? 0
  const [html, json] = [qualityOf('text/html'), qualityOf('application/json')]
  if (html === 0 && json === 0) return 'text'
  return json > html ? 'json' : 'html'
}
