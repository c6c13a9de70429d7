// Following a request while it happens, and finding it again after the process that had it in hand is gone.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { limits } from '../../../src/model/limits.ts'
import { startTestCloud, type TestCloud } from '../../support/cloud.ts'
import { readEvents, type SentEvent } from '../../support/events.ts'

const follow = async (cloud: TestCloud, handle: string, signal?: AbortSignal): Promise<Response> =>
  fetch(`${cloud.origin}/trace/v1/requests/${handle}/events`, {
    headers: { 'x-auth-token': await cloud.token('demo') },
    ...(signal ? { signal } : {}),
  })

const all = async (response: Response): Promise<SentEvent[]> => {
  const events: SentEvent[] = []
  for await (const event of readEvents(response)) events.push(event)
  return events
}

/** The trace once the machine is being built. */
async function building(cloud: TestCloud, id: string) {
  for (;;) {
    const { body } = await cloud.ask('GET', `/trace/v1/traces/${id}`)
    if (body.action.events.length > 0) return body
  }
}

test('a slow create is followed from its start to its verdict', async () => {
  await using cloud = await startTestCloud({ stepMs: 700 })
  const { id } = await cloud.server({ name: 'slow' }, { wait: false })
  const response = await follow(cloud, id)
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  const events = await all(response)
  const [first, ...rest] = events
  assert.equal(first?.event, 'trace')
  assert.deepEqual([first?.data.verdict.outcome, first?.data.verdict.isOver], ['running', false])
  assert.deepEqual(
    rest
      .filter(({ event }) => event === 'event-finished')
      .map(({ data }) => [data.name, data.result, data.host]),
    [['compute__do_build_and_run_instance', 'Success', null]],
  )
  assert.deepEqual(
    rest.slice(-2).map(({ event }) => event),
    ['trace', 'verdict'],
  )
  assert.equal(rest.at(-1)?.data.outcome, 'succeeded')
})

test('what is being done says which step, where, and since when', async () => {
  await using cloud = await startTestCloud({ stepMs: 1500 })
  const { id } = await cloud.server({ name: 'slow' }, { wait: false })
  const [pending] = (await building(cloud, id)).action.events
  assert.match(pending.waitsFor, /^step build at its host, since \d{4}-/)
  const { body } = await cloud.ask('GET', `/trace/v1/traces/${id}`, { as: 'admin' })
  assert.equal(body.verdict.outcome, 'running')
  assert.match(body.action.events[0].waitsFor, /^step build at host-1, since /)
  assert.equal(body.verdict.step, 'compute__do_build_and_run_instance')
  assert.deepEqual(
    (await cloud.ask('GET', '/trace/v1/requests?outcome=running')).body.requests.map(
      ({ what }: { what: string }) => what,
    ),
    ['create slow'],
  )
  await cloud.settled()
})

test('a request that is over is told at once, and the stream ends', async () => {
  await using cloud = await startTestCloud()
  const { id } = await cloud.server()
  assert.deepEqual(
    (await all(await follow(cloud, id))).map(({ event }) => event),
    ['trace', 'trace', 'verdict'],
  )
})

test('there are only so many followers, and one that goes away makes room', async () => {
  await using cloud = await startTestCloud({ stepMs: 2500 })
  const { id } = await cloud.server({}, { wait: false })
  const leaving = new AbortController()
  const staying = await Promise.all(
    Array.from({ length: limits.traceFollowersMax - 1 }, () => follow(cloud, id)),
  )
  await follow(cloud, id, leaving.signal)
  const refused = await follow(cloud, id)
  assert.equal(refused.status, 503)
  assert.match(await refused.text(), /being followed/)
  leaving.abort()
  let answer = await follow(cloud, id)
  while (answer.status === 503) answer = await follow(cloud, id)
  assert.equal(answer.status, 200)
  const ends = await Promise.all([...staying, answer].map(all))
  assert.ok(ends.every(events => events.at(-1)?.event === 'verdict'))
})

test('a cloud that stops does not wait for its followers', async () => {
  const cloud = await startTestCloud({ stepMs: 400 })
  const { id } = await cloud.server({}, { wait: false })
  const events = readEvents(await follow(cloud, id))
  await events.next()
  const closed = cloud.close(60_000)
  for await (const _ of events);
  await closed
})

test('a create cut short by a restart is found with its mark, and came to its end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-trace-'))
  const data = { folder, databaseUrl: `sqlite:${join(folder, 'faultline.db')}` }
  try {
    const before = await startTestCloud({ data, stepMs: 60_000 })
    const { id } = await before.server({ name: 'vm1' }, { wait: false })
    await building(before, id)
    await before.close(0)
    await using now = await startTestCloud({ data })
    await now.settled()
    const { body } = await now.ask('GET', '/trace/v1/traces/vm1')
    assert.equal(body.verdict.outcome, 'succeeded')
    const mark = body.action.events.find(
      ({ name }: { name: string }) => name === 'conductor_recover_operation',
    )
    assert.match(mark.details, /^Found create unfinished at step build after a restart/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
