// Access lines in the common and combined formats (Apache, nginx), with what operators put around and behind them:
//   127.0.0.1 - - [23/Nov/2026:09:30:40 +0000] "GET /identity/v3 HTTP/1.1" 200 1234 "-" "python-keystoneclient" req-…
import { requestOf } from './access.ts'
import { nothingParsed, type Parsed } from './parsed.ts'
import { requestIdsIn } from './request-ids.ts'
import { accessStamp } from './stamp.ts'

/** What may stand before the time: addresses of several proxies, a virtual host, a user. */
const frontLengthMax = 1024

/** Status and bytes; then microseconds, when a quoted field follows (kolla's format: `%b %D "%{Referer}i"`). */
const answerPattern = /^" (\d{3}) (?:\d+|-)(?: (\d+) ")?/

export function readApache(text: string): Parsed | null {
  const bracket = text.slice(0, frontLengthMax).indexOf(' [')
  if (bracket === -1) return null
  const stamp = accessStamp(text, bracket + 2)
  if (!stamp || !text.startsWith('] "', stamp.end)) return null
  const open = stamp.end + 3
  const close = closingQuote(text, open)
  const request = close === -1 ? null : requestOf(text.slice(open, close))
  const answer = close === -1 ? null : answerPattern.exec(text.slice(close, close + 64))
  if (!request || !answer) return null
  return {
    ...nothingParsed,
    ...requestIdsIn(text.slice(0, bracket) + text.slice(close)),
    stamp,
    level: 'INFO',
    message: text,
    access: {
      ...request,
      status: Number(answer[1]),
      microversion: null,
      durationMs: answer[2] === undefined ? null : Number(answer[2]) / 1000,
      remoteAddress: text.slice(0, bracket).split(' ').find(isAddress) ?? null,
    },
  }
}

/** Apache and nginx escape quotes inside a request. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from)
  while (at !== -1 && text.charCodeAt(at - 1) === 92) at = text.indexOf('"', at + 1)
  return at
}

const isAddress = (word: string): boolean =>
  /^(?:\d{1,3}\.){3}\d{1,3}$|^[0-9a-fA-F]*:[0-9a-fA-F:.]+$/.test(word)
