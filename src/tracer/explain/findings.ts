// What the rules find in the evidence: one finding a text and cause, in the order of time.
import type { CauseCode } from '../../model/causes.ts'
import type { TraceEvent } from '../../model/trace.ts'
import type { Evidence } from '../evidence.ts'
import type { LogRecord } from '../record.ts'
import { causeAt, exceptionOf, readTry } from './by-step.ts'
import { exceptionLines, textMax } from './exceptions.ts'
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
}

type Said = Pick<LogRecord, 'service' | 'logger'>

/** Loggers that repeat bodies and commands: what stands there was said elsewhere, or may be meant otherwise. */
const quoting = /^(?:keystoneauth|urllib3|requests|oslo_concurrency\.lockutils|oslo_service\.periodic)/

export function findingsIn({ records, facts }: Evidence): readonly Finding[] {
  const found = records.flatMap((record, order) =>
    record.logger !== null && quoting.test(record.logger)
      ? []
      : findIn([record.message, ...exceptionLines(record.traceback)], record).map(finding => ({
          ...finding,
          order,
          record,
          event: null,
        })),
  )
  const after = records.length
  const told = (facts?.action?.events ?? []).flatMap((event, index) =>
    ofEvent(event).map(finding => ({ ...finding, order: after + index, record: null, event })),
  )
  const fault = facts?.fault
    ? findIn([facts.fault.message], null).map(finding => ({
        ...finding,
        order: after + told.length,
        record: null,
        event: null,
      }))
    : []
  return [...found, ...told, ...fault]
}

/** A success with details is a try that may have been made again elsewhere. */
function ofEvent(event: TraceEvent): readonly Match[] {
  const { name, details, result, traceback } = event
  if (result === 'Success' && details === null) return []
  const tried = details === null ? null : readTry(details)
  const said = tried ? exceptionOf(tried) : (details ?? '')
  const matches = findIn([said, ...exceptionLines(traceback)], null)
  const [first] = matches
  if (first && first.weight !== weights.generic) return matches
  // Known by its form alone, or not at all: where it happened says more.
  const cause = first && first.cause !== 'Bug.Unexpected' ? null : causeAt(name, tried?.phase ?? null)
  if (cause === null || (details ?? '') === '') return matches
  return [{ cause, found: details ?? '', weight: weights.generic }, ...matches]
}

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
  return rules.flatMap(rule => {
    if (rule.where && !(said && isSaidThere(rule.where, said))) return []
    const match = rule.match.exec(text)
    return match ? [{ cause: rule.cause, found: wordsOf(rule, match), weight: rule.weight }] : []
  })
}

const isSaidThere = (where: readonly string[], { service, logger }: Said): boolean =>
  where.some(start => service.startsWith(start) || (logger?.startsWith(start) ?? false))

export const wordsOf = (rule: Rule, match: RegExpExecArray): string =>
  (rule.found?.replace(/\{(\w+)\}/g, (_, name: string) => match.groups?.[name]?.trim() ?? '') ?? match[0])
    .trim()
    .replace(/[\s.:;,]+$/, '')
