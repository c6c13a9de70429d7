// Requests that are not over, that were overtaken, cut short by a restart, or sent to a host that is dead.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../../../src/base/time.ts'
import { passwords, startTestCloud, type TestCloud, type TestCloudOptions } from '../../../support/cloud.ts'
import { holdCalls } from '../../../support/hold.ts'
import { assertTold, openStage, requestOf, type Stage, type Told } from '../../../support/scenarios.ts'

async function withLogs(options: TestCloudOptions, use: (stage: Stage) => Promise<void>): Promise<void> {
  const logFolder = mkdtempSync(join(tmpdir(), 'faultline-scenarios-'))
  try {
    await using cloud = await startTestCloud({ ...options, logFolder })
    await use(await openStage(cloud))
  } finally {
    rmSync(logFolder, { recursive: true, force: true })
  }
}

const reboot = { reboot: { type: 'HARD' } }
const rebooting = 'compute_reboot_instance'

test('a request that is at work, one that waits behind it, and what becomes of both', async () => {
  const held = holdCalls('reboot')
  await withLogs({ wrap: held.wrap }, async stage => {
    const { cloud } = stage
    const { id } = await cloud.server({ name: 'mine' })
    const first = await cloud.ask('POST', `/servers/${id}/action`, { body: reboot })
    await held.waiting(1)
    const running = { outcome: 'running', code: null } as const
    await assertTold(stage, requestOf(first), {
      ...running,
      step: rebooting,
      says: /^reboot of mine is running/,
    })
    const second = await cloud.ask('DELETE', `/servers/${id}`)
    await assertTold(stage, requestOf(second), {
      ...running,
      step: 'terminate',
      says: /^delete of mine has not begun: it waits for the reboot of the server before it$/,
    })
    held.release()
    await cloud.settled()
    await assertTold(stage, requestOf(first), {
      outcome: 'failed',
      code: 'Operation.Superseded',
      fault: 'request',
      step: rebooting,
    })
    await assertTold(stage, requestOf(second), { outcome: 'succeeded', code: null, step: null })
  })
})

test('a message to a host that nobody answers: where it waits, and since when', async () => {
  const held = holdCalls('stop')
  await withLogs({ wrap: held.wrap }, async stage => {
    const { cloud } = stage
    const { id } = await cloud.server({ name: 'mine' })
    const answer = await cloud.ask('POST', `/servers/${id}/action`, { body: { 'os-stop': null } })
    await held.waiting(1)
    await assertTold(stage, requestOf(answer), {
      outcome: 'running',
      code: null,
      step: 'compute_stop_instance',
    })
    const { body } = await cloud.ask('GET', `/trace/v1/traces/${requestOf(answer)}`, { as: 'admin' })
    assert.match(body.action.events[0].waitsFor, /^step stop at host-1, since \d{4}-/)
    held.release()
  })
})

/** Something that goes on while the process dies, and how it is told by the next one. */
async function acrossDeath(
  begin: (stage: Stage) => Promise<{ readonly request: string; readonly reached: () => Promise<boolean> }>,
  told: Told,
  next: TestCloudOptions = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-scenarios-'))
  const data = { folder, databaseUrl: `sqlite:${join(folder, 'faultline.db')}` }
  const logFolder = join(folder, 'logs')
  try {
    const before = await startTestCloud({ data, logFolder, stepMs: 400 })
    const { request, reached } = await begin(await openStage(before))
    while (!(await reached()));
    await before.close(0)
    await using cloud = await startTestCloud({ data, logFolder, ...next })
    await cloud.settled()
    await assertTold(await openStage(cloud), request, told)
    await assertInterrupted(cloud, request)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function assertInterrupted(cloud: TestCloud, request: string): Promise<void> {
  for (const as of ['admin', 'demo'] as const) {
    const { verdict } = (await cloud.ask('GET', `/trace/v1/traces/${request}`, { as })).body
    assert.ok(verdict.also.some(({ code }: { code: string }) => code === 'Operation.Interrupted'))
  }
}

const building =
  (more: object) =>
  async ({ cloud }: Stage) => {
    const body = {
      server: { name: 'mine', flavorRef: '1', imageRef: cloud.imageId, networks: 'none', ...more },
    }
    const answer = await cloud.ask('POST', '/servers', { body })
    const reached = async () =>
      (await cloud.show(answer.body.server.id))['OS-EXT-STS:task_state'] === 'spawning'
    return { request: requestOf(answer), reached }
  }

test('a create that a death cut short and the next process finished', () =>
  acrossDeath(building({}), { outcome: 'succeeded', code: null, step: null }))

test('hosts that are dead: an action on a server there, and a server that wants to go there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-scenarios-'))
  const data = { folder, databaseUrl: `sqlite:${join(folder, 'faultline.db')}` }
  try {
    const before = await startTestCloud({ data, hosts: 2 })
    const zone = { availability_zone: 'nova:host-2', name: 'mine', networks: 'none' }
    const body = { server: { flavorRef: '1', imageRef: before.imageId, ...zone } }
    const there = await onSecond(before)
    await before.close()
    await using cloud = await startTestCloud({ data, hosts: 1, logFolder: join(folder, 'logs') })
    const stage = await openStage(cloud)
    const stop = await cloud.act(there, { 'os-stop': null })
    await assertTold(stage, requestOf(stop), {
      outcome: 'failed',
      code: 'Host.Unreachable',
      fault: 'cloud',
      step: 'compute_stop_instance',
    })
    const resize = await cloud.act(there, { resize: { flavorRef: '2' } })
    await assertTold(stage, requestOf(resize), {
      outcome: 'failed',
      code: 'Host.Down',
      fault: 'cloud',
      step: 'nova-api',
    })
    const forced = await stage.send('POST', '/servers', { as: 'admin', body })
    assert.equal(forced.status, 202, forced.text)
    await assertTold(stage, requestOf(forced), {
      outcome: 'failed',
      code: 'Host.Unreachable',
      step: 'compute__do_build_and_run_instance',
      owner: null,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/** A server on the last of two hosts. */
async function onSecond(cloud: TestCloud) {
  const { services } = (await cloud.ask('GET', '/os-services?host=host-1', { as: 'admin' })).body
  const set = (status: string) =>
    cloud.ask('PUT', `/os-services/${services[0].id}`, { as: 'admin', body: { status } })
  await set('disabled')
  const server = await cloud.server({ name: 'mine', networks: 'none' })
  await set('enabled')
  return server
}

test('a token that has expired: found by the id of the request, for administrators alone', async () => {
  let late = 0
  await withLogs({ clock: { ...systemClock, now: () => systemClock.now() + late } }, async stage => {
    const { cloud } = stage
    const old = await cloud.token('demo')
    const lifetime = await cloud.ask('GET', '/identity/v3/auth/tokens', {
      headers: { 'x-subject-token': old },
    })
    late = Date.parse(lifetime.body.token.expires_at) - systemClock.now() + 1000
    const refused = await cloud.ask('GET', '/servers', { headers: { 'x-auth-token': old } })
    assert.equal(refused.status, 401)
    await assertExpired(cloud, requestOf(refused))
  })
})

/** Who asks must have a token of today. */
async function assertExpired(cloud: TestCloud, request: string): Promise<void> {
  for (const [name, status] of [
    ['admin', 200],
    ['demo', 404],
  ] as const) {
    const domain = { id: 'default' }
    const identity = {
      methods: ['password'],
      password: { user: { name, domain, password: passwords[name] } },
    }
    const body = { auth: { identity, scope: { project: { name, domain } } } }
    const { headers } = await cloud.ask('POST', '/identity/v3/auth/tokens', { as: null, body })
    const token = headers.get('x-subject-token') ?? ''
    const trace = await cloud.ask('GET', `/trace/v1/traces/${request}`, {
      as: null,
      headers: { 'x-auth-token': token },
    })
    assert.equal(trace.status, status, trace.text)
    if (status === 200) assert.match(trace.body.verdict.cause.code, /^Auth\.Token/)
  }
}
