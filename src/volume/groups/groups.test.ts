import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callers } from '../../../test/support/one-service.ts'
import {
  image,
  type RunningVolumes,
  runVolumes,
  type VolumeAsk,
} from '../../../test/support/volume-service.ts'
import { newUuid } from '../../base/ids.ts'

const admin = (volumes: RunningVolumes, method: string, path: string, body?: object) =>
  volumes.ask(method, path, { as: 'admin', ...(body === undefined ? {} : { body }) })

async function groupType(volumes: RunningVolumes, name = 'any', more: object = {}): Promise<string> {
  const answer = await admin(volumes, 'POST', '/group_types', { group_type: { name, ...more } })
  assert.equal(answer.status, 202, answer.text)
  return answer.body.group_type.id
}

async function group(volumes: RunningVolumes, type: string, given: object = {}) {
  const body = { group: { group_type: type, volume_types: ['__DEFAULT__'], ...given } }
  const answer = await volumes.ask('POST', '/groups', { body })
  assert.equal(answer.status, 202, answer.text)
  return show(volumes, answer.body.group.id)
}
const show = async (volumes: RunningVolumes, id: string) =>
  (await admin(volumes, 'GET', `/groups/${id}?list_volume=true`)).body.group
const inGroup = (volumes: RunningVolumes, group_id: string, given: object = {}) =>
  volumes.volume({ volume_type: '__DEFAULT__', group_id, ...given })
const act = async (volumes: RunningVolumes, id: string, body: object, ask: VolumeAsk = {}) => {
  const answer = await volumes.ask('POST', `/groups/${id}/action`, { ...ask, body })
  await volumes.work.settled()
  return answer
}
const messageOf = (answer: { readonly body: { readonly badRequest?: { readonly message: string } } }) =>
  answer.body.badRequest?.message ?? ''

test('group types and their specs are the administrators’; users see what there is', async () => {
  await using volumes = await runVolumes()
  const id = await groupType(volumes, 'gold', { group_specs: { a: 'b' }, description: 'd' })
  const shown = (await volumes.ask('GET', `/group_types/${id}`)).body.group_type
  assert.deepEqual(shown, { id, name: 'gold', description: 'd', is_public: true })
  assert.deepEqual((await admin(volumes, 'GET', `/group_types/${id}`)).body.group_type.group_specs, {
    a: 'b',
  })
  const twice = await admin(volumes, 'POST', '/group_types', { group_type: { name: 'gold' } })
  assert.equal(twice.body.conflictingRequest.message, 'Group Type gold already exists.')
  assert.equal(
    (await volumes.ask('POST', '/group_types', { body: { group_type: { name: 'x' } } })).status,
    403,
  )
  const path = `/group_types/${id}/group_specs`
  assert.equal((await admin(volumes, 'POST', path, { group_specs: { c: 'd' } })).status, 202)
  assert.equal((await admin(volumes, 'PUT', `${path}/c`, { e: 'f' })).status, 400)
  assert.deepEqual((await admin(volumes, 'PUT', `${path}/c`, { c: 'e' })).body, { c: 'e' })
  assert.deepEqual((await admin(volumes, 'GET', path)).body, { group_specs: { a: 'b', c: 'e' } })
  assert.deepEqual((await admin(volumes, 'GET', `${path}/c`)).body, { c: 'e' })
  assert.equal((await admin(volumes, 'DELETE', `${path}/c`)).status, 202)
  const gone = await admin(volumes, 'DELETE', `${path}/c`)
  assert.equal(gone.body.itemNotFound.message, `Group Type ${id} has no specs with key c.`)
  assert.equal((await volumes.ask('GET', path)).status, 403)
  const change = (group_type: object) => admin(volumes, 'PUT', `/group_types/${id}`, { group_type })
  assert.match(messageOf(await change({})), /Specify group type name, description/)
  assert.match(messageOf(await change({ name: ' ' })), /can not be empty/)
  assert.equal((await change({ name: 'silver', is_public: false })).body.group_type.name, 'silver')
  assert.equal((await volumes.ask('GET', `/group_types/${id}`)).status, 404)
  const names = async (query: string) =>
    (await admin(volumes, 'GET', `/group_types?${query}`)).body.group_types.map(
      (t: { name: string }) => t.name,
    )
  assert.deepEqual(await names(''), ['default_cgsnapshot_type'])
  assert.deepEqual(await names('is_public=none&sort=name:asc'), ['default_cgsnapshot_type', 'silver'])
  assert.equal((await admin(volumes, 'DELETE', `/group_types/${id}`)).status, 202)
  const lost = await admin(volumes, 'GET', `/group_types/${id}`)
  assert.equal(lost.body.itemNotFound.message, `Group type ${id} could not be found.`)
  const none = await volumes.ask('GET', '/group_types/default')
  assert.equal(none.body.itemNotFound.message, 'Default group type can not be found.')
})

test('a group takes volumes of its types, made in it or added, and shows them', async () => {
  await using volumes = await runVolumes()
  const type = await groupType(volumes)
  const made = await group(volumes, type, { name: ' g ', description: 'd' })
  assert.deepEqual(
    [made.status, made.name, made.group_type, made.volumes, made.replication_status, made.project_id],
    ['available', 'g', type, [], 'disabled', callers.demo.project?.id],
  )
  const one = await inGroup(volumes, made.id)
  assert.equal(one.group_id, made.id)
  const two = await volumes.volume()
  const change = (given: object) => volumes.ask('PUT', `/groups/${made.id}`, { body: { group: given } })
  assert.equal((await change({ name: 'h', add_volumes: `${two.id},`, remove_volumes: one.id })).status, 202)
  const changed = await show(volumes, made.id)
  assert.deepEqual([changed.name, changed.volumes], ['h', [two.id]])
  assert.match(messageOf(await change({ name: 'h' })), /because no valid name, description/)
  assert.match(messageOf(await change({ remove_volumes: one.id })), /because it is not in the group/)
  assert.match(messageOf(await change({ add_volumes: newUuid() })), /because volume cannot be found/)
  assert.match(
    messageOf(await change({ add_volumes: one.id, remove_volumes: one.id })),
    /in both add and remove/,
  )
  const theirs = await volumes.volume({}, { as: 'other' })
  assert.match(messageOf(await change({ add_volumes: theirs.id })), /belong to different projects/)
  await admin(volumes, 'POST', '/types', { volume_type: { name: 'fast' } })
  const fast = await volumes.volume({ volume_type: 'fast' })
  assert.match(messageOf(await change({ add_volumes: fast.id })), /is not supported by the group/)
  await volumes.act(one.id, { 'os-reset_status': { status: 'error' } }, { as: 'admin' })
  assert.match(
    messageOf(await change({ add_volumes: one.id })),
    /invalid state: error\. Valid states are: \('available', 'in-use'\)/,
  )
  const other = await group(volumes, type)
  const three = await inGroup(volumes, other.id)
  assert.match(messageOf(await change({ add_volumes: three.id })), /is already in group/)
  const kept = await volumes.ask('DELETE', `/volumes/${two.id}`)
  assert.match(messageOf(kept), /belong to a group/)
  const typed = await volumes.ask('POST', '/volumes', { body: { volume: { size: 1, group_id: made.id } } })
  assert.match(messageOf(typed), /volume_type must be provided when creating a volume in a group/)
  const wrong = { size: 1, group_id: made.id, volume_type: 'fast' }
  assert.match(
    messageOf(await volumes.ask('POST', '/volumes', { body: { volume: wrong } })),
    /requested type must be supported by this group/,
  )
  const names = async (query: string) =>
    (await volumes.ask('GET', `/groups${query}`)).body.groups.map((g: { name: string }) => g.name)
  assert.deepEqual(await names('?name=h'), ['h'])
  assert.equal((await volumes.ask('GET', `/groups/${made.id}`, { as: 'other' })).status, 404)
})

test('a group goes with its volumes only when that is said', async () => {
  await using volumes = await runVolumes()
  const type = await groupType(volumes)
  const { id } = await group(volumes, type)
  const { id: volumeId } = await inGroup(volumes, id)
  assert.match(
    messageOf(await act(volumes, id, { delete: {} })),
    /still contains volumes\. The delete-volumes flag is required/,
  )
  assert.equal((await admin(volumes, 'DELETE', `/group_types/${type}`)).status, 400)
  await volumes.act(volumeId, { 'os-attach': { host_name: 'h', mountpoint: '/dev/vdb' } })
  const all = { delete: { 'delete-volumes': true } }
  assert.match(messageOf(await act(volumes, id, all)), /is attached\. Need to detach first/)
  await volumes.act(volumeId, { 'os-detach': {} })
  const snapshot = await volumes.snapshot(volumeId)
  assert.match(messageOf(await act(volumes, id, all)), /still has dependent snapshots/)
  await volumes.ask('DELETE', `/snapshots/${snapshot.id}`)
  await volumes.work.settled()
  const stuck = { reset_status: { status: 'error_deleting' } }
  assert.equal((await act(volumes, id, stuck)).status, 403)
  assert.equal((await act(volumes, id, stuck, { as: 'admin' })).status, 202)
  assert.match(messageOf(await act(volumes, id, { delete: {} })), /but current status is: error_deleting/)
  assert.equal((await act(volumes, id, all)).status, 202)
  assert.equal(
    (await volumes.ask('GET', `/groups/${id}`)).body.itemNotFound.message,
    `Group ${id} could not be found.`,
  )
  assert.equal((await volumes.ask('GET', `/volumes/${volumeId}`)).status, 404)
  const set = (await volumes.ask('GET', `/os-quota-sets/${callers.demo.project?.id}?usage=true`)).body
    .quota_set
  assert.deepEqual([set.groups.in_use, set.volumes.in_use], [0, 0])
  assert.equal((await admin(volumes, 'DELETE', `/group_types/${type}`)).status, 202)
})

test('all volumes of a group are snapshot together, and a group is made of them or of the group', async () => {
  await using volumes = await runVolumes()
  const type = await groupType(volumes)
  const source = await group(volumes, type)
  await inGroup(volumes, source.id, { imageRef: image(volumes.madeUp, 'one') })
  await inGroup(volumes, source.id)
  const ask = async (given: object) => {
    const body = { group_snapshot: { group_id: source.id, ...given } }
    const answer = await volumes.ask('POST', '/group_snapshots', { body })
    await volumes.work.settled()
    return answer
  }
  const made = (await ask({ name: 's' })).body.group_snapshot
  const path = `/group_snapshots/${made.id}`
  const shown = (await volumes.ask('GET', path)).body.group_snapshot
  assert.deepEqual([shown.status, shown.name, shown.group_id], ['available', 's', source.id])
  const parts = (await volumes.ask('GET', '/snapshots/detail')).body.snapshots
  assert.deepEqual(
    parts.map((part: { name: string; group_snapshot_id: string }) => [part.name, part.group_snapshot_id]),
    [
      ['s', made.id],
      ['s', made.id],
    ],
  )
  assert.match(
    messageOf(await volumes.ask('DELETE', `/snapshots/${parts[0].id}`)),
    /must not be part of a group/,
  )
  assert.match(
    messageOf(await act(volumes, source.id, { delete: { 'delete-volumes': true } })),
    /Group has existing snapshots/,
  )
  const from = async (given: object) => {
    const answer = await volumes.ask('POST', '/groups/action', { body: { 'create-from-src': given } })
    await volumes.work.settled()
    return answer
  }
  for (const given of [{ group_snapshot_id: made.id }, { source_group_id: source.id }]) {
    const copy = await show(volumes, (await from({ name: 'copy', ...given })).body.group.id)
    assert.deepEqual(
      [copy.status, copy.volumes.length, copy.group_snapshot_id, copy.source_group_id],
      [
        'available',
        2,
        'group_snapshot_id' in given ? made.id : null,
        'source_group_id' in given ? source.id : null,
      ],
    )
    const sizes = await Promise.all(copy.volumes.map((id: string) => volumes.show(id)))
    assert.deepEqual(sizes.map(({ bootable }) => bootable).sort(), ['false', 'true'])
  }
  const names = async (query: string, version = 'latest') =>
    (await volumes.ask('GET', `/group_snapshots${query}`, { version })).body.group_snapshots.length
  assert.deepEqual(
    [await names('?name=s'), await names('/detail?name=t'), await names('?name=t', '3.28')],
    [1, 0, 1],
  )
  const reset = { reset_status: { status: 'creating' } }
  assert.equal((await volumes.ask('POST', `${path}/action`, { body: reset })).status, 403)
  assert.equal((await admin(volumes, 'POST', `${path}/action`, reset)).status, 202)
  assert.match(
    messageOf(await volumes.ask('DELETE', path)),
    /GroupSnapshot status must be available or error/,
  )
  await admin(volumes, 'POST', `${path}/action`, { reset_status: { status: 'available' } })
  assert.equal((await volumes.ask('DELETE', path)).status, 202)
  await volumes.work.settled()
  assert.equal(
    (await volumes.ask('GET', path)).body.itemNotFound.message,
    `GroupSnapshot ${made.id} could not be found.`,
  )
  assert.deepEqual((await volumes.ask('GET', '/snapshots')).body.snapshots, [])
})

test('an empty source makes no group, and a volume that is busy no snapshot', async () => {
  await using volumes = await runVolumes()
  const source = await group(volumes, await groupType(volumes))
  const from = (given: object) =>
    volumes.ask('POST', '/groups/action', { body: { 'create-from-src': given } })
  assert.match(messageOf(await from({ source_group_id: source.id })), /Source Group is empty/)
  const snapshot = { group_snapshot: { group_id: source.id } }
  const empty = (await volumes.ask('POST', '/group_snapshots', { body: snapshot })).body.group_snapshot
  assert.match(messageOf(await from({ group_snapshot_id: empty.id })), /GroupSnapshot is empty/)
  assert.equal((await from({})).status, 400)
  const { id } = await inGroup(volumes, source.id)
  await volumes.act(id, { 'os-reset_status': { status: 'error' } }, { as: 'admin' })
  assert.match(
    messageOf(await volumes.ask('POST', '/group_snapshots', { body: snapshot })),
    /cannot be created when volume .* is in error status/,
  )
  assert.match(messageOf(await from({ source_group_id: source.id })), /of the source group is error/)
})

test('a group nobody can have is in error, and what is replicated is refused', async () => {
  await using volumes = await runVolumes()
  const foreign = { name: 'foreign', extra_specs: { vendor_name: 'X', replication_enabled: '<is> True' } }
  await admin(volumes, 'POST', '/types', { volume_type: foreign })
  const group_specs = { group_replication_enabled: '<is> True', colour: 'blue' }
  const special = await groupType(volumes, 'special', { group_specs })
  const lost = await group(volumes, special, { volume_types: ['foreign'] })
  assert.equal(lost.status, 'error')
  const plain = await group(volumes, await groupType(volumes))
  const actions = ['enable', 'disable', 'failover'].map(verb => `${verb}_replication`)
  for (const name of [...actions, 'list_replication_targets'])
    assert.match(messageOf(await act(volumes, plain.id, { [name]: {} })), /is not a replication group type/)
  const wrong = await group(volumes, special)
  assert.equal(wrong.status, 'available')
  assert.match(
    messageOf(await act(volumes, wrong.id, { enable_replication: {} })),
    /does not have 'replication_enabled' spec key/,
  )
  assert.equal((await act(volumes, lost.id, { enable_replication: {} })).status, 501)
  assert.match(
    messageOf(await act(volumes, lost.id, { disable_replication: {} })),
    /current status is: disabled\. Cannot disable replication/,
  )
  const targets = await act(volumes, lost.id, { list_replication_targets: {} })
  assert.deepEqual(targets.body, { replication_targets: [] })
  assert.equal((await act(volumes, plain.id, { enable_replication: {} }, { version: '3.37' })).status, 404)
  assert.match(messageOf(await act(volumes, plain.id, { dance: {} })), /There is no such action/)
  const create = (given: object) =>
    volumes.ask('POST', '/groups', { body: { group: { volume_types: ['__DEFAULT__'], ...given } } })
  assert.equal(
    (await create({ group_type: 'nobody' })).body.itemNotFound.message,
    'Group type with name nobody could not be found.',
  )
  assert.equal((await create({ group_type: newUuid() })).status, 404)
  assert.equal((await create({ group_type: 'any', volume_types: ['none'] })).status, 404)
  assert.equal((await create({ group_type: 'any', availability_zone: 'mars' })).status, 400)
  assert.match(
    messageOf(await create({ group_type: 'default_cgsnapshot_type' })),
    /reserved for migrating CGs/,
  )
  const set = `/os-quota-sets/${callers.demo.project?.id}`
  await volumes.ask('PUT', set, { as: 'admin', body: { quota_set: { groups: 3 } } })
  const over = await create({ group_type: 'any' })
  assert.deepEqual([over.status, /^GroupLimitExceeded/.test(over.body.overLimit.message)], [413, true])
})

test('consistency groups are groups of a type of their own, which the other API leaves alone', async () => {
  await using volumes = await runVolumes()
  const create = async (given: object) => {
    const answer = await volumes.ask('POST', '/consistencygroups', { body: { consistencygroup: given } })
    return answer
  }
  assert.match(messageOf(await create({ name: 'c' })), /volume_types must be provided/)
  const made = (await create({ name: 'c', volume_types: '__DEFAULT__,', status: 'creating' })).body
    .consistencygroup
  const path = `/consistencygroups/${made.id}`
  const shown = (await volumes.ask('GET', path)).body.consistencygroup
  assert.deepEqual([shown.status, shown.name, shown.volume_types.length], ['available', 'c', 1])
  assert.match(messageOf(await volumes.ask('GET', `/groups/${made.id}`)), /can only be operated by CG APIs/)
  assert.deepEqual((await volumes.ask('GET', '/groups')).body.groups, [])
  assert.equal((await volumes.ask('GET', '/consistencygroups/detail')).body.consistencygroups.length, 1)
  const volume = await volumes.volume({ volume_type: '__DEFAULT__', consistencygroup_id: made.id })
  assert.deepEqual([volume.consistencygroup_id, volume.group_id], [made.id, null])
  const update = (given: object) =>
    volumes.ask('PUT', `${path}/update`, { body: { consistencygroup: given } })
  assert.match(messageOf(await update({})), /can not be all empty/)
  assert.equal((await update({ description: 'new' })).status, 202)
  const body = { cgsnapshot: { consistencygroup_id: made.id, name: 's' } }
  await volumes.act(volume.id, { 'os-attach': { host_name: 'h', mountpoint: '/dev/vdb' } })
  assert.match(messageOf(await volumes.ask('POST', '/cgsnapshots', { body })), /is in in-use status/)
  await volumes.act(volume.id, { 'os-detach': {} })
  const { cgsnapshot } = (await volumes.ask('POST', '/cgsnapshots', { body })).body
  await volumes.work.settled()
  const snapshot = (await volumes.ask('GET', `/cgsnapshots/${cgsnapshot.id}`)).body.cgsnapshot
  assert.deepEqual([snapshot.status, snapshot.consistencygroup_id], ['available', made.id])
  assert.match(
    messageOf(await volumes.ask('GET', `/group_snapshots/${cgsnapshot.id}`)),
    /can only be operated by CG snapshot APIs/,
  )
  assert.equal((await volumes.ask('GET', '/cgsnapshots')).body.cgsnapshots.length, 1)
  const from = async (given: object) => {
    const source = { 'consistencygroup-from-src': given }
    const answer = await volumes.ask('POST', '/consistencygroups/create_from_src', { body: source })
    await volumes.work.settled()
    return answer
  }
  assert.match(messageOf(await from({})), /Either 'cgsnapshot_id' or 'source_cgid' must be provided/)
  assert.match(
    messageOf(await from({ cgsnapshot_id: cgsnapshot.id, source_cgid: made.id })),
    /Cannot provide both/,
  )
  const copy = (await from({ cgsnapshot_id: cgsnapshot.id })).body.consistencygroup
  const status = async (id: string) =>
    (await volumes.ask('GET', `/consistencygroups/${id}`)).body.consistencygroup?.status
  assert.equal(await status(copy.id), 'available')
  assert.equal((await volumes.ask('DELETE', `/cgsnapshots/${cgsnapshot.id}`)).status, 202)
  await volumes.work.settled()
  const remove = (force: boolean) =>
    volumes.ask('POST', `${path}/delete`, { body: { consistencygroup: { force } } })
  assert.match(messageOf(await remove(false)), /still contains volumes/)
  assert.equal((await remove(true)).status, 202)
  await volumes.work.settled()
  assert.equal(await status(made.id), undefined)
})
