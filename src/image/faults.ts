// How the image service words a refusal: WebOb's three forms (JSON, HTML, plain text) by what the caller accepts.
// Refusals of the framework get Glance's sentences first.
import { STATUS_CODES } from 'node:http'
import { type Fault, fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import type { ImageDeps } from './deps.ts'

export function renderImageFault(refusal: Fault, call: Call<ImageDeps>): Reply {
  const shown = inGlanceWords(refusal, call)
  if (shown.code === 'Unauthenticated') return unauthenticated(shown, call)
  const title = titles[shown.status] ?? STATUS_CODES[shown.status] ?? 'Error'
  const status = `${shown.status} ${title}`
  switch (accepted(call.request.headers.accept)) {
    case 'json':
      return {
        status: shown.status,
        json: { message: `${shown.message}<br /><br />\n\n\n`, code: status, title },
        contentType: 'application/json',
      }
    case 'html':
      return {
        status: shown.status,
        text: html(status, shown.message),
        contentType: 'text/html; charset=UTF-8',
      }
    case 'text':
      return {
        status: shown.status,
        text: `${status}\n\n${shown.message}\n\n   `,
        contentType: 'text/plain; charset=UTF-8',
      }
  }
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
function accepted(header: string | undefined): 'html' | 'json' | 'text' {
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

const html = (status: string, message: string) =>
  `<html>\n <head>\n  <title>${status}</title>\n </head>\n <body>\n  <h1>${status}</h1>\n  ${escapeHtml(message)}<br /><br />\n\n\n\n </body>\n</html>`

// Quotes need no escape between tags, and clients that only strip the tags print them as they are.
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escapeHtml = (text: string) => text.replace(/[&<>]/g, char => entities[char]!) // every matched char is a key
