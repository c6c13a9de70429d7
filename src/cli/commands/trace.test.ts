import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Answers, cannedCloud, type RunOptions, runCli } from '../../../test/support/cli.ts'
import { failedResize, requestId, running, serverId, succeededCreate } from '../../../test/support/traces.ts'
import type { Summary, Trace } from '../../model/trace.ts'

const directory = mkdtempSync(join(tmpdir(), 'faultline-trace-'))
const clouds: { close(): Promise<void> }[] = []
after(async () => {
  rmSync(directory, { recursive: true })
  await Promise.all(clouds.map(cloud => cloud.close()))
})

async function run(answers: Answers, words: readonly string[], options: RunOptions = {}) {
  const cloud = await cannedCloud(answers)
  clouds.push(cloud)
  const ran = await runCli(cloud, ['trace', ...words], options)
  return { ...ran, asked: cloud.asked }
}

/** A cloud of ours: it has a trace service. */
const ours = (answers: Answers): Answers => ({ 'GET /trace/v1/': { json: {} }, ...answers })
const telling = (trace: Trace, handle = requestId): Answers =>
  ours({ [`GET /trace/v1/traces/${handle}`]: { json: trace } })

test('a cloud that has a trace service is asked for the record, and the exit code is the outcome', async () => {
  for (const [story, exitCode, word] of [
    [failedResize(), 2, 'FAILED'],
    [succeededCreate(), 0, 'SUCCEEDED'],
    [running(), 3, 'STILL RUNNING'],
  ] as const) {
    const ran = await run(telling(story), [requestId])
    assert.equal(ran.exitCode, exitCode)
    assert.ok(ran.stdout.startsWith(`${{ 0: '✓', 2: '✗', 3: '…' }[exitCode]} ${word}  `), ran.stdout)
    assert.equal(ran.stderr, '')
  }
})

test('a request nobody knows ends with 4, and says where it was looked for and what to try', async () => {
  const ran = await run(ours({}), [requestId])
  assert.equal(ran.exitCode, 4)
  assert.equal(ran.stdout, '')
  assert.match(ran.stderr, /nothing is known of 'req-f475.*' in the cloud's trace service/)
  assert.match(ran.stderr, /faultline trace --list/)
})

test('a wrong command line ends with 1, because 2 says that the request failed', async () => {
  for (const words of [
    [],
    [requestId, '--bogus'],
    [requestId, '--json', '--dot'],
    [requestId, '--json', '--html', '-'],
    ['-'],
    ['x', '--logs', 'y', '--since', 'never'],
  ]) {
    const ran = await run(ours({}), words)
    assert.equal(ran.exitCode, 1, words.join(' '))
    assert.notEqual(ran.stderr, '')
  }
})

test('the line of a log is as good as the id in it', async () => {
  const line = `2026-11-23 09:30:41.334 11 WARNING nova.conductor [None ${requestId} demo demo - - default default] [instance: ${serverId}] No valid host`
  assert.equal((await run(telling(failedResize()), [line])).exitCode, 2)
  assert.equal((await run(telling(failedResize()), ['-'], { input: `${line}\n` })).exitCode, 2)
})

test('--json is the record as it came', async () => {
  const ran = await run(telling(failedResize()), [requestId, '--json'])
  assert.deepEqual(JSON.parse(ran.stdout), failedResize())
  assert.equal(ran.exitCode, 2)
})

test('--html writes a page beside the text; - writes the page alone', async () => {
  const page = join(directory, 'ticket.html')
  const ran = await run(telling(failedResize()), [requestId, '--html', page])
  assert.match(readFileSync(page, 'utf8'), /^<!doctype html>/)
  assert.match(ran.stdout, /^✗ FAILED/)
  assert.match((await run(telling(failedResize()), [requestId, '--html', '-'])).stdout, /^<!doctype html>/)
  const nowhere = await run(telling(failedResize()), [
    requestId,
    '--html',
    join(directory, 'no', 'such', 'place.html'),
  ])
  assert.equal(nowhere.exitCode, 1)
})

test('--otlp sends spans, and a collector that refuses them is this command’s failure', async () => {
  const collector = await cannedCloud({ 'POST /v1/traces': { json: {} } })
  clouds.push(collector)
  const ran = await run(telling(failedResize()), [requestId, '--otlp', collector.url])
  assert.equal(ran.exitCode, 2)
  assert.deepEqual(
    collector.asked.map(asked => Object.keys(asked.body ?? {})),
    [['resourceSpans']],
  )
  const refused = await run(telling(failedResize()), [requestId, '--otlp', `${collector.url}/elsewhere`])
  assert.equal(refused.exitCode, 1)
  assert.match(refused.stderr, /did not take the spans: 404/)
})

test('--why-not says every refusal of the host with its numbers', async () => {
  const ran = await run(telling(failedResize()), [requestId, '--why-not', 'compute1'])
  assert.match(ran.stdout, /^compute1 was refused for 2 reasons:\n {2}it is the server's current host/)
  assert.match(
    ran.stdout,
    /memory: needs 2048 MB, has 0 MB, short 2048 MB\n {4}NoHost\.Capacity\.Ram, by placement; asked for by flavor\.ram/,
  )
  const other = await run(telling(failedResize()), [requestId, '--why-not', 'compute9'])
  assert.match(
    other.stdout,
    /^compute9 was not among the hosts that are named\. They were: compute1, compute2, compute3\./,
  )
  const taken = await run(telling(succeededCreate()), [requestId, '--why-not', 'compute1'])
  assert.equal(taken.stdout, 'compute1 was taken.\n')
})

const summary: Summary = {
  requestId,
  globalId: null,
  at: '2026-11-23T09:30:40.234Z',
  what: 'resize vm1',
  outcome: 'failed',
  cause: 'NoHost.Capacity.Ram',
  serverId,
  userId: null,
  projectId: null,
  sentence: 'The resize of vm1 found no valid host.',
}

test('--list shows recent requests with their ids whole', async () => {
  const answers = ours({ 'GET /trace/v1/requests': { json: { requests: [summary] } } })
  const ran = await run(answers, ['--list'])
  assert.equal(ran.exitCode, 0)
  assert.equal(ran.stdout, `2026-11-23 09:30:40  failed     ${requestId}  resize vm1  NoHost.Capacity.Ram\n`)
  const narrow = await run(answers, ['--list'], { tty: true })
  assert.ok(narrow.stdout.includes(requestId))
  assert.deepEqual(JSON.parse((await run(answers, ['--list', '--json'])).stdout), [summary])
  const since = await run(answers, ['--list', '--since', '2h'])
  assert.match(since.asked.at(-1)?.search ?? '', /since=2026-11-22T22%3A00%3A00\.000Z/)
})

test('--follow shows what happens, then the whole of it, and ends with the outcome', async () => {
  const failed = failedResize()
  const event = failed.action?.events[0]
  const message = (name: string, data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
  const ran = await run(
    {
      ...telling(running(), 'vm1'),
      [`GET /trace/v1/requests/${requestId}/events`]: {
        text:
          message('trace', running()) +
          message('event-started', event) +
          ': nothing new\n\n' +
          message('event-finished', event) +
          message('trace', failed) +
          message('verdict', failed.verdict),
        headers: { 'content-type': 'text/event-stream' },
      },
    },
    ['vm1', '--follow'],
  )
  assert.equal(ran.exitCode, 2, ran.stderr)
  assert.match(
    ran.stdout,
    /^STILL RUNNING: create of vm1\. .*\n09:30:40\.354 {2}cold_migrate on controller began\n09:30:41\.414 {2}cold_migrate on controller: Error, No valid host was found\./,
  )
  assert.match(ran.stdout, /\n\n✗ FAILED {2}resize of vm1\n/)
})

test('a record of a form this command does not know is not guessed at', async () => {
  const ran = await run(
    ours({ [`GET /trace/v1/traces/${requestId}`]: { json: { format: 'faultline.trace/9' } } }),
    [requestId],
  )
  assert.equal(ran.exitCode, 1)
  assert.match(ran.stderr, /answered with "faultline\.trace\/9"/)
})

// Any other OpenStack: there is no trace service in the catalogue.
const server = {
  id: serverId,
  name: 'vm1',
  status: 'ACTIVE',
  updated: '2026-11-23T09:30:40Z',
  'OS-EXT-STS:task_state': null,
}
const action = {
  action: 'resize',
  request_id: requestId,
  instance_uuid: serverId,
  start_time: '2026-11-23T09:30:39.000000',
  message: 'Error',
  user_id: 'u',
  project_id: 'p',
}
const step = {
  event: 'cold_migrate',
  start_time: '2026-11-23T09:30:39.000000',
  finish_time: '2026-11-23T09:30:40.000000',
  result: 'Error',
  details: 'No valid host was found.',
}
const foreign = (more: object = {}, about: object = {}): Answers => ({
  'GET /compute/v2.1/servers/detail': { json: { servers: [{ ...server, ...about }] } },
  [`GET /compute/v2.1/servers/${serverId}`]: { json: { server: { ...server, ...about } } },
  [`GET /compute/v2.1/servers/${serverId}/os-instance-actions`]: { json: { instanceActions: [action] } },
  [`GET /compute/v2.1/servers/${serverId}/os-instance-actions/${requestId}`]: {
    json: { instanceAction: { ...action, events: [step], ...more } },
  },
})

test('a cloud without a trace service is asked for its instance actions, by every kind of handle', async () => {
  for (const handle of [requestId, serverId, 'vm1', 'last', 'last-failed']) {
    const ran = await run(foreign(), [handle])
    assert.equal(ran.exitCode, 2, `${handle}: ${ran.stderr}`)
    assert.match(
      ran.stdout,
      /^✗ FAILED {2}resize of vm1\n {2}The resize of vm1 failed: No valid host was found\.\n/,
    )
    assert.match(ran.stdout, /This cloud has no trace service/)
  }
  assert.equal((await run(foreign(), ['vm9'])).exitCode, 4)
})

test('a step that failed and was done again is no failure', async () => {
  const again = {
    ...step,
    start_time: '2026-11-23T09:30:41.000000',
    finish_time: '2026-11-23T09:30:44.000000',
    result: 'Success',
    details: null,
  }
  const ran = await run(foreign({ events: [again, step] }), ['vm1'])
  assert.equal(ran.exitCode, 0)
  assert.match(ran.stdout, /cold_migrate \(attempt 2\)/)
})

test('a step without an end is running while the server is busy, and unknown when it is not', async () => {
  const events = [{ ...step, finish_time: null, result: null }]
  const busy = await run(foreign({ events, message: null }, { 'OS-EXT-STS:task_state': 'resize_prep' }), [
    'vm1',
  ])
  assert.match(busy.stdout, /^… STILL RUNNING/)
  assert.equal(busy.exitCode, 3)
  const idle = await run(foreign({ events, message: null }), ['vm1'])
  assert.match(idle.stdout, /^\? UNKNOWN/)
  assert.equal(idle.exitCode, 3)
})

test('without a trace service, --follow asks again until it is over', async () => {
  const path = `GET /compute/v2.1/servers/${serverId}/os-instance-actions/${requestId}`
  const open = { ...action, message: null, events: [{ ...step, finish_time: null, result: null }] }
  const answers = {
    ...foreign({}, { 'OS-EXT-STS:task_state': 'resize_prep' }),
    [path]: [
      { json: { instanceAction: open } },
      { json: { instanceAction: open } },
      { json: { instanceAction: { ...action, events: [step] } } },
    ],
  }
  const ran = await run(answers, ['vm1', '--follow'])
  assert.equal(ran.exitCode, 2)
  assert.deepEqual(ran.sleeps, [1000, 1000])
  assert.match(ran.stdout, /09:30:40\.000 {2}cold_migrate: Error, No valid host was found\./)
})

test('--list works without a trace service too', async () => {
  const ran = await run(foreign(), ['--list'])
  assert.equal(ran.stdout, `2026-11-23 09:30:39  failed     ${requestId}  resize vm1\n`)
})
