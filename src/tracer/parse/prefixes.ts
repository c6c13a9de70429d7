// What stands in front of a program's own line: syslog (RFC 3164, RFC 5424, with ISO times), journald's short forms,
// container logs (CRI, compose, kubectl, `docker logs -t`), Apache's error log, grep's file name.
import type { Instant } from '../../base/time.ts'
import type { Prefix } from './parsed.ts'
import { serviceOfFile, serviceOfTag } from './services.ts'
import { isoStamp, monthDayStamp, type Stamp, weekdayStamp } from './stamp.ts'

interface Reading {
  readonly line: string
  /** No line is younger. */
  readonly notAfter: Instant
}

interface PrefixForm {
  readonly name: string
  /** What the first character may be: forms are tried for few lines. */
  readonly begins: RegExp
  readonly read: (reading: Reading) => Prefix | null
}

/** In the order they are tried. */
export const prefixForms: readonly PrefixForm[] = [
  { name: 'syslog, RFC 5424', begins: /^</, read: rfc5424 },
  { name: 'syslog, RFC 3164; journald short, short-precise', begins: /^[<A-Z]/, read: rfc3164 },
  { name: 'Kubernetes (CRI)', begins: /^\d/, read: cri },
  { name: 'a time and a record', begins: /^\d/, read: timeAndRecord },
  { name: 'syslog with ISO times; journald short-iso, short-iso-precise', begins: /^[<\d]/, read: isoSyslog },
  { name: 'journald short-full, with-unit', begins: /^[A-Z]/, read: shortFull },
  { name: 'journald short-unix', begins: /^\d/, read: shortUnix },
  { name: 'docker logs -t', begins: /^\d/, read: timeAlone },
  { name: "Apache's error log", begins: /^\[/, read: apacheError },
  { name: 'kubectl logs --prefix', begins: /^\[/, read: kubectl },
  { name: 'docker compose logs', begins: /^[a-z]/, read: compose },
  { name: 'grep -H', begins: /^[\w./]/, read: grep },
]

/** The outermost prefix of a line; null when it has none. */
export function readPrefix(line: string, notAfter: Instant): Prefix | null {
  const reading = { line, notAfter }
  for (const form of prefixForms) {
    if (!form.begins.test(line)) continue
    const prefix = form.read(reading)
    if (prefix) return prefix
  }
  return null
}

const plain = { stamp: null, host: null, tag: null, process: null, isPartial: false } as const

const priorityPattern = /^<\d{1,3}>/
const afterPriority = (line: string): number => priorityPattern.exec(line)?.[0].length ?? 0

/** ` host tag[123]: ` and its relatives; the tag is optional in RFC 3164, and never here: it says whose line it is. */
const senderPattern = / ([A-Za-z0-9][\w.:-]{0,254}) ([\w@%./()+~-]{1,200}?)(?:\[(\d{1,10})\])?: ?/y

function sender(line: string, stamp: Stamp | null): Prefix | null {
  if (!stamp) return null
  senderPattern.lastIndex = stamp.end
  const match = senderPattern.exec(line)
  if (!match) return null
  const [, host = '', tag = '', process] = match
  return {
    stamp,
    host,
    tag,
    process: process === undefined ? null : Number(process),
    isPartial: false,
    rest: unescaped(line.slice(senderPattern.lastIndex)),
  }
}

/** rsyslog writes controls inside a message as `#` and three octal digits; a tab and a newline mean something. */
const unescaped = (text: string): string =>
  text.includes('#0') ? text.replaceAll('#012', '\n').replaceAll('#011', '\t') : text

function rfc3164({ line, notAfter }: Reading): Prefix | null {
  return sender(line, monthDayStamp(line, afterPriority(line), notAfter))
}

function isoSyslog({ line }: Reading): Prefix | null {
  return sender(line, isoStamp(line, afterPriority(line)))
}

function shortFull({ line }: Reading): Prefix | null {
  const weekday = /^[A-Z][a-z]{2} /.test(line)
  return weekday ? sender(line, isoStamp(line, 4)) : null
}

function shortUnix({ line }: Reading): Prefix | null {
  const match = /^(\d{9,11})\.(\d{6}) /.exec(line)
  if (!match) return null
  const wall = Number(match[1]) * 1000 + Math.floor(Number(match[2]) / 1000)
  return sender(line, { wall, offset: 0, end: match[0].length - 1 })
}

const rfc5424Pattern = /^<\d{1,3}>1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) \S{1,32} /
/** Structured data beyond this is taken for text. */
const structuredLengthMax = 8_192
const elementPattern = /\[[^ =\]"]{1,32}(?: [^ =\]"]{1,32}="(?:[^"\\]|\\.)*")*\]/y

function rfc5424({ line }: Reading): Prefix | null {
  const match = rfc5424Pattern.exec(line)
  if (!match) return null
  const [whole, time = '', host = '', tag = '', process = ''] = match
  let at = whole.length
  if (line[at] === '-') at++
  else {
    const front = line.slice(0, structuredLengthMax)
    for (let end = at; ; end = elementPattern.lastIndex) {
      elementPattern.lastIndex = end
      if (!elementPattern.test(front)) break
      at = elementPattern.lastIndex
    }
  }
  if (line[at] === ' ') at++
  return {
    stamp: isoStamp(time, 0),
    host: host === '-' ? null : host,
    tag: tag === '-' ? null : tag,
    process: /^\d{1,10}$/.test(process) ? Number(process) : null,
    isPartial: false,
    rest: unescaped(line.slice(at)),
  }
}

function cri({ line }: Reading): Prefix | null {
  const stamp = isoStamp(line, 0)
  if (!stamp) return null
  const match = /^ std(?:out|err) ([FP])(?::\S*)? ?/.exec(line.slice(stamp.end, stamp.end + 32))
  if (!match) return null
  return { ...plain, stamp, isPartial: match[1] === 'P', rest: line.slice(stamp.end + match[0].length) }
}

/** Two times in front of each other, or one in front of what is a record without it. */
function timeAndRecord({ line }: Reading): Prefix | null {
  const stamp = isoStamp(line, 0)
  if (!stamp || line.charCodeAt(stamp.end) !== 32) return null
  const rest = line.slice(stamp.end + 1)
  const isRecord = isoStamp(rest, 0) !== null || rest.startsWith('{"') || rest.startsWith('[pid: ')
  return isRecord ? { ...plain, stamp, rest } : null
}

/** In UTC, before whatever the program wrote. */
function timeAlone({ line }: Reading): Prefix | null {
  const stamp = isoStamp(line, 0)
  return stamp?.offset === 0 && line.charCodeAt(stamp.end) === 32
    ? { ...plain, stamp, rest: line.slice(stamp.end + 1) }
    : null
}

const apachePattern = /^\[([A-Z][a-z]{2} [^\]]{10,40})\] ((?:\[[^\]]{0,80}\] ){1,5})/

function apacheError({ line }: Reading): Prefix | null {
  const match = apachePattern.exec(line)
  if (!match) return null
  const [whole, time = '', brackets = ''] = match
  const stamp = weekdayStamp(time)
  const process = /\[pid (\d{1,10})/.exec(brackets)?.[1]
  return stamp
    ? {
        ...plain,
        stamp,
        process: process === undefined ? null : Number(process),
        rest: line.slice(whole.length),
      }
    : null
}

function kubectl({ line }: Reading): Prefix | null {
  const match = /^\[pod\/([^\]/ ]{1,253})\/([^\]/ ]{1,63})\] /.exec(line)
  return match ? { ...plain, tag: match[2] ?? null, rest: line.slice(match[0].length) } : null
}

function compose({ line }: Reading): Prefix | null {
  const match = /^([a-z][\w.-]{0,127}) +\| /.exec(line)
  const tag = match?.[1]?.replace(/[-_]\d+$/, '')
  return match && tag && serviceOfTag(tag) ? { ...plain, tag, rest: line.slice(match[0].length) } : null
}

function grep({ line }: Reading): Prefix | null {
  const match = /^([\w./@-]{1,255}\.log(?:\.\d{1,4})?)[:-](?:\d{1,10}[:-])?(?=\d{4}-)/.exec(line)
  if (!match) return null
  const { service, host } = serviceOfFile(match[1] ?? '')
  return { ...plain, tag: service, host, rest: line.slice(match[0].length) }
}
