// An instance action as a trace: its events, and a verdict as far as they go.
import {
  type Outcome,
  type Summary,
  type Trace,
  type TraceEvent,
  traceFormat,
  type Verdict,
} from '../../../model/trace.ts'
import { asItems, type Item, itemOf, textOf } from '../../item.ts'

export function traceOf(handle: string, server: Item, action: Item): Trace {
  const events = eventsOf(action)
  const requestId = textOf(action, 'request_id')
  const serverId = textOf(server, 'id')
  const name = textOf(server, 'name') || null
  const ends = events.flatMap(event => event.finishedAt ?? [])
  const finishedAt = ends.length === events.length ? (ends.toSorted().at(-1) ?? null) : null
  const own = {
    userId: textOf(action, 'user_id') || null,
    projectId: textOf(action, 'project_id') || null,
    startedAt: instant(action.start_time),
  }
  return {
    format: traceFormat,
    handle,
    view: 'owner',
    source: "the cloud's compute API (os-instance-actions)",
    request: {
      ...own,
      localId: requestId,
      globalId: null,
      service: null,
      method: null,
      path: null,
      status: null,
      microversion: null,
      endedAt: finishedAt,
    },
    server: { id: serverId, name },
    verdict: verdictOf(server, action, events),
    calls: [],
    action: {
      ...own,
      name: textOf(action, 'action'),
      requestId,
      serverId,
      finishedAt,
      message: textOf(action, 'message') || null,
      events,
    },
    placement: [],
    logs: [],
    gaps: [
      {
        kind: 'silent-service',
        service: null,
        count: null,
        text: `This cloud has no trace service: calls, hosts and logs are not known. Whoever has its logs sees them with: faultline trace ${requestId} --logs DIR`,
      },
    ],
  }
}

export function summaryOf(server: Item, action: Item): Summary {
  const verdict = verdictOf(server, action, eventsOf(action))
  return {
    requestId: textOf(action, 'request_id'),
    globalId: null,
    at: instant(action.start_time),
    what: `${textOf(action, 'action')} ${textOf(server, 'name') || textOf(server, 'id')}`,
    outcome: verdict.outcome,
    cause: null,
    serverId: textOf(server, 'id'),
    userId: textOf(action, 'user_id') || null,
    projectId: textOf(action, 'project_id') || null,
    sentence: verdict.sentence,
  }
}

/** Events of the list come newest first; here they stand as they began. */
function eventsOf(action: Item): readonly TraceEvent[] {
  const items = [...asItems(action.events)].sort((a, b) =>
    textOf(a, 'start_time').localeCompare(textOf(b, 'start_time')),
  )
  const attempts = new Map<string, number>()
  return items.map((item): TraceEvent => {
    const name = textOf(item, 'event')
    const attempt = (attempts.get(name) ?? 0) + 1
    attempts.set(name, attempt)
    const traceback = textOf(item, 'traceback').trimEnd()
    return {
      name,
      startedAt: instant(item.start_time),
      finishedAt: instant(item.finish_time),
      result: item.result === 'Success' || item.result === 'Error' ? item.result : null,
      attempt,
      host: textOf(item, 'host') || null,
      details: textOf(item, 'details') || null,
      traceback: traceback === '' ? [] : traceback.split('\n'),
      waitsFor: null,
    }
  })
}

function verdictOf(server: Item, action: Item, events: readonly TraceEvent[]): Verdict {
  const what = `The ${textOf(action, 'action')} of ${textOf(server, 'name') || textOf(server, 'id')}`
  const pending = events.find(event => event.finishedAt === null)
  // A step that failed and was done again is no failure: the last of each name tells.
  const last = new Map(events.map(event => [event.name, event]))
  const failures = [...last.values()].filter(event => event.result === 'Error')
  const failed = failures.find(event => event.details !== null) ?? failures[0]
  const why = failed?.details ?? faultAfter(server, instant(action.start_time))
  const base = { cause: null, also: [], evidence: [] }
  const isBusy = typeof server['OS-EXT-STS:task_state'] === 'string'
  if (failed || (events.length === 0 && action.message === 'Error'))
    return {
      ...base,
      outcome: 'failed',
      step: failed?.name ?? null,
      sentence: why === null ? `${what} failed.` : `${what} failed: ${why}`,
      isOver: pending === undefined,
      next: 'Ask whoever has the logs of this cloud, with the id of the request.',
      evidence: failed ? [`event ${failed.name}: Error`] : ['the message of the action'],
    }
  if (pending || (events.length === 0 && isBusy))
    return {
      ...base,
      outcome: isBusy ? 'running' : 'unknown',
      step: pending?.name ?? null,
      sentence: isBusy
        ? `${what} is being done.`
        : `${what} has a step that has no end, and nothing is being done to the server.`,
      isOver: false,
      next: isBusy
        ? 'Wait, or follow it with --follow.'
        : 'Ask whoever has the logs of this cloud, with the id of the request.',
    }
  const outcome: Outcome = events.length > 0 ? 'succeeded' : 'unknown'
  return {
    ...base,
    outcome,
    step: null,
    sentence:
      events.length > 0 ? `${what} succeeded.` : `${what} left no failure; its steps are not shown to you.`,
    isOver: true,
    next:
      events.length > 0 ? 'Nothing.' : `Look at the server: faultline server show ${textOf(server, 'id')}`,
  }
}

/** The server's fault, where it came after the action began. */
function faultAfter(server: Item, startedAt: string | null): string | null {
  const fault = itemOf(server, 'fault')
  const created = instant(fault.created)
  if (created === null || startedAt === null || created < startedAt) return null
  return textOf(fault, 'message') || null
}

/** Nova writes UTC without saying so: `2026-11-23T09:30:39.000000`. */
function instant(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const at = Date.parse(/Z|[+-]\d{2}:\d{2}$/.test(value) ? value : `${value}Z`)
  return Number.isNaN(at) ? null : new Date(at).toISOString()
}
