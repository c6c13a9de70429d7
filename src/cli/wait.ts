// `--wait`: polls a server until it has settled, shows the way there, and then says how it ended, from the
// action's own record: a resize that found no host leaves an ACTIVE server and looks like success otherwise.
import { CliError, HttpError } from './errors.ts'
import type { Io } from './io.ts'
import { asItem, asItems, type Item, itemOf, textOf } from './item.ts'
import type { Call } from './row.ts'
import type { Reply } from './session/http.ts'

const firstPollMs = 100
const slowestPollMs = 2_000
const pollGrowth = 1.5

/** Yields after each pause, longer each time. */
async function* polls(io: Io): AsyncGenerator<void> {
  for (let pause = firstPollMs; ; pause = Math.min(slowestPollMs, pause * pollGrowth)) {
    yield
    await io.sleep(pause)
  }
}

/** One line that is rewritten on a terminal; one line for each change otherwise. On stderr. */
export function createProgress(io: Io, name: string) {
  const start = io.now()
  let last = ''
  return {
    report(state: string): void {
      const elapsed = `${((io.now() - start) / 1000).toFixed(1)} s`
      if (io.isErrorTty) io.stderr(`\r\u001b[K${name}: ${state}, ${elapsed}`)
      else if (state !== last) io.stderr(`${name}: ${state}, ${elapsed}\n`)
      last = state
    },
    end(): void {
      if (io.isErrorTty) io.stderr('\r\u001b[K')
    },
  }
}

const stateOf = (server: Item): string => {
  const task = server['OS-EXT-STS:task_state']
  return typeof task === 'string' ? `${textOf(server, 'status')}, ${task}` : textOf(server, 'status')
}

const isSettled = (server: Item): boolean =>
  server['OS-EXT-STS:task_state'] == null && server.status !== 'BUILD' && server.status !== 'UNKNOWN'

interface Named {
  readonly id: string
  readonly name: string
}

/** Polls until nothing goes on with the server any more, or `stop` says so. Undefined when it is gone. */
async function settle(
  call: Call,
  server: Named,
  stop: (now: Item) => boolean | Promise<boolean> = isSettled,
): Promise<Item | undefined> {
  const progress = createProgress(call.io, server.name)
  try {
    for await (const _ of polls(call.io)) {
      const reply = await call.cloud.compute.request('GET', `/servers/${server.id}`, { allow: [404] })
      if (reply.status === 404) return undefined
      const now = itemOf(reply.body, 'server')
      progress.report(stateOf(now))
      if (await stop(now)) return now
    }
  } finally {
    progress.end()
  }
}

/** Polls until the server is gone; one that ends in ERROR, or settles again, was not deleted. */
export async function settleDeleted(call: Call, server: Named, started: Reply): Promise<void> {
  const left = await settle(call, server)
  if (left === undefined || left.status === 'DELETED') return
  await refuseFailure(call, left, started.requestId)
  throw new CliError(`server ${server.name} is still there, ${stateOf(left)}`)
}

/**
 * Waits for an action that `started` began, and throws unless it succeeded.
 * `expected`: the statuses it ends in when all went well; any status when it is left out.
 */
export async function finish(
  call: Call,
  server: Named,
  started: Reply,
  expected?: readonly string[],
): Promise<Item> {
  return judge(call, server, started, await settle(call, server), expected)
}

/**
 * As `finish`, for an action that does not show in the server until it is over: confirming a resize leaves
 * VERIFY_RESIZE without a task. As long as the server is in `before`, only the action's record can end the wait.
 */
export async function finishFrom(
  call: Call,
  server: Named,
  started: Reply,
  before: string,
  expected: readonly string[],
): Promise<Item> {
  const isOver = async (now: Item): Promise<boolean> => {
    if (!isSettled(now) || now.status !== before) return isSettled(now)
    const action =
      started.requestId === undefined ? undefined : await readRecord(call, server.id, started.requestId)
    return typeof action?.message === 'string'
  }
  return judge(call, server, started, await settle(call, server, isOver), expected)
}

/** Throws unless the action went well and left the server in an expected status. */
async function judge(
  call: Call,
  server: Named,
  started: Reply,
  after: Item | undefined,
  expected: readonly string[] | undefined,
): Promise<Item> {
  if (after === undefined) throw new CliError(`server ${server.name} was deleted meanwhile`)
  await refuseFailure(call, after, started.requestId)
  if (expected !== undefined && !expected.includes(textOf(after, 'status')))
    throw new CliError(`server ${server.name} ended in ${stateOf(after)}, not in ${expected.join(' or ')}`, {
      hint: actionHint(server.id, started.requestId),
    })
  return after
}

/** Throws when the action's record says it failed, or the server is in ERROR. */
async function refuseFailure(call: Call, server: Item, requestId: string | undefined): Promise<void> {
  const id = textOf(server, 'id')
  const name = textOf(server, 'name') || id
  const action = requestId === undefined ? undefined : await actionRecord(call, id, requestId)
  const failed = action !== undefined && typeof action.message === 'string'
  if (!failed && server.status !== 'ERROR') return
  const fault = asItem(server.fault)
  const reason = (failed ? failureReason(action) : undefined) ?? faultText(fault)
  const what = failed ? textOf(action, 'action') : 'the last action'
  const sentence = reason === undefined ? '' : `: ${reason.replace(/[.\s]+$/, '')}`
  const left = server.status === 'ERROR' ? 'is in ERROR' : `is ${textOf(server, 'status')} as before`
  const request = requestId === undefined ? '' : ` (Request-ID: ${requestId})`
  throw new CliError(`${what} of server ${name} failed${sentence}; the server ${left}${request}`, {
    hint: actionHint(id, requestId),
  })
}

function faultText(fault: Item): string | undefined {
  const message = textOf(fault, 'message').replace(/[.\s]+$/, '')
  return message === ''
    ? undefined
    : `${message} (fault ${textOf(fault, 'code')}, ${textOf(fault, 'created')})`
}

/** The first failed event that gives details; events come newest first, and the cause is the oldest. */
function failureReason(action: Item): string | undefined {
  const failures = asItems(action.events).filter(event => event.result === 'Error')
  const told = failures.findLast(event => typeof event.details === 'string' && event.details !== '')
  if (told) return textOf(told, 'details').trim()
  const step = failures.at(-1)
  const message = textOf(action, 'message')
  if (step) return `step ${textOf(step, 'event')} ended in Error (details are shown to administrators)`
  return message === 'Error' ? undefined : message
}

const actionHint = (id: string, requestId: string | undefined) =>
  requestId === undefined ? undefined : `see its steps with: faultline server event show ${id} ${requestId}`

// Right after the server has settled the record may still be open for a moment: its end is what we came for.
const recordPolls = 5

async function actionRecord(call: Call, id: string, requestId: string): Promise<Item | undefined> {
  let polled = 0
  for await (const _ of polls(call.io)) {
    const action = await readRecord(call, id, requestId)
    if (action === undefined) return undefined
    const open = asItems(action.events).some(event => event.finish_time == null)
    if (typeof action.message === 'string' || !open || ++polled >= recordPolls) return action
  }
}

/** Undefined when there is none, or it may not be seen: the action itself went through, its record is a help. */
async function readRecord(call: Call, id: string, requestId: string): Promise<Item | undefined> {
  try {
    const path = `/servers/${id}/os-instance-actions/${requestId}`
    return itemOf(await call.cloud.compute.get(path), 'instanceAction')
  } catch (error) {
    if (error instanceof HttpError) return undefined
    throw error
  }
}
