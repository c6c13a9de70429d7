// Every operation stopped at the points it can be stopped at, and taken up by the next cloud on the same data: it ends
// as if nothing had happened, says that it was recovered, and nothing of it is left over.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureKey } from '../../src/compute/failures.ts'
import { type Account, nothingLeaked, startTestCloud, type TestCloud } from '../support/cloud.ts'
import { type Course, type Crashes, crashes, crashHeader } from '../support/crash.ts'
import { type TestData, testData } from '../support/data.ts'
import { liftQuotas } from '../support/quotas.ts'
import { holdings } from '../support/room.ts'
import { attached, fromVolume, looseEnds, makeVolume } from '../support/volumes.ts'

interface Scenario {
  readonly name: string
  /** Done before, undisturbed. */
  readonly first?: readonly (readonly [body: unknown, as?: Account])[]
  /** Built on the host that counts as down from then on. */
  readonly isOrphan?: true
  /** It boots from a volume, and has another one. */
  readonly isOnVolumes?: true
  /** What is stopped: an action's body, `DELETE`, `create`, or `ATTACH` and `DETACH` of a volume. */
  readonly body: unknown
  /** The caller is answered at the end alone, which is not to come. */
  readonly isWaitedFor?: true
  readonly as?: Account
  /** `faultline:fail` from then on: it is the undoing that is stopped, too. */
  readonly fail?: string
  readonly left: string
  /** Fault message at the end. */
  readonly fault?: string
}

const image = 'IMAGE'
const building: readonly Scenario[] = [
  { name: 'create', body: 'create', left: 'active/-' },
  { name: 'create on another host', body: 'create', fail: 'spawn:LibvirtError:once', left: 'active/-' },
  {
    name: 'create that is given up',
    body: 'create',
    fail: 'spawn:ImageUnacceptable',
    left: 'error/-',
    fault: 'Build of instance ID aborted: Image IMAGE is unacceptable: asked for by faultline:fail',
  },
  { name: 'delete', body: 'DELETE', left: 'deleted/-' },
]

const power: readonly Scenario[] = [
  { name: 'start', first: [[{ 'os-stop': null }]], body: { 'os-start': null }, left: 'active/-' },
  { name: 'stop', body: { 'os-stop': null }, left: 'stopped/-' },
  { name: 'soft reboot', body: { reboot: { type: 'SOFT' } }, left: 'active/-' },
  {
    name: 'reboot that fails',
    body: { reboot: { type: 'HARD' } },
    fail: 'reboot:LibvirtError',
    left: 'active/-',
  },
  { name: 'pause', body: { pause: null }, left: 'paused/-' },
  { name: 'unpause', first: [[{ pause: null }]], body: { unpause: null }, left: 'active/-' },
  { name: 'suspend', body: { suspend: null }, left: 'suspended/-' },
  { name: 'resume', first: [[{ suspend: null }]], body: { resume: null }, left: 'active/-' },
  { name: 'rescue', body: { rescue: null }, left: 'rescued/-' },
  { name: 'trigger_crash_dump', body: { trigger_crash_dump: null }, left: 'active/-' },
  { name: 'unrescue', first: [[{ rescue: null }]], body: { unrescue: null }, left: 'active/-' },
]

const moving: readonly Scenario[] = [
  { name: 'resize', body: { resize: { flavorRef: '2' } }, left: 'resized/-' },
  {
    name: 'resize that fails on its target',
    body: { resize: { flavorRef: '2' } },
    fail: 'spawn:LibvirtError',
    left: 'error/-',
    fault: 'LibvirtError',
  },
  {
    name: 'resize that is rolled back',
    body: { resize: { flavorRef: '2' } },
    fail: 'pack:ResizeError',
    left: 'active/-',
  },
  { name: 'migrate', body: { migrate: null }, as: 'admin', left: 'resized/-' },
  {
    name: 'live migration',
    body: { 'os-migrateLive': { host: null, block_migration: 'auto' } },
    as: 'admin',
    left: 'active/-',
  },
  {
    name: 'live migration that is rolled back',
    body: { 'os-migrateLive': { host: null, block_migration: 'auto' } },
    as: 'admin',
    fail: 'send:LibvirtError',
    left: 'active/-',
  },
  {
    name: 'confirmResize',
    first: [[{ resize: { flavorRef: '2' } }]],
    body: { confirmResize: null },
    left: 'active/-',
  },
  {
    name: 'revertResize',
    first: [[{ resize: { flavorRef: '2' } }]],
    body: { revertResize: null },
    left: 'active/-',
  },
  {
    name: 'delete of a resized server',
    first: [[{ resize: { flavorRef: '2' } }]],
    body: 'DELETE',
    left: 'deleted/-',
  },
]

const evacuating: readonly Scenario[] = [
  {
    name: 'evacuate',
    isOrphan: true,
    body: { evacuate: {} },
    as: 'admin',
    left: 'stopped/-',
  },
  {
    name: 'evacuate that fails',
    isOrphan: true,
    body: { evacuate: {} },
    as: 'admin',
    fail: 'spawn:LibvirtError',
    left: 'error/-',
    fault: 'LibvirtError',
  },
]

const images: readonly Scenario[] = [
  { name: 'rebuild', body: { rebuild: { imageRef: image } }, left: 'active/-' },
  {
    name: 'rebuild of a stopped server',
    first: [[{ 'os-stop': null }]],
    body: { rebuild: { imageRef: image } },
    left: 'stopped/-',
  },
  { name: 'createImage', body: { createImage: { name: 'kept' } }, left: 'active/-' },
  {
    name: 'createImage that fails',
    body: { createImage: { name: 'half' } },
    fail: 'upload:LibvirtError',
    left: 'active/-',
  },
  {
    name: 'createBackup',
    body: { createBackup: { name: 'rotated', backup_type: 'daily', rotation: 0 } },
    left: 'active/-',
  },
  { name: 'shelve', body: { shelve: null }, left: 'shelved_offloaded/-' },
  { name: 'shelve that fails', body: { shelve: null }, fail: 'upload:LibvirtError', left: 'active/-' },
  { name: 'unshelve', first: [[{ shelve: null }]], body: { unshelve: null }, left: 'active/-' },
  {
    name: 'unshelve that fails',
    first: [[{ shelve: null }]],
    body: { unshelve: null },
    fail: 'spawn:LibvirtError',
    left: 'shelved_offloaded/-',
  },
]

const volumes: readonly Scenario[] = [
  { name: 'attach', body: 'ATTACH', left: 'active/-' },
  { name: 'attach that fails', body: 'ATTACH', fail: 'attachVolume:LibvirtError', left: 'active/-' },
  { name: 'detach', isOnVolumes: true, body: 'DETACH', isWaitedFor: true, left: 'active/-' },
  {
    name: 'detach that fails',
    isOnVolumes: true,
    body: 'DETACH',
    isWaitedFor: true,
    fail: 'release_volume:RuntimeError',
    left: 'active/-',
  },
  { name: 'create on a volume', isOnVolumes: true, body: 'create', left: 'active/-' },
  {
    name: 'create on a volume that is given up',
    isOnVolumes: true,
    body: 'create',
    fail: 'spawn:ImageUnacceptable',
    left: 'error/-',
  },
  { name: 'delete with volumes', isOnVolumes: true, body: 'DELETE', left: 'deleted/-' },
  { name: 'resize with volumes', isOnVolumes: true, body: { resize: { flavorRef: '2' } }, left: 'resized/-' },
  {
    name: 'revertResize with volumes',
    isOnVolumes: true,
    first: [[{ resize: { flavorRef: '2' } }]],
    body: { revertResize: null },
    left: 'active/-',
  },
  {
    name: 'live migration with volumes',
    isOnVolumes: true,
    body: { 'os-migrateLive': { host: null, block_migration: 'auto' } },
    as: 'admin',
    left: 'active/-',
  },
  {
    name: 'live migration with volumes that is rolled back',
    isOnVolumes: true,
    body: { 'os-migrateLive': { host: null, block_migration: 'auto' } },
    as: 'admin',
    fail: 'send:LibvirtError',
    left: 'active/-',
  },
  {
    name: 'rebuild on a volume',
    isOnVolumes: true,
    body: { rebuild: { imageRef: image } },
    left: 'active/-',
  },
  { name: 'shelve on a volume', isOnVolumes: true, body: { shelve: null }, left: 'shelved_offloaded/-' },
  {
    name: 'unshelve on a volume',
    isOnVolumes: true,
    first: [[{ shelve: null }]],
    body: { unshelve: null },
    left: 'active/-',
  },
  {
    name: 'createImage of volumes',
    isOnVolumes: true,
    body: { createImage: { name: 'kept' } },
    isWaitedFor: true,
    left: 'active/-',
  },
]

/** Every point in a long run; in an ordinary one every third, which still is each step at its begin, middle and end. */
const stride = process.env.FAULTLINE_LONG === '1' ? 1 : 3
const courseOf = ({ name }: Scenario, index: number) => `${index * stride} ${name}`

/** Room enough for a server a point, on each of the hosts. */
const roomy = { hosts: 3, hostVcpus: 256, hostRamMb: 1_000_000, hostDiskGb: 20_000 }

for (const [title, scenarios] of Object.entries({ building, power, moving, evacuating, images, volumes }))
  test(`operations of ${title}, stopped at point after point`, async t => {
    await using data = await testData()
    const stopped = await stopEverywhere(data, scenarios)
    const all = [...stopped.values()].flat()
    await using cloud = await startTestCloud({ ...roomy, data })
    assert.ok(cloud.cloud.recovered >= all.length, `${cloud.cloud.recovered} of ${all.length} recovered`)
    await cloud.settled()
    for (const scenario of scenarios)
      await t.test(scenario.name, async () => {
        for (const [point, id] of (stopped.get(scenario) ?? []).entries())
          await endedWell(cloud, scenario, id, `${scenario.name}, point ${point * stride}`)
      })
    await revive(cloud)
    assert.deepEqual(await holdings(cloud), [])
    assert.deepEqual(await looseEnds(cloud), [])
    for (const id of all) await remove(cloud, id)
    await cloud.settled()
    assert.deepEqual([await cloud.leaks(), await looseEnds(cloud)], [nothingLeaked, []])
    const { body } = await cloud.ask('GET', '/image/v2/images', { as: 'admin' })
    const left = body.images.filter(({ name }: { name: string }) => name !== 'kept')
    assert.equal(left.length, 1, 'only the image that was there')
  })

/** As many servers for each operation as it has points, each stopped at its own; answers their ids, by point. */
async function stopEverywhere(
  data: TestData,
  scenarios: readonly Scenario[],
): Promise<ReadonlyMap<Scenario, readonly string[]>> {
  const crash = crashes()
  const cloud = await startTestCloud({ ...roomy, data, wrap: crash.wrap })
  try {
    await liftQuotas(cloud)
    // The first operation of a cloud has more to do than others: it logs in.
    await remove(cloud, (await cloud.server()).id)
    const prepared = new Map<Scenario, (string | null)[]>()
    for (const scenario of scenarios) {
      const points = await pointsOf(cloud, crash, scenario)
      const ids: (string | null)[] = []
      for (let point = 0; point < points; point += stride) ids.push(await prepare(cloud, scenario))
      prepared.set(scenario, ids)
    }
    // From here on the cloud is never idle again: what has died is tried until the process ends.
    const stopped = new Map<Scenario, string[]>()
    for (const [scenario, ids] of prepared) {
      const begun: string[] = []
      for (const [point, id] of ids.entries())
        begun.push(await begin(cloud, scenario, id, courseOf(scenario, point)))
      stopped.set(scenario, begun)
    }
    for (const [scenario, ids] of stopped)
      for (const [point, id] of ids.entries())
        await diedAt(cloud, id, crash.courses.get(courseOf(scenario, point)))
    return stopped
  } finally {
    await cloud.close(0)
    crash.stop()
  }
}

/** At how many points the operation can be stopped: done once, undisturbed. */
async function pointsOf(cloud: TestCloud, { courses }: Crashes, scenario: Scenario): Promise<number> {
  const course = `100000 ${scenario.name}`
  const id = await begin(cloud, scenario, await prepare(cloud, scenario), course)
  await cloud.settled()
  await remove(cloud, id)
  await cloud.settled()
  const points = courses.get(course)?.passed ?? 0
  assert.ok(points >= 5, `${scenario.name} has ${points} points`)
  return points
}

async function diedAt(cloud: TestCloud, id: string, course: Course | undefined): Promise<void> {
  assert.ok(course)
  while (course.left > 0) {
    const open = await cloud.cloud.store.db
      .selectFrom('operations')
      .select('id')
      .where('server_id', '=', id)
      .where('state', 'in', ['accepted', 'running', 'undoing'])
      .execute()
    assert.ok(open.length > 0, `${id} came to its end ${course.left} points before it was to be stopped`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** A server as the scenario wants it; null where it is about to be made. */
async function prepare(
  cloud: TestCloud,
  { isOrphan, isOnVolumes, first = [], body, fail }: Scenario,
): Promise<string | null> {
  if (body === 'create') return null
  const { id } = isOrphan
    ? await cloud.server({ availability_zone: `nova:${deadHost}` }, { as: 'admin' })
    : await cloud.server(isOnVolumes ? fromVolume(cloud) : {})
  if (isOnVolumes) spare.set(id, await attached(cloud, { id }))
  if (body === 'ATTACH') spare.set(id, await makeVolume(cloud))
  if (isOrphan) await kill(cloud)
  for (const [before, as] of first) {
    const answer = await cloud.act({ id }, before, as)
    assert.ok(answer.status < 300, answer.text)
  }
  if (fail !== undefined)
    await cloud.cloud.store.db
      .updateTable('servers')
      .set({ metadata_json: JSON.stringify({ [failureKey]: fail }) })
      .where('id', '=', id)
      .execute()
  return id
}

/** The volume that comes and goes, by server. */
const spare = new Map<string, string>()

const deadHost = 'host-1'

/** The host counts as down; servers may still be put on it by force. */
const kill = (cloud: TestCloud) => forceDown(cloud, 1)
/** It returns, and gives up what was built elsewhere. */
const revive = async (cloud: TestCloud) => {
  await forceDown(cloud, 0)
  await cloud.cloud.periodic.run('evacuated')
}

const forceDown = (cloud: TestCloud, forced_down: 0 | 1) =>
  cloud.cloud.store.db
    .updateTable('compute_services')
    .set({ forced_down })
    .where('host', '=', deadHost)
    .execute()

async function begin(
  cloud: TestCloud,
  { body, as = 'demo', fail, isOnVolumes, isWaitedFor }: Scenario,
  id: string | null,
  course: string,
): Promise<string> {
  const headers = { [crashHeader]: course }
  if (id === null) {
    const metadata = fail === undefined ? {} : { [failureKey]: fail }
    const disks = isOnVolumes ? fromVolume(cloud) : { imageRef: cloud.imageId }
    const server = { name: 'vm', flavorRef: '1', networks: 'auto', metadata, ...disks }
    const answer = await cloud.ask('POST', '/servers', { as, body: { server }, headers })
    assert.equal(answer.status, 202, answer.text)
    return answer.body.server.id
  }
  const request = requestOf(cloud, id, body)
  const before = await countOperations(cloud, id)
  const answer = cloud.ask(request.method, request.path, { as, headers, body: request.body })
  if (isWaitedFor) await accepted(answer, async () => (await countOperations(cloud, id)) > before)
  else assert.ok((await answer).status < 300, (await answer).text)
  return id
}

function requestOf(cloud: TestCloud, id: string, body: unknown) {
  const volumeId = spare.get(id)
  const attachments = `/servers/${id}/os-volume_attachments`
  if (body === 'DELETE') return { method: 'DELETE', path: `/servers/${id}`, body: undefined }
  if (body === 'ATTACH')
    return { method: 'POST', path: attachments, body: { volumeAttachment: { volumeId } } }
  if (body === 'DETACH') return { method: 'DELETE', path: `${attachments}/${volumeId}`, body: undefined }
  const text = JSON.stringify(body).replace(image, cloud.imageId)
  return { method: 'POST', path: `/servers/${id}/action`, body: JSON.parse(text) }
}

/** Waits until the request is in hand; whoever asked hears of it only when it is done, if at all. */
async function accepted(answer: Promise<unknown>, isInHand: () => Promise<boolean>): Promise<void> {
  let isAnswered = false
  const answered = () => {
    isAnswered = true
  }
  answer.then(answered, answered)
  while (!isAnswered && !(await isInHand())) await new Promise(resolve => setTimeout(resolve, 2))
}

const countOperations = async (cloud: TestCloud, id: string): Promise<number> =>
  (await cloud.cloud.store.db.selectFrom('operations').select('id').where('server_id', '=', id).execute())
    .length

const remove = (cloud: TestCloud, id: string) =>
  cloud.ask('POST', `/servers/${id}/action`, { as: 'admin', body: { forceDelete: null } })

async function endedWell(cloud: TestCloud, scenario: Scenario, id: string, where: string): Promise<void> {
  const row = await cloud.cloud.store.db
    .selectFrom('servers')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  assert.equal(`${row.vm_state}/${row.task_state ?? '-'}`, scenario.left, where)
  if (scenario.fault !== undefined) {
    const { fault } = await cloud.show(id)
    assert.equal(fault?.message, scenario.fault.replace('ID', id).replace(image, cloud.imageId), where)
  }
  const actions = await cloud.actions(id)
  for (const { action, finish_time, events } of actions) {
    assert.notEqual(finish_time, null)
    for (const event of events) assert.ok(event.finish_time, `${where}: ${action} ${event.event} is closed`)
  }
  const recent = actions.filter(({ request_id }) => request_id === actions[0].request_id)
  const marks = recent.flatMap(({ events }) =>
    events.filter(({ event }: { event: string }) => event === 'conductor_recover_operation'),
  )
  assert.ok(marks.length > 0, `${where}: recovery left its mark`)
  for (const { details } of marks) assert.match(details, /^Found \w+ .+ after a restart; .+\.$/)
  if (scenario.fail === undefined)
    for (const { message, events } of recent)
      assert.equal(message, null, `${where}: ${JSON.stringify(events)}`)
}
