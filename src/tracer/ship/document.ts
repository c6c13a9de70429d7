// A record as a document. parse/json-line.ts reads it back as it was, so that a trace from Elasticsearch is the trace from
// the files.
import { isoMillis } from '../../base/time.ts'
import type { CauseCode } from '../../model/causes.ts'
import { exceptionLines } from '../explain/exceptions.ts'
import { findIn } from '../explain/findings.ts'
import type { LogRecord } from '../record.ts'
import type { FieldName } from './fields.ts'
import { stepOf } from './step.ts'

export type Outcome = 'succeeded' | 'refused' | 'failed'
export type Document = { readonly [name in FieldName]?: string | number }

export function documentOf(record: LogRecord): Document {
  const { access, place } = record
  const step = stepOf(record)
  return present({
    '@timestamp': record.at === null ? null : isoMillis(record.at),
    message: record.message,
    levelname: record.level,
    name: record.logger,
    service: record.service,
    hostname: record.host,
    process: record.process,
    request_id: record.localId,
    global_request_id: record.globalId,
    user_id: record.userId,
    project_id: record.projectId,
    instance_uuid: record.serverId,
    traceback: record.traceback.length === 0 ? null : record.traceback.join('\n'),
    outcome: access ? outcomeOf(access.status) : null,
    cause: causeOf(record),
    step: step?.step ?? null,
    took_ms: step?.tookMs ?? null,
    method: access?.method ?? null,
    path: access?.path ?? null,
    status: access?.status ?? null,
    microversion: access?.microversion ?? null,
    remote_address: access?.remoteAddress ?? null,
    file: place.file,
    offset: place.offset,
  })
}

type Values = { readonly [name in FieldName]: string | number | null }

const present = (values: Values): Document =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))

export const outcomeOf = (status: number): Outcome =>
  status < 400 ? 'succeeded' : status < 500 ? 'refused' : 'failed'

/** Where nothing went wrong nothing is looked for: rules are many, and most lines are calm. */
const mayTell =
  /fail|error|exception|refus|denied|not found|unable|invalid|no valid|exceed|cannot|could not|timed? ?out/i

/** The nearest cause that the rules of the verdict see in one record. */
function causeOf(record: LogRecord): CauseCode | null {
  const { level, message, traceback } = record
  if (level === 'DEBUG' || level === null) return null
  if (level === 'INFO' && traceback.length === 0 && !mayTell.test(message.slice(0, 500))) return null
  return findIn([message, ...exceptionLines(traceback)], record)[0]?.cause ?? null
}
