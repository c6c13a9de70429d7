// Lines of oslo.log's text formatter, with its default format and the ones operators make of it:
//   2026-11-23 09:30:40.234 24030 INFO nova.compute.manager [None req-… user project - - default default] [instance: …] …
// What is fixed is the order time, level, logger, brackets, message. Hostname, process and thread may stand between
// time and level, in brackets or not.
import { noIds, readContext } from './context.ts'
import { levels } from './levels.ts'
import type { Parsed } from './parsed.ts'
import { isoStamp, type Stamp } from './stamp.ts'

/** Words a custom format may put before the level. */
const wordsBeforeLevelMax = 6
const wordLengthMax = 128
const bracketLengthMax = 1024
const bracketsMax = 3

/** Loggers without a dot that OpenStack's programs have. */
const plainLoggers = new Set(
  (
    'root nova neutron cinder glance keystone placement heat ironic octavia manila barbican designate magnum swift ' +
    'trove sahara mistral zaqar aodh ceilometer gnocchi watcher masakari cyborg stevedore keystonemiddleware ' +
    'keystoneauth oslo_messaging oslo_service oslo_policy oslo_db oslo_concurrency os_brick os_vif amqp urllib3 ' +
    'py privsep eventlet wsgi alembic migrate faultline'
  ).split(' '),
)

const loggerPattern = /^[A-Za-z_][\w-]*(?:\.[\w<>-]+)*$/

export const tracebackBegins = 'Traceback (most recent call last):'

/**
 * Reads a line that begins with oslo.log's prefix; null when it does not. `isPrefixed`: a prefix with a time stood in
 * front, so that the line may do without its own (DevStack under systemd).
 */
export function readOsloText(line: string, isPrefixed: boolean): Parsed | null {
  let stamp = isoStamp(line, 0)
  let at = stamp?.end ?? 0
  if (!stamp && !levelMayBeFirst(line)) {
    // `%(hostname)s` in front.
    const space = line.indexOf(' ')
    if (space <= 0 || space > wordLengthMax) return null
    stamp = isoStamp(line, space + 1)
    if (!stamp) return null
    return readAfterStamp(line, stamp, stamp.end, line.slice(0, space), isPrefixed)
  }
  // `[2026-… ] ` and `2026-…: `
  if (stamp && (line.charCodeAt(at) === 93 || line.charCodeAt(at) === 58)) at++
  return readAfterStamp(line, stamp, at, null, isPrefixed)
}

/** The first letters of the levels: what has another is not worth a look. */
const levelMayBeFirst = (line: string): boolean => {
  const code = line.charCodeAt(0)
  return (
    (code >= 65 && code <= 87 && 'DIWECFTA'.includes(line.charAt(0)) && levels.has(firstWord(line))) ||
    (code === 91 && levels.has(line.slice(1, line.indexOf(']'))))
  )
}
const firstWord = (line: string): string => line.slice(0, Math.max(0, line.slice(0, 12).indexOf(' ')))

function readAfterStamp(
  line: string,
  stamp: Stamp | null,
  from: number,
  before: string | null,
  isPrefixed: boolean,
): Parsed | null {
  let at = from
  let process: number | null = null
  let host = before
  let level: string | undefined
  let written = ''
  let logger: string | null = null
  for (let words = 0; words <= wordsBeforeLevelMax && level === undefined; words++) {
    while (line.charCodeAt(at) === 32) at++
    let end = line.indexOf(' ', at)
    if (end === -1) end = line.length
    if (end === at || end - at > wordLengthMax) return null
    written = bare(line, at, end)
    level = levels.get(written)
    if (level === undefined) {
      if (!stamp) return null
      const code = written.charCodeAt(0)
      // Another time: the first was a collector's.
      if (code >= 48 && code <= 57 && isoStamp(line, at)) return null
      if (code >= 48 && code <= 57 && isWhole(written)) process = Number(written)
      else if (words === 0 && host === null && isHostName(written)) host = written
      else if (isDottedLogger(written)) logger = written
    }
    at = end
  }
  if (level === undefined) return null
  while (line.charCodeAt(at) === 32) at++
  const found = logger === null ? loggerAt(line, at, stamp !== null || isPrefixed) : { logger, end: at }
  if (found) {
    logger = found.logger
    at = found.end
  } else if (!stamp) return null
  return readBrackets(line, at, { stamp, level, written, logger, process, host, isPrefixed })
}

/** A word without the brackets or the colon around it: `[INFO]`, `INFO:`, `(7)`. */
function bare(line: string, from: number, to: number): string {
  const open = line.charCodeAt(from)
  const close = line.charCodeAt(to - 1)
  const start = open === 91 || open === 40 ? from + 1 : from
  const end = close === 93 || close === 41 || close === 58 || close === 44 ? to - 1 : to
  return line.slice(start, end)
}

function isWhole(word: string): boolean {
  if (word.length > 10) return false
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at)
    if (code < 48 || code > 57) return false
  }
  return true
}

const hostPattern = /^[A-Za-z0-9][A-Za-z0-9.-]*$/
const isHostName = (word: string): boolean => hostPattern.test(word) && !isDottedLogger(word)

const isDottedLogger = (word: string): boolean => {
  const dot = word.indexOf('.')
  return dot > 0 && plainLoggers.has(word.slice(0, dot)) && loggerPattern.test(word)
}

/** The logger after the level. Without a dot it counts when it is a known one, or a bracket follows. */
function loggerAt(line: string, at: number, hasTime: boolean): { logger: string; end: number } | null {
  let end = line.indexOf(' ', at)
  if (end === -1) end = line.length
  if (end === at || end - at > wordLengthMax) return null
  const code = line.charCodeAt(at)
  // Ids before the logger, or none at all.
  if (code === 91 && (line.charCodeAt(end - 1) !== 93 || line.charCodeAt(at + 1) === 45)) return null
  const logger = bare(line, at, end)
  const dot = logger.indexOf('.')
  const isFollowed = line.charCodeAt(end) === 32 && line.charCodeAt(end + 1) === 91
  if (dot > 0 ? !(isFollowed || plainLoggers.has(logger.slice(0, dot)) || isNameLike(logger)) : false)
    return null
  if (dot <= 0 && !(isFollowed || (hasTime && plainLoggers.has(logger)))) return null
  return loggerPattern.test(logger) ? { logger, end } : null
}

/** `oslo.messaging._drivers.impl_rabbit`, and not `failed.` or `10.0.0.1`. */
const isNameLike = (word: string): boolean => loggerPattern.test(word)

interface Front {
  readonly stamp: Stamp | null
  readonly level: string
  /** The level as it was written. */
  readonly written: string
  readonly logger: string | null
  readonly process: number | null
  readonly host: string | null
  readonly isPrefixed: boolean
}

function readBrackets(line: string, from: number, front: Front): Parsed | null {
  let at = from
  let ids = noIds
  let hasContext = false
  let serverId: string | null = null
  let hasServer = false
  for (let brackets = 0; brackets < bracketsMax; brackets++) {
    // One space: more of them are the indent of a traceback's line.
    if (line.charCodeAt(at) !== 32 || line.charCodeAt(at + 1) !== 91) break
    const close = line.indexOf(']', at + 2)
    if (close === -1 || close - at > bracketLengthMax) break
    if (!hasServer && line.startsWith('instance: ', at + 2)) {
      serverId = line.slice(at + 12, close)
      hasServer = true
    } else if (!hasContext) {
      const read = readContext(line.slice(at + 2, close))
      if (!read) break
      ids = read
      hasContext = true
    } else break
    at = close + 1
  }
  // Without time and without ids, a level and a word are anything.
  if (!front.stamp && !front.isPrefixed && !hasContext) return null
  const message = line.charCodeAt(at) === 32 ? line.slice(at + 1) : line.slice(at)
  const isTrace = isTraceLine(front.written, hasContext, message)
  return {
    kind: isTrace ? 'trace' : 'head',
    stamp: front.stamp,
    level: isTrace ? 'ERROR' : front.level,
    logger: front.logger,
    process: front.process,
    hasContext,
    globalId: ids.globalId,
    localId: ids.localId,
    userId: ids.userId,
    projectId: ids.projectId,
    serverId,
    host: front.host,
    service: null,
    message,
    traceback: noLines,
    access: null,
  }
}

const noLines: readonly string[] = []

/**
 * logging_exception_prefix has no ids in any release we know of, and says ERROR (TRACE before Pike). Operators who repeat
 * their ids there give themselves away by the text.
 */
const isTraceLine = (written: string, hasContext: boolean, message: string): boolean =>
  (written === 'ERROR' || written === 'TRACE') &&
  (!hasContext || message.startsWith('  ') || message.startsWith(tracebackBegins))
