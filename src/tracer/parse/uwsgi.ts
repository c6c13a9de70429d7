// uWSGI's request lines, as its default log format writes them:
//   [pid: 24030|app: 0|req: 420/843] 127.0.0.1 () {32 vars in 793 bytes} [Mon Nov 23 09:30:56 2026] GET /v2.1/servers
//   => generated 316 bytes in 16 msecs (HTTP/1.1 200) 9 headers in 357 bytes (1 switches on core 0)
// The time is that of the request's beginning.
import { nothingParsed, type Parsed } from './parsed.ts'
import { requestIdsIn } from './request-ids.ts'
import { weekdayStamp } from './stamp.ts'

const frontPattern =
  /^\[pid: (\d{1,10})\|app: [^|\]]{1,16}\|req: [^\]]{1,40}\] (\S{0,200}) \([^)]{0,200}\) \{[^}]{0,80}\} \[([^\]]{1,40})\] (\S{1,32}) /
const backPattern = / => generated \d+ bytes in (\d+) (m|micro)?secs \(HTTP\/[\d.]+ (\d{3})\)(.*)$/

export function readUwsgi(text: string): Parsed | null {
  if (!text.startsWith('[pid: ')) return null
  const front = frontPattern.exec(text)
  const arrow = text.lastIndexOf(' => generated ')
  const back = arrow === -1 ? null : backPattern.exec(text.slice(arrow))
  if (!front || !back) return null
  const [whole, process = '', remoteAddress = '', time = '', method = ''] = front
  const [, took = '', unit, status = '', tail = ''] = back
  return {
    ...nothingParsed,
    ...requestIdsIn(tail),
    stamp: weekdayStamp(time),
    level: 'INFO',
    process: Number(process),
    message: text,
    access: {
      method,
      path: text.slice(whole.length, arrow),
      status: Number(status),
      microversion: null,
      durationMs: unit === 'm' ? Number(took) : unit === 'micro' ? Number(took) / 1000 : Number(took) * 1000,
      remoteAddress: remoteAddress || null,
    },
  }
}
