import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../support/cloud.ts'

test('the walkthrough of the guide: a resize that finds no host leaves the server as it was and says why', async () => {
  await using cloud = await startTestCloud()
  const vm1 = await cloud.server({ name: 'vm1' })
  assert.equal(vm1.status, 'ACTIVE')
  const resized = await cloud.act(vm1, { resize: { flavorRef: '2' } })
  assert.equal(resized.status, 202)
  const requestId = resized.headers.get('x-compute-request-id')
  const after = await cloud.show(vm1.id)
  assert.deepEqual(
    [after.status, after['OS-EXT-STS:task_state'], after.flavor.original_name, after.fault],
    ['ACTIVE', null, 'm1.tiny', undefined],
  )

  const list = await cloud.ask('GET', `/servers/${vm1.id}/os-instance-actions`)
  assert.deepEqual(
    list.body.instanceActions.map((action: { action: string }) => action.action),
    ['resize', 'create'],
  )

  const owner = await cloud.ask('GET', `/servers/${vm1.id}/os-instance-actions/${requestId}`, {
    version: '2.84',
  })
  const { message, events } = owner.body.instanceAction
  assert.equal(message, 'Error')
  assert.deepEqual(
    events.map((event: { event: string; result: string }) => [event.event, event.result]),
    [
      ['cold_migrate', 'Error'],
      ['conductor_migrate_server', 'Error'],
    ],
  )
  assert.match(
    events[0].details,
    /^No valid host was found\. No valid host found for resize: 0 of 1 hosts can take it/,
  )
  assert.doesNotMatch(JSON.stringify(owner.body), /host-1|traceback/)

  const admin = await cloud.ask('GET', `/servers/${vm1.id}/os-instance-actions/${requestId}`, {
    as: 'admin',
    version: '2.84',
  })
  const [event] = admin.body.instanceAction.events
  assert.match(
    event.details,
    /0 of 1 hosts can take it: host-1 is the server's current host and resize to the same host is off$/,
  )
  assert.match(event.traceback, /^ {2}File "src\/compute\/operations\/resize\.ts", line \d+, in \w+\n/)

  assert.equal((await cloud.ask('DELETE', `/servers/${vm1.id}`)).status, 204)
  await cloud.settled()
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a new cloud announces its services', async () => {
  await using cloud = await startTestCloud({ hosts: 2 })
  const created = cloud.notifications.filter(({ event_type }) => event_type === 'service.create')
  assert.deepEqual(created.map(({ publisher_id }) => String(publisher_id).replace(/:.*/, '')).sort(), [
    'nova-compute',
    'nova-compute',
    'nova-conductor',
    'nova-scheduler',
  ])
})
