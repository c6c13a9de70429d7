// What came of it: from what a cloud's own database says where there is one, else from the answer and the lines that
// end an operation. Success needs evidence; that nothing failed is none.
import type { Outcome, TraceEvent } from '../../model/trace.ts'
import type { Facts } from '../../model/trace-facts.ts'
import type { Evidence } from '../evidence.ts'
import type { LogRecord } from '../record.ts'
import { endingOf } from './endings.ts'
import { kindOf } from './kinds.ts'
import { ownIn } from './own.ts'
import { silenceAfter } from './silence.ts'
import { recoveryMark } from './steps.ts'

export interface Judged {
  readonly outcome: Outcome
  readonly isOver: boolean
  /** What was asked: `resize`; `other` when it is not known. */
  readonly kind: string
  /** Answered at once with a refusal. */
  readonly status: number | null
  readonly isRefused: boolean
  readonly isSuperseded: boolean
  /** The event that failed or is being done, where events are known. */
  readonly event: TraceEvent | null
  /** A step known otherwise: of the operation. */
  readonly step: string | null
  /** The records it rests on. */
  readonly records: readonly LogRecord[]
}

export function judge(evidence: Evidence): Judged {
  const call = evidence.calls[0]?.call ?? null
  const access = accessOf(evidence)
  const status = call?.status ?? access?.access?.status ?? null
  const path = access?.access ?? pathOf(call?.operation ?? '')
  const base = {
    kind: evidence.facts?.action?.name ?? kindOf(path, evidence.records.filter(ownIn(evidence))),
    status,
    isRefused: false,
    isSuperseded: false,
    event: null,
    step: null,
    records: [],
    isOver: true,
  }
  if (evidence.facts?.action || evidence.facts?.operation) return { ...base, ...fromFacts(evidence.facts) }
  if (status !== null && status >= 400)
    return { ...base, outcome: 'failed', isRefused: true, records: access ? [access] : [] }
  if (evidence.facts?.fault) return { ...base, outcome: 'failed' }
  return { ...base, ...fromRecords(evidence, base.kind, status, path, access) }
}

/** The record of the answer to the request itself. */
function accessOf({ calls, records, requestId }: Evidence): LogRecord | null {
  const own = calls[0]?.records.find(({ access }) => access !== null)
  return own ?? records.find(record => record.access !== null && record.localId === requestId) ?? null
}

function pathOf(operation: string): { readonly method: string; readonly path: string } | null {
  const [method = '', path = ''] = operation.split(' ')
  return path.startsWith('/') ? { method, path } : null
}

function fromFacts({ action, operation }: Facts): Pick<Judged, 'outcome' | 'isOver'> & Partial<Judged> {
  const events = action?.events ?? []
  const failed = events.findLast(({ result }) => result === 'Error') ?? null
  const pending = events.findLast(({ result }) => result === null) ?? null
  switch (operation?.state) {
    case 'done': {
      // Nova's event of a try is a success whatever happens in it; the last try tells.
      const tried = lastOf(events).findLast(isFailedTry)
      return tried
        ? { outcome: 'failed', isOver: true, event: tried }
        : { outcome: 'succeeded', isOver: true }
    }
    case 'failed':
      return { outcome: 'failed', isOver: true, event: failed, step: operation.step }
    case 'superseded':
      return { outcome: 'failed', isOver: true, isSuperseded: true, event: failed, step: operation.step }
    case 'undoing':
      return { outcome: 'failed', isOver: false, event: failed, step: operation.step }
    case 'accepted':
      return { outcome: 'running', isOver: false, event: pending, step: operation.step }
    case 'running':
      return {
        outcome: operation.isHeld ? 'running' : 'lost',
        isOver: false,
        event: pending,
        step: operation.step,
      }
    case undefined:
      return byEvents(events)
  }
}

const lastOf = (events: readonly TraceEvent[]): readonly TraceEvent[] => [
  ...new Map(events.map(event => [event.name, event])).values(),
]

const isFailedTry = ({ name, result, details }: TraceEvent): boolean =>
  result === 'Success' && details !== null && name !== recoveryMark

/** A later event of the same name is another attempt, and its result counts. */
function byEvents(events: readonly TraceEvent[]): Pick<Judged, 'outcome' | 'isOver'> & Partial<Judged> {
  const last = lastOf(events)
  const failed = last.findLast(({ result }) => result === 'Error') ?? null
  const pending = last.findLast(({ result }) => result === null) ?? null
  if (failed) return { outcome: 'failed', isOver: true, event: failed }
  if (pending) return { outcome: 'running', isOver: false, event: pending }
  return { outcome: events.length > 0 ? 'succeeded' : 'unknown', isOver: true }
}

function fromRecords(
  evidence: Evidence,
  kind: string,
  status: number | null,
  path: { readonly method: string; readonly path: string } | null,
  access: LogRecord | null,
): Pick<Judged, 'outcome' | 'isOver' | 'records'> {
  const shown = access ? [access] : []
  const isAnswer = status !== null && !isAsynchronous(path, status)
  if (isAnswer) return { outcome: 'succeeded', isOver: true, records: shown }
  let last: { readonly means: 'success' | 'failure'; readonly record: LogRecord } | null = null
  for (const record of evidence.records.filter(ownIn(evidence))) {
    const means = endingOf(record, kind)
    if (means) last = { means, record }
  }
  if (last)
    return {
      outcome: last.means === 'success' ? 'succeeded' : 'failed',
      isOver: true,
      records: [...shown, last.record],
    }
  if (status !== null && silenceAfter(evidence)) return { outcome: 'lost', isOver: false, records: shown }
  return { outcome: 'unknown', isOver: false, records: shown }
}

/** The answer is only a promise: 202, the deletion of a server, the attachment of a volume. */
function isAsynchronous(
  path: { readonly method: string; readonly path: string } | null,
  status: number,
): boolean {
  if (status === 202) return true
  if (path?.method === 'DELETE') return /\/servers\/[^/?]{1,80}\/?(?:\?|$)/.test(path.path)
  return path?.method === 'POST' && /\/os-volume_attachments\/?(?:\?|$)/.test(path.path)
}
