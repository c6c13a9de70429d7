// Replies of WebOb, which answers for several services where their own code is not asked: no route, a body too large.
import type { Reply } from './types.ts'

export type WebobForm = 'json' | 'html' | 'text'

/** What is said, in one of WebOb's three forms (webob/exc.py, WSGIHTTPException). */
export function webobReply(form: WebobForm, status: number, title: string, sentence: string): Reply {
  const line = `${status} ${title}`
  switch (form) {
    case 'json':
      return { status, json: { message: `${sentence}<br /><br />\n\n\n`, code: line, title } }
    case 'html':
      return {
        status,
        contentType: 'text/html; charset=UTF-8',
        text: `<html>\n <head>\n  <title>${line}</title>\n </head>\n <body>\n  <h1>${line}</h1>\n  ${escapeHtml(sentence)}<br /><br />\n\n\n\n </body>\n</html>`,
      }
    case 'text':
      return {
        status,
        contentType: 'text/plain; charset=UTF-8',
        text: `${line}\n\n${sentence}\n\n   `,
      }
  }
}

/** The form an Accept header asks for (facts: faults.md §1.2); plain text when there is none. */
export function webobFormOf(accept: string | undefined): WebobForm {
  if (accept?.includes('application/json')) return 'json'
  return accept?.includes('text/html') || accept?.includes('*/*') ? 'html' : 'text'
}

/** oslo_middleware/sizelimit.py refuses a body before the service sees the request. */
export const tooLargeReply = (sentence: string, accept: string | undefined): Reply =>
  webobReply(webobFormOf(accept), 413, 'Request Entity Too Large', sentence)

// Quotes need no escape between tags, and clients that only strip the tags print them as they are.
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
const escapeHtml = (text: string) => text.replace(/[&<>]/g, char => entities[char]!) // every matched char is a key
