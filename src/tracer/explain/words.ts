// The verdict in words: `resize of vm1 failed at cold_migrate: …`.
import type { TraceEvent, Verdict } from '../../model/trace.ts'
import type { Evidence } from '../evidence.ts'
import type { LogRecord } from '../record.ts'
import type { Judged } from './outcome.ts'
import type { Chosen } from './root.ts'
import { weights } from './rules/rule.ts'
import { innerEvents, recoveryMark, stepOf } from './steps.ts'

export function wordVerdict(evidence: Evidence, judged: Judged, chosen: Chosen): Verdict {
  const step = stepIn(evidence, judged, chosen)
  return {
    outcome: judged.outcome,
    sentence: sentenceOf(evidence, judged, chosen, step),
    step,
    cause: chosen.cause,
    also: chosen.also,
    isOver: judged.isOver,
    next: nextOf(judged, chosen),
    evidence: evidenceOf(evidence, judged, chosen),
  }
}

function stepIn(
  { records, facts }: Evidence,
  { outcome, event, step, isRefused, ...judged }: Judged,
  chosen: Chosen,
) {
  if (outcome === 'succeeded' || outcome === 'unknown') return null
  // Where the cause was said: what came after it failed because of it.
  const origin = outcome === 'failed' ? originOf(chosen, facts?.action?.events ?? []) : null
  if (origin) return origin
  if (event) return event.name
  if (step !== null) return step
  // A try that failed is no failed event: with none left, the last one is where it ended.
  const last =
    outcome === 'failed' ? facts?.action?.events.findLast(({ name }) => name !== recoveryMark) : null
  if (last) return last.name
  const [root] = chosen.findings
  if (isRefused) return judged.records[0]?.service ?? root?.record?.service ?? null
  // The root first, then what it led to, then whatever says a step, from the end.
  const at = root?.record ? records.indexOf(root.record) : 0
  for (const record of [...records.slice(Math.max(at, 0)), ...records.toReversed()]) {
    const named = stepOf(record)
    if (named !== null) return named
  }
  return root?.record?.service ?? judged.records.at(-1)?.service ?? null
}

/** Where it was said first; an event around another says the same. */
function originOf({ findings }: Chosen, events: readonly TraceEvent[]): string | null {
  const first = findings.find(({ event, weight }) => event !== null && weight !== weights.wrapper)?.event
  if (!first) return null
  const inner = innerEvents[first.name]
  return events.some(({ name }) => name === inner) ? (inner ?? first.name) : first.name
}

function sentenceOf(evidence: Evidence, judged: Judged, { cause }: Chosen, step: string | null): string {
  const what = subjectOf(evidence, judged)
  const operation = evidence.facts?.operation
  const waits = operation?.state === 'accepted' ? (operation.waitsFor ?? null) : null
  const why = cause ? `: ${cause.found}` : ''
  const at = step === null ? '' : ` at ${step}`
  switch (judged.outcome) {
    case 'succeeded':
      return `${what} succeeded`
    case 'failed':
      return judged.isRefused
        ? `${what} ${(judged.status ?? 0) < 500 ? 'was refused' : 'failed'} with ${judged.status}${why}`
        : `${what} failed${at}${why}${judged.isOver ? '' : '; it is being undone'}`
    case 'running':
      return waits === null ? `${what} is running${at}` : `${what} has not begun: it waits for ${waits}`
    case 'lost':
      return `${what} is lost${at}${why}`
    case 'unknown':
      return `how ${what} ended cannot be told from what was read`
  }
}

function subjectOf({ calls, facts, serverId }: Evidence, { kind, isRefused }: Judged): string {
  const id = facts?.server?.id ?? facts?.action?.serverId ?? serverId
  const server = facts?.server?.name ?? (id === null ? null : `server ${id}`)
  const operation = calls[0]?.call.operation
  if (kind === 'other' || isRefused)
    return operation ?? (server === null ? 'the request' : `the request for ${server}`)
  return server === null ? kind : `${kind} of ${server}`
}

function nextOf({ outcome }: Judged, { cause }: Chosen): string {
  if (cause) return cause.remedy
  switch (outcome) {
    case 'succeeded':
      return 'Nothing: it is done.'
    case 'running':
      return 'Wait, then look again.'
    case 'lost':
      return 'Look at the state of the server, then ask again.'
    case 'failed':
      return 'Look at the lines below: no rule knows what they say.'
    case 'unknown':
      return 'Read more: the logs of the hosts, or the same at DEBUG.'
  }
}

const shownMax = 200
const evidenceMax = 8

function evidenceOf({ facts }: Evidence, judged: Judged, { findings }: Chosen): string[] {
  const events = (facts?.action?.events ?? [])
    .filter(
      ({ result, details }) => result !== 'Success' || details !== null || judged.outcome === 'succeeded',
    )
    .map(({ name, result, details }) => `event ${name}: ${details ?? result ?? 'pending'}`)
  const fault = facts?.fault ? [`fault: ${facts.fault.message}`] : []
  const records = [...new Set([...findings.flatMap(({ record }) => record ?? []), ...judged.records])]
  return [...events, ...fault, ...records.map(lineOf)].slice(0, evidenceMax)
}

/** `nova-conductor (compute1) 09:30:40.234: Failed to …` */
export function lineOf({ service, host, at, message }: LogRecord): string {
  const where = host === null ? service : `${service} (${host})`
  const when = at === null ? '' : ` ${new Date(at).toISOString().slice(11, 23)}`
  const [line = ''] = message.split('\n')
  return `${where}${when}: ${line.length > shownMax ? `${line.slice(0, shownMax)}…` : line}`
}
