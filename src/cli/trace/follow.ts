// `--follow`: what happens to a request while it happens, until it is over; then the whole of it.
import type { Placement, Trace, TraceEvent, TraceLog, Verdict } from '../../model/trace.ts'
import { visible, visibleAscii } from '../../tracer/render/neutral.ts'
import { outcomeWords, placeOf, subject, timeOfDay } from '../../tracer/render/words.ts'
import { CliError } from '../errors.ts'
import type { Call } from '../row.ts'
import type { Asking } from './ask.ts'
import { type FollowMessage, followTraceService, traceIn } from './cloud.ts'
import { jsonText } from './output.ts'

const pollMs = 1000
/** A day: whoever wants to wait longer starts it again. */
const pollsMax = 86_400

/** Prints what is new and gives the last that was seen. With `--json`, a line for each message. */
export async function follow(call: Call, asking: Asking, first: Trace): Promise<Trace> {
  const id = first.request.localId ?? first.action?.requestId
  const messages = asking.isCloud && id != null ? followTraceService(call, id) : polled(call, asking, first)
  let trace = first
  for await (const message of messages) {
    if (message.event === 'trace') trace = traceIn(message.data)
    if (call.flag('json')) call.io.stdout(jsonText(message))
    else print(call, message)
  }
  if (trace.verdict.isOver) return trace
  // The cloud ends what nobody may follow for ever; how it stands then is asked for once more.
  return (await asking.trace()) ?? trace
}

async function* polled(call: Call, asking: Asking, first: Trace): AsyncGenerator<FollowMessage> {
  yield { event: 'trace', data: first }
  let before = first
  for (let poll = 0; !before.verdict.isOver && poll < pollsMax; poll++) {
    await call.io.sleep(pollMs)
    const after = await asking.trace()
    if (after === null) throw new CliError('the request is known no more')
    for (const event of after.action?.events ?? []) {
      const was = before.action?.events.find(one => one.name === event.name && one.attempt === event.attempt)
      if (!was) yield { event: 'event-started', data: event }
      if (event.finishedAt !== null && (was?.finishedAt ?? null) === null)
        yield { event: 'event-finished', data: event }
    }
    for (const placement of after.placement.slice(before.placement.length))
      yield { event: 'placement', data: placement }
    const seen = new Set(before.logs.map(logKey))
    for (const log of after.logs) if (!seen.has(logKey(log))) yield { event: 'log', data: log }
    before = after
  }
  yield { event: 'trace', data: before }
  yield { event: 'verdict', data: before.verdict }
}

const logKey = ({ at, file, offset, message }: TraceLog) => JSON.stringify([at, file, offset, message])

/** The data of each message, as the cloud's trace service writes it. */
interface Messages {
  readonly trace: Trace
  readonly 'event-started': TraceEvent
  readonly 'event-finished': TraceEvent
  readonly placement: Placement
  readonly log: TraceLog
  readonly verdict: Verdict
}

function print({ io }: Call, message: FollowMessage): void {
  const line = lineOf(message)
  if (line === undefined) return
  const shown = (io.isUtf8 ? visible : visibleAscii)(line).replaceAll('\n', '\\n')
  io.stdout(`${shown}\n`)
}

function lineOf({ event, data }: FollowMessage): string | undefined {
  const as = <Name extends keyof Messages>(_: Name) => data as Messages[Name] // by the message's own name
  switch (event) {
    case 'trace': {
      const { verdict, ...rest } = as('trace')
      return verdict.isOver
        ? undefined
        : `${outcomeWords[verdict.outcome]}: ${subject({ verdict, ...rest })}. ${verdict.sentence}`
    }
    case 'event-started':
      return `${timeOfDay(as(event).startedAt)}  ${eventName(as(event))} began`
    case 'event-finished':
      return `${timeOfDay(as(event).finishedAt)}  ${eventName(as(event))}: ${as(event).result ?? 'ended'}${as(event).details === null ? '' : `, ${as(event).details}`}`
    case 'placement':
      return `${timeOfDay(as(event).at)}  hosts: ${as(event).sum}`
    case 'log':
      return `${timeOfDay(as(event).at)}  ${as(event).level ?? ''} ${placeOf(as(event))}: ${as(event).message}`
    default:
      return undefined
  }
}

const eventName = ({ name, host, attempt }: TraceEvent): string =>
  `${name}${attempt > 1 ? ` (attempt ${attempt})` : ''}${host === null ? '' : ` on ${host}`}`
