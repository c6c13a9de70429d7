// A trace as OpenTelemetry spans: the JSON form of ExportTraceServiceRequest (opentelemetry-proto,
// collector/trace/v1/trace_service.proto), by the published mapping (decisions/otlp.md).
import type { Trace, TraceCall, TraceEvent } from '../../model/trace.ts'
import { linesThatMatter } from './digest.ts'
import { attributes, callAttributes, logEvent } from './otlp/attributes.ts'
import { distinct, spanIdOf, traceIdOf } from './otlp/ids.ts'
import {
  type ExportRequest,
  type ResourceSpans,
  type Span,
  type SpanEvent,
  spanKinds,
  statusCodes,
} from './otlp/shape.ts'
import { ms, startOf, subject } from './words.ts'

const linesSent = 200

interface Placed {
  readonly service: string
  readonly host: string | null
  readonly span: Span
}

/** One span for each call and each event of the action, for one POST to /v1/traces. */
export function renderOtlp(trace: Trace): ExportRequest {
  const traceId = traceIdOf(trace)
  const spanIds = new Map(
    distinct(trace.calls, keyOf).map(([call, key]) => [call.id, spanIdOf(traceId, `call ${key}`)] as const),
  )
  const root = trace.calls.find(call => call.edge === 'root') ?? trace.calls[0]
  const times = callTimes(trace)
  const lines = linesOf(trace, root)
  const calls = trace.calls.map((call): Placed => {
    const { start, end } = times.get(call.id) ?? { start: 0, end: 0 }
    const isRoot = call === root
    return {
      service: call.service,
      host: call.host,
      span: {
        traceId,
        spanId: spanIds.get(call.id) ?? spanIdOf(traceId, call.id),
        ...parentOf(call, spanIds),
        name: spanName(call),
        kind: spanKinds.server,
        startTimeUnixNano: nanoseconds(start),
        endTimeUnixNano: nanoseconds(end),
        attributes: [...callAttributes(call, trace), ...(isRoot ? verdictAttributes(trace) : [])],
        events: lines.get(call.id) ?? [],
        status: statusOf(call, isRoot ? trace : null),
      },
    }
  })
  const rootSpanId = root ? spanIds.get(root.id) : undefined
  const events = distinct(trace.action?.events ?? [], event => `${event.name} ${event.attempt}`).map(
    ([event, key]): Placed => ({
      service: root?.service ?? trace.request.service ?? 'nova',
      host: event.host,
      span: eventSpan(trace, event, {
        traceId,
        spanId: spanIdOf(traceId, `event ${key}`),
        parentSpanId: rootSpanId,
      }),
    }),
  )
  return { resourceSpans: resources([...calls, ...events]) }
}

const keyOf = (call: TraceCall): string =>
  [call.localId, call.service, call.host, call.operation, call.startedAt].join(' ')

function parentOf(call: TraceCall, spanIds: ReadonlyMap<string, string>): { parentSpanId?: string } {
  const parentSpanId = call.parent === null ? undefined : spanIds.get(call.parent)
  return parentSpanId === undefined ? {} : { parentSpanId }
}

/** A span must have both times: what is missing is taken from the parent, and from the last call below. */
function callTimes(trace: Trace): ReadonlyMap<string, { start: number; end: number }> {
  const first = startOf(trace) ?? 0
  const times = new Map<string, { start: number; end: number }>()
  for (const call of trace.calls) {
    const start =
      ms(call.startedAt) ?? (call.parent === null ? undefined : times.get(call.parent)?.start) ?? first
    times.set(call.id, { start, end: Math.max(start, ms(call.endedAt) ?? start) })
  }
  const known = new Map(trace.calls.map(call => [call.id, call]))
  for (const call of trace.calls.toReversed()) {
    const parent = call.parent === null ? undefined : known.get(call.parent)
    const above = parent && times.get(parent.id)
    const own = times.get(call.id)
    if (parent?.endedAt === null && above && own) above.end = Math.max(above.end, own.end)
  }
  return times
}

const nanoseconds = (milliseconds: number): string => String(BigInt(Math.round(milliseconds)) * 1_000_000n)

const ids = /\/[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}(?=\/|$)/gi
/** Few different names: ids and queries are attributes. */
const spanName = (call: TraceCall): string => call.operation.replace(/\?.*$/s, '').replace(ids, '/{id}')

/** The lines that matter, at the call they were said in; else at the root. */
function linesOf(trace: Trace, root: TraceCall | undefined): ReadonlyMap<string, readonly SpanEvent[]> {
  const found = new Map<string, SpanEvent[]>()
  for (const log of linesThatMatter(trace, linesSent).lines) {
    const same = trace.calls.filter(call => call.service === log.service && call.localId === log.localId)
    const call = same.find(one => one.host === log.host) ?? same[0] ?? root
    if (!call) continue
    const event = logEvent(log, nanoseconds(ms(log.at) ?? ms(call.startedAt) ?? startOf(trace) ?? 0))
    found.set(call.id, [...(found.get(call.id) ?? []), event])
  }
  return found
}

function statusOf(call: TraceCall, whole: Trace | null): Span['status'] {
  if (whole?.verdict.outcome === 'failed' || whole?.verdict.outcome === 'lost')
    return { code: statusCodes.error, message: whole.verdict.sentence }
  return call.isFailed ? { code: statusCodes.error } : {}
}

const verdictAttributes = ({ verdict, server, ...trace }: Trace) =>
  attributes({
    'faultline.subject': subject({ verdict, server, ...trace }),
    'faultline.outcome': verdict.outcome,
    'faultline.cause': verdict.cause?.code ?? null,
    'faultline.fault': verdict.cause?.fault ?? null,
    'faultline.next': verdict.next,
    'openstack.server.id': server?.id ?? null,
    'openstack.server.name': server?.name ?? null,
  })

function eventSpan(
  trace: Trace,
  event: TraceEvent,
  place: { readonly traceId: string; readonly spanId: string; readonly parentSpanId: string | undefined },
): Span {
  const start = ms(event.startedAt) ?? startOf(trace) ?? 0
  const end = Math.max(start, ms(event.finishedAt) ?? start)
  const { traceId, spanId, parentSpanId } = place
  return {
    traceId,
    spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: event.name,
    kind: spanKinds.internal,
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: attributes({
      'openstack.action': trace.action?.name ?? null,
      'openstack.request_id': trace.action?.requestId ?? trace.request.localId,
      'openstack.server.id': trace.action?.serverId ?? null,
      'faultline.event.attempt': event.attempt,
      'faultline.event.result': event.result ?? 'pending',
      'faultline.event.waits_for': event.waitsFor,
      'server.address': event.host,
    }),
    events:
      event.traceback.length === 0
        ? []
        : [
            {
              timeUnixNano: nanoseconds(end),
              name: 'exception',
              attributes: attributes({
                'exception.message': event.traceback.at(-1) ?? null,
                'exception.stacktrace': event.traceback.join('\n'),
              }),
            },
          ],
    status: event.result === 'Error' ? { code: statusCodes.error, message: event.details ?? '' } : {},
  }
}

/** Spans of one service on one host are one resource. */
function resources(all: readonly Placed[]): readonly ResourceSpans[] {
  const groups = Map.groupBy(all, ({ service, host }) => JSON.stringify([service, host]))
  return [...groups.values()].map(placed => ({
    resource: {
      attributes: attributes({
        'service.name': placed[0]?.service ?? '',
        'host.name': placed[0]?.host ?? null,
      }),
    },
    scopeSpans: [{ scope: { name: 'faultline.trace' }, spans: placed.map(({ span }) => span) }],
  }))
}
