// The trace record: what happened to one request. One shape, made from our own journal and from the logs of any
// OpenStack, printed by `faultline trace`, served at /trace/v1 (docs/trace.md). Instants are ISO 8601 in UTC with
// milliseconds (`2026-11-23T09:30:40.234Z`); what is not known is null, what nobody may see is left out by the view.
import { choice, flag, list, nullable, number, type Of, object, text, whole } from '../base/shape.ts'

export const traceFormat = 'faultline.trace/1'

const instant = (description?: string) => text(description)

/**
 * succeeded, failed: it came to that end. running: something is still being done for it. lost: it was accepted, has not
 * ended, and nobody is doing it. unknown: what was read does not tell.
 */
export const outcomes = ['succeeded', 'failed', 'running', 'lost', 'unknown'] as const
export type Outcome = (typeof outcomes)[number]

/** Whose fault a failure is. */
export const faultParties = ['request', 'capacity', 'cloud', 'bug'] as const
export type FaultParty = (typeof faultParties)[number]

const causeShape = object({
  code: text('stable, documented in docs/causes.md: `NoHost.Capacity.Ram`'),
  sentence: text('what it means, in general'),
  found: text('what was found here, with its numbers and names'),
  fault: choice(faultParties, 'whose fault it is'),
  remedy: text('what to do next'),
})

const verdictShape = object({
  outcome: choice(outcomes),
  sentence: text('the whole verdict in one sentence'),
  step: nullable(text(), 'the step that failed, or that is being done: an event, a service, a method'),
  cause: nullable(causeShape, 'why it failed; null when it did not, or when nothing says why'),
  also: list(causeShape, 'other causes on the way: earlier attempts, what the failure brought with it'),
  isOver: flag('nothing more will be done for this request'),
  next: text('what to do next'),
  evidence: list(text(), 'what the verdict rests on: events, log lines by service and time'),
})

const requestShape = object({
  localId: nullable(text(), 'the id of the service that took the request'),
  globalId: nullable(text(), 'the id its caller gave'),
  service: nullable(text()),
  method: nullable(text()),
  path: nullable(text(), 'with its query'),
  status: nullable(whole(), 'what was answered at once'),
  microversion: nullable(text()),
  userId: nullable(text()),
  projectId: nullable(text()),
  startedAt: nullable(instant()),
  endedAt: nullable(instant(), 'the last that was seen of it'),
})

/** proven: a pair of ids was seen. inferred: same global id, time and server. orphan: nothing says who called. */
export const edges = ['root', 'proven', 'inferred', 'orphan'] as const

const callShape = object({
  id: text('within this record: `c1`'),
  parent: nullable(text(), 'the id of the caller; null for roots and orphans'),
  edge: choice(edges, 'how the parent is known'),
  proof: nullable(text(), 'what shows it, in words'),
  kind: choice(['http', 'rpc']),
  service: text('nova-api, neutron-server …'),
  host: nullable(text()),
  localId: nullable(text()),
  globalId: nullable(text()),
  operation: text('method and path, or what was asked over RPC'),
  status: nullable(whole()),
  startedAt: nullable(instant()),
  endedAt: nullable(instant()),
  isFailed: flag('it ended in an error of its own'),
  isOnFailedPath: flag('it, or something below it, is what made the request fail'),
})

const eventShape = object({
  name: text(),
  startedAt: nullable(instant()),
  finishedAt: nullable(instant()),
  result: nullable(choice(['Success', 'Error']), 'null while it is being done'),
  attempt: whole('1 for the first event of that name'),
  host: nullable(text()),
  details: nullable(text()),
  traceback: list(text()),
  waitsFor: nullable(text(), 'what a pending event waits for'),
})

const actionShape = object({
  name: text(),
  requestId: text(),
  serverId: text(),
  userId: nullable(text()),
  projectId: nullable(text()),
  startedAt: nullable(instant()),
  finishedAt: nullable(instant()),
  message: nullable(text()),
  events: list(eventShape, 'in the order they began'),
})

const refusalShape = object({
  code: text('a cause of docs/causes.md, `NoHost.…`'),
  filter: text('the check or filter that said no'),
  text: text('`memory: needs 2048 MB, has 512 MB, short 1536 MB`'),
  need: nullable(number()),
  have: nullable(number()),
  short: nullable(number()),
  unit: nullable(text()),
  input: nullable(text(), 'what in the request asked for it: `flavor.ram`'),
})

const hostShape = object({
  host: nullable(text(), 'null where the viewer may not know it, or only its number is known'),
  isChosen: flag(),
  first: nullable(refusalShape, 'the refusal it is counted under; null: it could take the server'),
  all: list(refusalShape),
})

const placementShape = object({
  attempt: whole(),
  at: nullable(instant()),
  hostsTotal: nullable(whole(), 'how many hosts there were to choose from'),
  hosts: list(hostShape, 'every host once; fewer than hostsTotal when the source does not name them all'),
  counts: list(
    object({ filter: text(), start: whole(), end: whole() }),
    'hosts before and after each check, in order',
  ),
  sum: text('`0 of 3 hosts can take it: 2 have too little memory (…), 1 is disabled`'),
})

const logShape = object({
  at: nullable(instant()),
  level: nullable(text()),
  service: text(),
  host: nullable(text()),
  logger: nullable(text()),
  localId: nullable(text()),
  serverId: nullable(text()),
  message: text(),
  traceback: list(text()),
  repeated: whole('how many times it was said; 1 for once'),
  matters: flag('it shows the cause, or leads to it'),
  file: nullable(text(), 'where it was read'),
  offset: nullable(whole(), 'of its first byte in that file, unpacked'),
})

export const gapKinds = [
  'silent-service',
  'clock-skew',
  'unparsed',
  'shortened',
  'debug-off',
  'unreadable',
  'time-zone',
  'not-yours',
  'cut-off',
] as const

const gapShape = object({
  kind: choice(gapKinds),
  service: nullable(text()),
  count: nullable(whole()),
  text: text('what is missing, and what would bring it'),
})

const serverShape = object({ id: text(), name: nullable(text()) })

export const traceSchema = object({
  format: choice([traceFormat]),
  handle: text('what was asked for'),
  view: choice(['administrator', 'owner'], 'owner: without hosts, tracebacks, logs and what is of others'),
  source: text('where it was read: `cloud http://…`, `logs /var/log/nova`, …'),
  request: requestShape,
  server: nullable(serverShape),
  verdict: verdictShape,
  calls: list(callShape, 'the call tree, parents before children; orphans last'),
  action: nullable(actionShape),
  placement: list(placementShape, 'one for each time a host was looked for'),
  logs: list(logShape, 'in the order of time, repeats folded'),
  gaps: list(gapShape),
})

export type Trace = Of<typeof traceSchema>
export type Verdict = Trace['verdict']
export type FoundCause = Of<typeof causeShape>
export type TraceRequest = Trace['request']
export type TraceCall = Of<typeof callShape>
export type TraceAction = Of<typeof actionShape>
export type TraceEvent = Of<typeof eventShape>
export type Placement = Of<typeof placementShape>
export type PlacementHost = Of<typeof hostShape>
export type PlacementRefusal = Of<typeof refusalShape>
export type TraceLog = Of<typeof logShape>
export type Gap = Of<typeof gapShape>

/** One line of `faultline trace --list` and of /trace/v1/requests. */
export const summarySchema = object({
  requestId: text(),
  globalId: nullable(text()),
  at: nullable(instant()),
  what: text('`resize vm1`, `POST /servers`'),
  outcome: choice(outcomes),
  cause: nullable(text(), 'its code'),
  serverId: nullable(text()),
  userId: nullable(text()),
  projectId: nullable(text()),
  sentence: text(),
})
export type Summary = Of<typeof summarySchema>
