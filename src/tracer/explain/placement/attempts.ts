// The lines of the scheduler that tell of one attempt to find a host, gathered attempt by attempt.
// nova/scheduler/manager.py, host_manager.py, nova/filters.py; before Stein filter_scheduler.py.
import type { LogRecord } from '../../record.ts'
import { type HostRefusal, hostRefusal } from './host-lines.ts'

export interface FilterStep {
  readonly filter: string
  readonly start: number
  readonly end: number
  /** Hosts that passed, where the line names them. */
  readonly passed: readonly string[] | null
}

export interface Attempt {
  readonly at: number | null
  readonly ignored: readonly string[]
  /** Hosts were forced, or one was asked for, and none of the candidates is it. */
  readonly mismatched: string | null
  readonly noCandidates: boolean
  readonly start: number | null
  readonly steps: readonly FilterStep[]
  readonly refusals: readonly HostRefusal[]
  readonly claimsFailed: boolean
  readonly chosen: readonly string[]
  readonly sum: string | null
  readonly isOver: boolean
}

const none: Attempt = {
  at: null,
  ignored: [],
  mismatched: null,
  noCandidates: false,
  start: null,
  steps: [],
  refusals: [],
  claimsFailed: false,
  chosen: [],
  sum: null,
  isOver: false,
}

type Reader = (
  attempt: Attempt,
  groups: Readonly<Record<string, string | undefined>>,
) => Partial<Attempt> | 'new'

/** Each line: what it adds to the attempt; `new` when it can only belong to a new one. */
const lines: readonly (readonly [match: RegExp, read: Reader])[] = [
  [/^Starting to schedule for instances/, attempt => (isFresh(attempt) ? {} : 'new')],
  [
    /^Host filter ignoring hosts: (?<hosts>[^\n]{0,2000})/,
    (attempt, { hosts = '' }) =>
      attempt.isOver || attempt.ignored.length > 0 || attempt.start !== null || attempt.steps.length > 0
        ? 'new'
        : { ignored: namesIn(hosts) },
  ],
  [
    /^No hosts matched due to not matching (?<what>'force_(?:hosts|nodes)' value of '[^'\n]{0,255}'|[^\n]{1,255})/,
    (attempt, { what = '' }) => (attempt.isOver ? 'new' : { mismatched: what, isOver: true }),
  ],
  [
    /^Got no allocation candidates from the Placement API/,
    attempt => (attempt.isOver ? 'new' : { noCandidates: true, isOver: true }),
  ],
  [
    /^Starting with (?<count>\d{1,9}) host\(s\)/,
    (attempt, { count }) => (attempt.isOver || attempt.start !== null ? 'new' : { start: Number(count) }),
  ],
  [
    /^Filter (?<filter>\w{1,80}) returned (?<count>\d{1,9}) hosts?(?:\(s\))?/,
    (attempt, { filter = '', count }) => {
      const before = attempt.steps.at(-1)
      if (attempt.isOver || before?.filter === filter) return {}
      const start = before?.end ?? attempt.start
      if (start === null) return {}
      return { steps: [...attempt.steps, { filter, start, end: Number(count), passed: null }] }
    },
  ],
  [
    /^Filtering removed all hosts for the request with [^\n]{1,120}?Filter results: (?<results>\[[^\n]{0,3900})/,
    (attempt, { results = '' }) => ({ ...withResults(attempt, results), isOver: true }),
  ],
  [
    /^(?:Unable to successfully claim against any host|There are \d{1,9} hosts available but \d{1,9} instances requested)/,
    () => ({ claimsFailed: true, isOver: true }),
  ],
  [
    /^Selected host: \((?<host>[^,()\s]{1,255}), /,
    (attempt, { host = '' }) => ({ chosen: [...attempt.chosen, host], isOver: true }),
  ],
  [
    /^(?<sum>(?:\d{1,9} of \d{1,9} servers fit; then )?0 of \d{1,9} hosts can take [^\n]{1,3900})/,
    (_, { sum = '' }) => ({ sum, isOver: true }),
  ],
  [
    /^(?:Failed to compute_task_\w{1,40}: |Failed to schedule instances: )[^\n]{0,200}No valid host/,
    attempt => (isFresh(attempt) ? {} : { isOver: true }),
  ],
]

const isFresh = ({ at: _, ...attempt }: Attempt): boolean => {
  const { at: __, ...empty } = none
  return JSON.stringify(attempt) === JSON.stringify(empty)
}

const namesIn = (text: string): string[] =>
  text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')

export interface ReadAttempts {
  readonly attempts: readonly Attempt[]
  readonly records: readonly LogRecord[]
}

export function attemptsIn(records: readonly LogRecord[]): ReadAttempts {
  const attempts: Attempt[] = []
  const used: LogRecord[] = []
  let open: Attempt = none
  const keep = (): void => {
    if (!isFresh(open)) attempts.push(open)
    open = none
  }
  for (const record of records) {
    const refusal = hostRefusal(record.message)
    if (refusal) {
      open = { ...open, at: open.at ?? record.at, refusals: [...open.refusals, refusal] }
      used.push(record)
      continue
    }
    for (const [match, read] of lines) {
      const groups = match.exec(record.message)?.groups ?? (match.test(record.message) ? {} : null)
      if (!groups) continue
      let added = read(open, groups)
      if (added === 'new') {
        keep()
        added = read(none, groups)
      }
      if (added !== 'new') open = { ...open, ...added, at: open.at ?? record.at }
      used.push(record)
      break
    }
  }
  keep()
  return { attempts, records: used }
}

const countPattern = /'(?<filter>\w{1,80}): \(start: (?<start>\d{1,9}), end: (?<end>\d{1,9})\)'/g
const namesPattern =
  /\(u?'(?<filter>\w{1,80})', (?<hosts>None|\[(?:\(u?'[^']{0,255}', u?'[^']{0,255}'\)(?:, )?){0,2000}\])\)/g
const pairPattern = /\(u?'([^']{0,255})', u?'[^']{0,255}'\)/g

/** Counts at INFO, names at DEBUG; each adds what the other has not. */
function withResults(attempt: Attempt, results: string): Partial<Attempt> {
  const counted = [...results.matchAll(countPattern)].map(({ groups = {} }) => ({
    filter: groups.filter ?? '',
    start: Number(groups.start),
    end: Number(groups.end),
    passed: null,
  }))
  if (counted.length > 0) {
    const named = new Map(attempt.steps.map(step => [step.filter, step.passed]))
    const steps = counted.map(step => ({ ...step, passed: named.get(step.filter) ?? null }))
    return { steps, start: counted[0]?.start ?? attempt.start }
  }
  const passed = [...results.matchAll(namesPattern)].map(({ groups = {} }) => ({
    filter: groups.filter ?? '',
    hosts: [...(groups.hosts ?? '').matchAll(pairPattern)].map(([, host = '']) => host),
  }))
  if (passed.length === 0) return {}
  let start = attempt.start ?? passed[0]?.hosts.length ?? 0
  const steps = passed.map(({ filter, hosts }) => {
    const step = { filter, start, end: hosts.length, passed: hosts }
    start = hosts.length
    return step
  })
  return { steps, start: attempt.start ?? steps[0]?.start ?? null }
}
