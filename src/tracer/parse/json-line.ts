// Lines that are one JSON object: oslo.log's JSON and fluentd formatters as they are or as a collector stores them, and
// envelopes around a line of text: docker's json-file, `journalctl -o json`, Filebeat, Fluent Bit, Logstash, an export
// of an index.
import { isObject } from '../../base/json.ts'
import type { Access } from '../record.ts'
import { type Fields, first, flattened, lines, number, text } from './json-fields.ts'
import { levelOf } from './levels.ts'
import { readOsloText } from './oslo-text.ts'
import { nothingParsed, type Parsed, type Prefix } from './parsed.ts'
import { serviceNamed, serviceOfFile, serviceOfTag } from './services.ts'
import { isoStamp, type Stamp } from './stamp.ts'

/** A record, or what stands around a line of text. */
export type JsonLine =
  | { readonly parsed: Parsed; readonly prefix: Prefix | null }
  | { readonly parsed: null; readonly prefix: Prefix }

/** Reads a line that is a JSON object; null when it is none, or none of a log. */
export function readJsonLine(line: string): JsonLine | null {
  if (line.charCodeAt(0) !== 123) return null
  const end = line.trimEnd()
  if (end.charCodeAt(end.length - 1) !== 125) return null
  let value: unknown
  try {
    value = JSON.parse(end)
  } catch {
    return null
  }
  return isObject(value) ? readFields(flattened(value)) : null
}

/** Names a field goes by, the surest first; dots stand for objects in objects. */
const names = {
  message: [
    'message',
    'MESSAGE',
    'Payload',
    'payload',
    '@message',
    'log.message',
    'log',
    'msg',
    'Body',
    'body',
  ],
  level: [
    'levelname',
    'level',
    'log_level',
    'loglevel',
    'log.level',
    'severity_label',
    'severity',
    'Severity',
    'SeverityText',
    'levelno',
  ],
  logger: ['python_module', 'logger_name', 'log.logger', 'logger', 'name', 'Logger', 'module'],
  time: ['asctime', 'time', 'Timestamp', 'timestamp', 'log.time', 'log.asctime'],
  /** When a collector took it. */
  collected: ['@timestamp', 'date'],
  host: [
    'hostname',
    'Hostname',
    'host.name',
    'host.hostname',
    'host',
    '_HOSTNAME',
    'log.hostname',
    'kubernetes.host',
    'kubernetes.node.name',
    'agent.hostname',
    'beat.hostname',
  ],
  service: [
    'programname',
    'program',
    'service.name',
    'service',
    'container_name',
    'kubernetes.container_name',
    'kubernetes.container.name',
    'container.name',
    'SYSLOG_IDENTIFIER',
    '_SYSTEMD_UNIT',
    'syslog_identifier',
    'appname',
    'uwsgi_name',
    'binary',
  ],
  process: ['process', 'Pid', 'pid', 'process.pid', '_PID', 'SYSLOG_PID', 'process_id'],
  file: ['log.file.path', 'source', 'path', 'file', 'filepath', 'filename_path'],
  localId: ['context.request_id', 'request_id', 'extra.request_id', 'RequestId', 'req_id'],
  globalId: ['context.global_request_id', 'global_request_id'],
  userId: ['context.user_id', 'context.user', 'user_id', 'user'],
  projectId: [
    'context.project_id',
    'context.project',
    'context.tenant',
    'project_id',
    'tenant_id',
    'project',
  ],
  server: [
    'extra.instance.uuid',
    'extra.instance',
    'extra.instance_uuid',
    'instance_uuid',
    'instance_id',
    'instance.uuid',
    'instance',
    'context.resource_uuid',
    'resource_uuid',
  ],
  traceback: ['traceback', 'Traceback', 'error.stack_trace', 'stack_trace', 'exc_text', 'exception'],
  summary: ['error_summary'],
} as const

/** A request, as our own shipper and the pipelines in deploy/elk have taken it apart. */
function accessIn(fields: Fields): Access | null {
  const status = number(fields.get('status'))
  const method = text(fields.get('method'))
  const path = text(fields.get('path'))
  if (status === null || method === null || path === null) return null
  return {
    method,
    path,
    status,
    microversion: text(fields.get('microversion')),
    durationMs: number(fields.get('took_ms')),
    remoteAddress: text(fields.get('remote_address')),
  }
}

function readFields(fields: Fields): JsonLine | null {
  const message = lines(first(fields, names.message))
  if (message === null) return null
  const level = levelIn(fields)
  // A line in oslo.log's own words knows more than what was made of it.
  const isEnvelope = level === null || (isoStamp(message, 0) !== null && readOsloText(message, true) !== null)
  return isEnvelope
    ? { parsed: null, prefix: envelope(fields, message) }
    : { parsed: record(fields, message, level), prefix: collector(fields) }
}

function levelIn(fields: Fields): string | null {
  for (const name of names.level) {
    const value = fields.get(name)
    if (typeof value === 'string') {
      const level = levelOf(value)
      if (level !== null) return level
    } else if (typeof value === 'number') {
      // Python's numbers; those of other programs (pino) are no multiples that mean the same.
      const level = byNumber[value]
      if (level !== undefined) return level
    }
  }
  return null
}
const byNumber: Readonly<Record<number, string>> = {
  10: 'DEBUG',
  20: 'INFO',
  30: 'WARNING',
  40: 'ERROR',
  50: 'CRITICAL',
}

function envelope(fields: Fields, message: string): Prefix {
  const file = text(first(fields, names.file))
  const named = file === null ? null : serviceOfFile(file)
  const process = number(first(fields, names.process))
  // docker leaves out the newline of a line that goes on (it cuts at 16 KiB).
  const isDocker = fields.has('stream') && fields.has('log')
  return {
    stamp: collectedAt(fields) ?? stampIn(fields),
    host: text(first(fields, names.host)) ?? named?.host ?? null,
    tag: serviceIn(fields) ?? named?.service ?? text(first(fields, names.service)),
    process,
    isPartial: isDocker && !message.endsWith('\n') && message.length >= dockerPartLength,
    rest: message.endsWith('\n') ? message.slice(0, -1) : message,
  }
}
const dockerPartLength = 16_000

/** What a record does not say itself: its time, or the zone of it. */
function collector(fields: Fields): Prefix | null {
  const stamp = collectedAt(fields)
  return stamp ? { stamp, host: null, tag: null, process: null, isPartial: false, rest: '' } : null
}

function record(fields: Fields, message: string, level: string): Parsed {
  const summary = text(first(fields, names.summary))
  const traced = lines(first(fields, names.traceback))
  // As the text formatter appends it, so that both tell the same.
  const isTold = summary === null || summary === '' || message.includes(summary)
  const server = /^\[instance: ([^\]]{1,255})\] /.exec(message)
  return {
    ...nothingParsed,
    stamp: stampIn(fields),
    level,
    logger: text(first(fields, names.logger)),
    process: number(first(fields, names.process)),
    hasContext: true,
    globalId: requestId(text(first(fields, names.globalId))),
    localId: requestId(text(first(fields, names.localId))),
    userId: known(text(first(fields, names.userId))),
    projectId: known(text(first(fields, names.projectId))),
    serverId: server?.[1] ?? serverIn(fields),
    host: text(first(fields, names.host)),
    service: serviceIn(fields),
    message: (server ? message.slice(server[0].length) : message) + (isTold ? '' : `: ${summary}`),
    traceback: traced === null || traced === 'None' ? [] : traced.split('\n'),
    access: accessIn(fields),
  }
}

const known = (word: string | null): string | null =>
  word === null || word === '' || word === '-' || word === 'None' ? null : word
const requestId = (word: string | null): string | null => (word?.startsWith('req-') ? word : null)

/** A service's name, or what tells it: a command line, the path of a file. */
function serviceIn(fields: Fields): string | null {
  for (const name of names.service) {
    const value = text(fields.get(name))
    const service = value === null ? null : (serviceNamed(value) ?? serviceOfTag(value))
    if (service !== null) return service
  }
  for (const word of (text(fields.get('cmdline')) ?? '').split(' ', 4)) {
    const service = serviceNamed(word.slice(word.lastIndexOf('/') + 1))
    if (service !== null) return service
  }
  return null
}

const uuidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i

/** The server's id: alone, in an object, in JSON or in Python's words for one (`Instance(…,uuid=…)`). */
function serverIn(fields: Fields): string | null {
  for (const name of names.server) {
    const value = text(fields.get(name))
    if (value === null) continue
    const named = /uuid['"]?\s?[=:]\s?['"]?([0-9a-f-]{36})/i.exec(value)?.[1]
    const id = named ?? uuidPattern.exec(value)?.[0]
    if (id !== undefined) return id.toLowerCase()
  }
  return null
}

function stampIn(fields: Fields): Stamp | null {
  const created = number(fields.get('created'))
  const own = created === null ? stampOf(fields, names.time) : utc(created * 1000)
  if (!own) return null
  // oslo.log's asctime has seconds, and `msecs` the rest.
  const msecs = number(fields.get('msecs'))
  const isWhole = own.wall % 1000 === 0
  return isWhole && msecs !== null && msecs < 1000 ? { ...own, wall: own.wall + Math.floor(msecs) } : own
}

function collectedAt(fields: Fields): Stamp | null {
  // systemd: microseconds since the epoch.
  const journal = number(first(fields, ['_SOURCE_REALTIME_TIMESTAMP', '__REALTIME_TIMESTAMP']))
  return journal === null ? stampOf(fields, names.collected) : utc(journal / 1000)
}

function stampOf(fields: Fields, of: readonly string[]): Stamp | null {
  for (const name of of) {
    const value = fields.get(name)
    const epoch = typeof value === 'number' ? utc(value > epochMsLeast ? value : value * 1000) : null
    const stamp = typeof value === 'string' ? isoStamp(value, 0) : epoch
    if (stamp) return stamp
  }
  return null
}

/** Numbers above are milliseconds; as seconds they would be in the year 5138. */
const epochMsLeast = 1e11
const timeMax = 8.64e15

const utc = (ms: number): Stamp | null =>
  Math.abs(ms) <= timeMax ? { wall: Math.floor(ms), offset: 0, end: 0 } : null
