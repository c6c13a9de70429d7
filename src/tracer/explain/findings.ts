// What the rules find in the evidence: one finding a text and cause, in the order of time.
import type { CauseCode } from '../../model/causes.ts'
import type { TraceEvent } from '../../model/trace.ts'
import type { Evidence } from '../evidence.ts'
import type { LogRecord } from '../record.ts'
import { causeAt, exceptionOf, readTry } from './by-step.ts'
import { exceptionLines, textMax } from './exceptions.ts'
import { besideOf, ownIn } from './own.ts'
import { needlesOf } from './rules/needles.ts'
import { type Rule, weights } from './rules/rule.ts'
import { rules } from './rules/table.ts'

export interface Finding {
  readonly cause: CauseCode
  /** What was found, in one clause; may name hosts. */
  readonly found: string
  readonly weight: number
  /** Its place in the order of time; what facts say comes after the records. */
  readonly order: number
  readonly record: LogRecord | null
  readonly event: TraceEvent | null
  /**
   * Refused by one service to another, which is often expected, and tried again another way: a caller that could not
   * go on says so itself.
   */
  readonly isCalleeRefusal: boolean
}

const searched = rules.map(rule => ({ rule, needles: needlesOf(rule.match) }))

type Said = Pick<LogRecord, 'service' | 'logger'>

/** Loggers that repeat bodies and commands: what stands there was said elsewhere, or may be meant otherwise. */
const quoting = /^(?:keystoneauth|urllib3|requests|oslo_concurrency\.lockutils|oslo_service\.periodic)/

export function findingsIn(evidence: Evidence): readonly Finding[] {
  const { records, facts } = evidence
  const isOwn = ownIn(evidence)
  const own = records.flatMap((record, order) => (isOwn(record) ? foundIn(record, order, evidence) : []))
  const isNear = besideOf(
    evidence,
    own.flatMap(({ record }) => record ?? []),
  )
  const beside = records.flatMap((record, order) =>
    !isOwn(record) && isNear(record) ? foundIn(record, order, evidence) : [],
  )
  const found = [...own, ...beside]
  const after = records.length
  const told = (facts?.action?.events ?? []).flatMap((event, index) =>
    ofEvent(event).map(finding => ({
      ...finding,
      order: after + index,
      record: null,
      event,
      isCalleeRefusal: false,
    })),
  )
  const fault = facts?.fault
    ? findIn([facts.fault.message], compute).map(finding => ({
        ...finding,
        order: after + told.length,
        record: null,
        event: null,
        isCalleeRefusal: false,
      }))
    : []
  return [...found, ...told, ...fault]
}

/** Facts are compute's words. */
const compute: Said = { service: 'nova', logger: null }

/** A success with details is a try that may have been made again elsewhere. */
function ofEvent(event: TraceEvent): readonly Match[] {
  const { name, details, result, traceback } = event
  if (result === 'Success' && details === null) return []
  const tried = details === null ? null : readTry(details)
  const said = tried ? exceptionOf(tried) : (details ?? '')
  const matches = findIn([said, ...exceptionLines(traceback)], compute)
  const [first] = matches
  if (first && first.weight !== weights.generic) return matches
  // Known by its form alone, or not at all: where it happened says more.
  const cause = first && first.cause !== 'Bug.Unexpected' ? null : causeAt(name, tried?.phase ?? null)
  if (cause === null || (details ?? '') === '') return matches
  return [{ cause, found: details ?? '', weight: weights.generic }, ...matches]
}

function foundIn(record: LogRecord, order: number, { calls, requestId }: Evidence): Finding[] {
  if (record.logger !== null && quoting.test(record.logger)) return []
  const isCallee = record.localId !== (calls[0]?.call.localId ?? requestId)
  const isCalleeRefusal = isCallee && refusal.test(record.message)
  return findIn([record.message, ...exceptionLines(record.traceback)], record).map(finding => ({
    ...finding,
    order,
    record,
    event: null,
    isCalleeRefusal,
  }))
}

const refusal = /^HTTP exception thrown: |failed \(client error\): /

type Match = Pick<Finding, 'cause' | 'found' | 'weight'>

/** The heaviest cause of the texts said together, and the lighter ones it came wrapped in. */
export function findIn(texts: readonly string[], said: Said | null): readonly Match[] {
  const matches = texts.flatMap(text => (text === '' ? [] : matchesIn(text.slice(0, textMax), said)))
  const [first, ...rest] = matches.sort((a, b) => b.weight - a.weight)
  if (!first) return []
  const wrappers = rest.filter(({ weight }) => weight < first.weight && weight !== weights.generic)
  return [first, ...wrappers.filter(({ cause }, index) => cause !== wrappers[index - 1]?.cause)]
}

function matchesIn(text: string, said: Said | null): Match[] {
  const inLowerCase = text.toLowerCase()
  return searched.flatMap(({ rule, needles }) => {
    if (needles && !needles.some(needle => inLowerCase.includes(needle))) return []
    if (rule.where && !(said && isSaidThere(rule.where, said))) return []
    const match = rule.match.exec(text)
    return match ? [{ cause: rule.cause, found: wordsOf(rule, match), weight: rule.weight }] : []
  })
}

const isSaidThere = (where: readonly string[], { service, logger }: Said): boolean =>
  where.some(start => service.startsWith(start) || (logger?.startsWith(start) ?? false))

/** The words of the rule; what follows a colon is left out when the text has none of it. */
export function wordsOf({ found }: Rule, match: RegExpExecArray): string {
  if (found === undefined) return trimmed(match[0])
  const fill = (part: string) => part.replace(/\{(\w+)\}/g, (_, name: string) => match.groups?.[name] ?? '')
  const [head = '', tail] = found.split(/(?=: [^:]*\{)/)
  const names = [...(tail ?? '').matchAll(/\{(\w+)\}/g)]
  const isSaid = names.some(([, name = '']) => (match.groups?.[name] ?? '').trim() !== '')
  return trimmed(fill(tail !== undefined && isSaid ? head + tail : head))
}

const trimmed = (text: string): string =>
  text
    .replace(/ {2,}/g, ' ')
    .trim()
    .replace(/[\s.:;,]+$/, '')
