import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { roomOf } from '../../support/room.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud({ hosts: 2, compute: { reclaimSeconds: 3600 } })
after(() => cloud.close())
const { tell, tellOf } = await storyteller(cloud)
const remove = (id: string) => cloud.ask('DELETE', `/servers/${id}`)

test('with a time to think again, a deleted server is stopped and kept, and can be restored', async () => {
  const server = await cloud.server()
  assert.deepEqual(await tellOf(server, () => remove(server.id)), {
    status: 204,
    states: ['active/soft-deleting', 'soft-delete/-'],
    action: 'delete',
    events: ['compute_soft_delete_instance Success home'],
    notifications: ['instance.soft_delete.start home', 'instance.soft_delete.end home'],
  })
  assert.equal((await cloud.show(server.id)).status, 'SOFT_DELETED')
  assert.deepEqual(await tell(server, { restore: null }), {
    status: 202,
    states: ['soft-delete/restoring', 'active/-'],
    action: 'restore',
    events: ['compute_restore_instance Success home'],
    notifications: ['instance.restore.start home', 'instance.restore.end home'],
  })
  assert.equal((await cloud.show(server.id))['OS-EXT-STS:power_state'], 1)
})

test('deleting it again changes nothing; forceDelete removes it', async () => {
  const server = await cloud.server()
  await remove(server.id)
  await cloud.settled()
  assert.equal((await remove(server.id)).status, 204)
  const { states, action, events } = await tell(server, { forceDelete: null })
  assert.deepEqual(
    { states, action, events },
    {
      states: ['soft-delete/deleting', 'deleted/-'],
      action: 'delete',
      events: ['compute_terminate_instance Success home'],
    },
  )
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a resized server is confirmed first', async () => {
  const server = await cloud.server()
  await cloud.act(server, { resize: { flavorRef: '2' } })
  const { states } = await tellOf(server, () => remove(server.id))
  assert.deepEqual(states, ['resized/soft-deleting', 'active/soft-deleting', 'soft-delete/-'])
  assert.deepEqual(await roomOf(cloud, server.id), { claims: 1, allocations: 1, machines: 1 })
  await cloud.act(server, { restore: null })
  assert.equal((await cloud.show(server.id)).flavor.original_name, 'm1.small')
})

test('a locked one is refused as in a wrong state', async () => {
  const server = await cloud.server()
  await remove(server.id)
  await cloud.settled()
  await cloud.act(server, { lock: null })
  const answer = await cloud.act(server, { restore: null })
  assert.deepEqual(
    [answer.status, answer.body.conflictingRequest.message],
    [409, `Instance ${server.id} is in an invalid state for 'restore'`],
  )
})
