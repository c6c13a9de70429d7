// What a trace says of requests that failed, from the database alone: no log file is written here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Placement } from '../../../src/model/trace.ts'
import { type Account, startTestCloud, type TestCloud } from '../../support/cloud.ts'

const traceOf = async (cloud: TestCloud, handle: string, as: Account = 'demo') => {
  const answer = await cloud.ask('GET', `/trace/v1/traces/${handle}`, { as })
  assert.equal(answer.status, 200, answer.text)
  return answer.body
}

test('a resize without a host: each host once with its numbers, the cause, and the sum', async () => {
  await using cloud = await startTestCloud({ hosts: 3, hostRamMb: 12_288 })
  const server = await cloud.server({ name: 'vm1' })
  await cloud.act(server, { resize: { flavorRef: '5' } })
  const trace = await traceOf(cloud, 'vm1', 'admin')
  assert.equal(trace.verdict.outcome, 'failed')
  assert.equal(trace.verdict.step, 'cold_migrate')
  assert.equal(trace.verdict.cause.code, 'NoHost.HostTooSmall.Ram')
  assert.deepEqual([trace.action.name, trace.server.id], ['resize', server.id])
  const [attempt]: Placement[] = trace.placement
  assert.deepEqual(
    attempt?.hosts.map(({ host, first }) => [host, first?.need, first?.have, first?.short, first?.unit]),
    ['host-1', 'host-2', 'host-3'].map(host => [host, 16_384, 12_288, 4096, 'MB']),
  )
  assert.equal(attempt?.hosts[0]?.first?.input, 'flavor.ram')
  assert.match(attempt?.sum ?? '', /^0 of 3 hosts can take it: 3 are too small for the memory/)
  assert.deepEqual(
    attempt?.counts.find(({ filter }) => filter === 'Memory'),
    {
      filter: 'Memory',
      start: 3,
      end: 0,
    },
  )
})

test('a create that is too big: the owner reads the same reason and what was needed, and nothing of the hosts', async () => {
  await using cloud = await startTestCloud({ hosts: 2, hostRamMb: 4096 })
  await cloud.server({ name: 'big', flavorRef: '4' })
  const trace = await traceOf(cloud, 'last-failed')
  assert.equal(trace.verdict.cause.code, 'NoHost.HostTooSmall.Ram')
  assert.equal(trace.verdict.cause.fault, 'request')
  assert.equal(trace.verdict.cause.found, 'no host can take it: 2 of 2 hosts are too small for the memory')
  assert.match(
    trace.verdict.sentence,
    /^create of big failed at conductor_schedule_and_build_instances: no host can take it/,
  )
  assert.deepEqual(
    trace.placement[0].hosts.map((host: Placement['hosts'][number]) => [
      host.host,
      host.first?.need,
      host.first?.have,
    ]),
    [
      [null, 8192, null],
      [null, 8192, null],
    ],
  )
})

test('a disabled host: its reason is in the words of the administrator, for administrators only', async () => {
  await using cloud = await startTestCloud({ hosts: 1 })
  const { services } = (await cloud.ask('GET', '/os-services?binary=nova-compute', { as: 'admin' })).body
  await cloud.ask('PUT', `/os-services/${services[0].id}`, {
    as: 'admin',
    body: { status: 'disabled', disabled_reason: 'fan broken in rack 7' },
  })
  await cloud.server({ name: 'vm1' })
  const forAdmin = await traceOf(cloud, 'vm1', 'admin')
  const forOwner = await traceOf(cloud, 'vm1')
  assert.equal(forAdmin.verdict.cause.code, 'NoHost.Disabled')
  assert.equal(forOwner.verdict.cause.code, 'NoHost.Disabled')
  assert.match(forAdmin.placement[0].hosts[0].first.text, /fan broken in rack 7/)
  assert.doesNotMatch(JSON.stringify(forOwner), /rack 7/)
})

test('a build that worked on the second host: both attempts are told, with the first one refused', async () => {
  await using cloud = await startTestCloud({ hosts: 2 })
  await cloud.server({ name: 'vm1', metadata: { 'faultline:fail': 'spawn:LibvirtError:once' } })
  const trace = await traceOf(cloud, 'vm1', 'admin')
  assert.equal(trace.verdict.outcome, 'succeeded')
  const attempts: Placement[] = trace.placement
  const chosen = attempts.map(({ hosts }) => hosts.find(({ isChosen }) => isChosen)?.host)
  assert.deepEqual([...chosen].sort(), ['host-1', 'host-2'])
  assert.deepEqual(
    attempts[1]?.hosts.map(({ host, first }) => [host, first?.code]),
    [
      [chosen[1], undefined],
      [chosen[0], 'NoHost.AlreadyTried'],
    ],
  )
  assert.deepEqual(
    trace.action.events
      .filter((event: { name: string }) => event.name === 'compute__do_build_and_run_instance')
      .map((event: { attempt: number; host: string }) => [event.attempt, event.host]),
    chosen.map((host, index) => [index + 1, host]),
  )
})

test('a failure on a host: the fault is told, the traceback to administrators', async () => {
  await using cloud = await startTestCloud({ hosts: 1 })
  const server = await cloud.server({ metadata: { 'faultline:fail': 'stop:LibvirtError' } })
  await cloud.act(server, { 'os-stop': null })
  const forAdmin = await traceOf(cloud, server.id, 'admin')
  const failed = forAdmin.action.events.find((event: { result: string }) => event.result === 'Error')
  assert.equal(failed.name, 'compute_stop_instance')
  assert.match(failed.traceback[0], /^ {2}File "src\//)
  assert.equal(forAdmin.verdict.step, 'compute_stop_instance')
  const forOwner = await traceOf(cloud, server.id)
  assert.deepEqual(forOwner.action.events[0].traceback, [])
})

test('servers made together each have their table, under their own action', async () => {
  await using cloud = await startTestCloud({ hosts: 2 })
  const answer = await cloud.ask('POST', '/servers', {
    body: {
      server: {
        name: 'vm',
        flavorRef: '1',
        imageRef: cloud.imageId,
        networks: 'auto',
        min_count: 2,
        max_count: 2,
      },
    },
  })
  await cloud.settled()
  const requestId = answer.headers.get('x-openstack-request-id') ?? ''
  const { servers } = (await cloud.ask('GET', '/servers')).body
  for (const { id } of servers) {
    const { body } = await cloud.ask('GET', `/trace/v1/traces/${requestId}?server=${id}`, { as: 'admin' })
    const shown = await cloud.show(id)
    assert.equal(body.server.id, id)
    assert.equal(
      body.placement[0].hosts.find(({ isChosen }: { isChosen: boolean }) => isChosen).host,
      shown['OS-EXT-SRV-ATTR:host'],
    )
  }
  const { gaps } = await traceOf(cloud, requestId)
  assert.match(gaps.find(({ kind }: { kind: string }) => kind === 'cut-off').text, /made 2 servers/)
})

test('an unshelve has a table of its own', async () => {
  await using cloud = await startTestCloud({ hosts: 1 })
  const server = await cloud.server({ name: 'vm1' })
  await cloud.act(server, { shelve: null })
  await cloud.act(server, { unshelve: null })
  const { action, placement } = await traceOf(cloud, 'vm1', 'admin')
  assert.deepEqual([action.name, placement[0].hosts[0].host], ['unshelve', 'host-1'])
})
