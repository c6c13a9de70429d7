// HAProxy's HTTP log (`option httplog`), usually behind a syslog prefix:
//   10.0.0.1:53422 [23/Nov/2026:09:30:40.123] front~ nova_api/ctl1 0/0/1/15/16 200 1234 - - ---- 10/2/0/0/0 0/0
//   "GET /v2.1/servers HTTP/1.1"
import { requestOf } from './access.ts'
import { nothingParsed, type Parsed } from './parsed.ts'
import { requestIdsIn } from './request-ids.ts'
import { accessStamp } from './stamp.ts'

const frontPattern = /^(\S{1,80}):\d{1,5} \[/
/** Frontend, backend/server, five timers of which the last is the whole, status. */
const answerPattern = /^\] \S{1,80} \S{1,160} -?\d+\/-?\d+\/-?\d+\/-?\d+\/\+?(\d+) (\d{3}) /

export function readHaproxy(text: string): Parsed | null {
  const front = frontPattern.exec(text)
  const stamp = front && accessStamp(text, front[0].length)
  if (!front || !stamp) return null
  const answer = answerPattern.exec(text.slice(stamp.end, stamp.end + 400))
  const open = text.indexOf('"', stamp.end)
  const close = open === -1 ? -1 : text.lastIndexOf('"')
  const request = close > open ? requestOf(text.slice(open + 1, close)) : null
  if (!answer || !request) return null
  return {
    ...nothingParsed,
    ...requestIdsIn(text.slice(0, open) + text.slice(close)),
    stamp,
    level: 'INFO',
    message: text,
    access: {
      ...request,
      status: Number(answer[2]),
      microversion: null,
      durationMs: Number(answer[1]),
      remoteAddress: front[1] ?? null,
    },
  }
}
