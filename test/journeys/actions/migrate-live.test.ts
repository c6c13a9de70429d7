import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { holdings, roomOf } from '../../support/room.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud({ hosts: 3 })
after(() => cloud.close())
const { tell } = await storyteller(cloud)
const live = (more: object = {}) => ({ 'os-migrateLive': { host: null, block_migration: 'auto', ...more } })
const hostOf = async (id: string) => (await cloud.show(id))['OS-EXT-SRV-ATTR:host']
const migrationOf = async (id: string) =>
  (await cloud.ask('GET', `/os-migrations?instance_uuid=${id}`, { as: 'admin' })).body.migrations[0]
const elsewhere = (host: string) => ['host-1', 'host-2', 'host-3'].filter(name => name !== host)
const events = [
  'conductor_live_migrate_instance Success controller',
  'compute_check_can_live_migrate_destination Success away',
  'compute_check_can_live_migrate_source Success home',
  'compute_live_migration Success home',
  'compute_pre_live_migration Success away',
  'compute_post_live_migration_at_destination Success away',
]

test('a running machine goes to another host as it is, and nothing of it stays behind', async () => {
  const server = await cloud.server()
  const source = await hostOf(server.id)
  const consoleOf = async () => (await cloud.act(server, { 'os-getConsoleOutput': {} })).body.output as string
  const console = await consoleOf()
  assert.deepEqual(await tell(server, live(), 'admin'), {
    status: 202,
    states: ['active/migrating', 'active/-'],
    action: 'live-migration',
    events,
    notifications: [
      'instance.live_migration_pre.start away',
      'instance.live_migration_pre.end away',
      'instance.live_migration_post.start home',
      'instance.live_migration_post_dest.start away',
      'instance.live_migration_post_dest.end away',
      'instance.live_migration_post.end home',
    ],
  })
  const target = await hostOf(server.id)
  assert.notEqual(target, source)
  assert.equal(await consoleOf(), console, 'it was not booted again')
  const migration = await migrationOf(server.id)
  assert.deepEqual(
    [migration.status, migration.migration_type, migration.source_compute, migration.dest_compute],
    ['completed', 'live-migration', source, target],
  )
  const { ports } = (await cloud.ask('GET', `/network/v2.0/ports?device_id=${server.id}`, { as: 'admin' }))
    .body
  assert.deepEqual(
    ports.map((port: Record<string, unknown>) => port['binding:host_id']),
    [target],
  )
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 1, allocations: 1, machines: 1 })
  assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
})

test('a paused machine arrives paused', async () => {
  const server = await cloud.server()
  await cloud.act(server, { pause: null })
  const story = await tell(server, live(), 'admin')
  assert.deepEqual([story.states, story.events], [['paused/migrating', 'paused/-'], events])
  assert.equal((await cloud.show(server.id))['OS-EXT-STS:power_state'], 3)
})

test('to the host that is named, by every version that has a way to say so', async () => {
  const asks: readonly (readonly [version: string, more: object])[] = [
    ['2.1', { block_migration: false, disk_over_commit: false }],
    ['2.24', { block_migration: 'True', disk_over_commit: 'False' }],
    ['2.25', { block_migration: 'auto' }],
    ['2.30', { block_migration: true }],
    ['2.34', { force: true }],
    ['2.67', { force: false }],
    ['2.68', {}],
    ['latest', {}],
  ]
  const server = await cloud.server()
  for (const [version, more] of asks) {
    const [host] = elsewhere(await hostOf(server.id))
    const answer = await cloud.act(server, live({ host, ...more }), 'admin', version)
    assert.equal(answer.status, 202, `${version}: ${answer.text}`)
    assert.equal(await hostOf(server.id), host, version)
    const [{ events: recorded }] = await cloud.actions(server.id)
    const first = version === '2.1' || version === '2.24' || version === '2.25' || version === '2.30'
    assert.equal(
      recorded.at(-1).event,
      first ? 'conductor_migrate_server' : 'conductor_live_migrate_instance',
      version,
    )
  }
  const refused: readonly (readonly [version: string, more: object])[] = [
    ['2.1', { block_migration: false }],
    ['2.24', { block_migration: 'auto', disk_over_commit: false }],
    ['2.25', { disk_over_commit: false }],
    ['2.29', { force: true }],
    ['2.68', { force: false }],
  ]
  for (const [version, more] of refused)
    assert.equal((await cloud.act(server, live(more), 'admin', version)).status, 400, version)
  const forced = await cloud.act(server, live({ force: true }), 'admin', '2.30')
  assert.equal(forced.body.badRequest.message, "Can't force to a non-provided destination")
})

test('up to 2.33 the caller is told at once why it cannot be; from 2.34 on the record says so', async () => {
  const server = await cloud.server()
  const source = await hostOf(server.id)
  const [down] = elsewhere(source)
  const force = (forced_down: boolean) =>
    cloud.ask('PUT', '/os-services/force-down', {
      as: 'admin',
      version: '2.11',
      body: { host: down, binary: 'nova-compute', forced_down },
    })
  await force(true)
  const self = `Unable to migrate instance (${server.id}) to current host (${source}).`
  const unavailable = `Compute service of ${down} is unavailable at this time.`
  for (const [host, message, forOwner] of [
    [source, self, `Unable to migrate instance (${server.id}) to the host it is on.`],
    [down, unavailable, 'Compute service of the host is unavailable at this time.'],
  ]) {
    const old = await cloud.act(server, live({ host }), 'admin', '2.33')
    assert.deepEqual([old.status, old.body.badRequest.message], [400, message])
    const story = await tell(server, live({ host }), 'admin', '2.34')
    assert.deepEqual(
      [story.status, story.states.at(-1), story.events],
      [202, 'active/-', ['conductor_live_migrate_instance Error controller']],
    )
    const [{ request_id, events: recorded }] = await cloud.actions(server.id)
    assert.equal(recorded[0].details, message)
    const path = `/servers/${server.id}/os-instance-actions/${request_id}`
    const owners = (await cloud.ask('GET', path)).body.instanceAction.events[0]
    assert.equal(owners.details, forOwner, 'owners are not told where it is')
    assert.equal((await migrationOf(server.id)).status, 'error')
  }
  await force(false)
  const nowhere = await cloud.act(server, live({ host: 'host-9' }), 'admin')
  assert.deepEqual(
    [nowhere.status, nowhere.body.badRequest.message],
    [400, 'Compute host host-9 could not be found.'],
  )
  assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
})

test('a forced host has to have room, too', async () => {
  await using small = await startTestCloud({ hosts: 2, hostRamMb: 1024 })
  const server = await small.server()
  const other = await small.server()
  const host = (await small.show(other.id))['OS-EXT-SRV-ATTR:host']
  assert.notEqual(host, (await small.show(server.id))['OS-EXT-SRV-ATTR:host'])
  const forced = await small.act(server, live({ host, force: true }), 'admin', '2.33')
  assert.deepEqual(
    [forced.status, forced.body.badRequest.message],
    [
      400,
      `No valid host was found. Unable to move instance ${server.id} to host ${host}. There is not enough capacity on the host for the instance.`,
    ],
  )
  const asked = await small.act(server, live({ host }), 'admin', '2.33')
  assert.match(asked.body.badRequest.message, /^No valid host was found\. /)
  assert.deepEqual([await holdings(small), await small.leaks()], [[], nothingLeaked])
})

test('a host that says no is left for another, unless it was named', async () => {
  const server = await cloud.server({ metadata: { 'faultline:fail': 'checkIncoming:MigrationError:once' } })
  const story = await tell(server, live(), 'admin')
  assert.deepEqual(story.events, [
    events[0],
    'compute_check_can_live_migrate_destination Error away',
    ...events.slice(1),
  ])
  const named = await cloud.server({ metadata: { 'faultline:fail': 'checkIncoming:MigrationError' } })
  const [host] = elsewhere(await hostOf(named.id))
  const refused = await cloud.act(named, live({ host }), 'admin', '2.33')
  assert.deepEqual(
    [refused.status, refused.body.badRequest.message],
    [400, 'Migration error: asked for by faultline:fail'],
  )
  const nobody = await cloud.act(named, live(), 'admin', '2.33')
  assert.match(nobody.body.badRequest.message, /^No valid host was found\. /)
  assert.deepEqual([await holdings(cloud), await cloud.leaks()], [[], nothingLeaked])
})

test('owners may not', async () => {
  const server = await cloud.server()
  assert.equal((await cloud.act(server, live())).status, 403)
})
