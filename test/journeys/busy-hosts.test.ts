// What is going on on a host counts when the next server looks for one (nova's io_workload).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestCloud } from '../support/cloud.ts'
import { holdCalls } from '../support/hold.ts'

test('with the IoOpsFilter, a host that builds eight servers takes no ninth until they are done', async () => {
  const held = holdCalls('spawn')
  await using cloud = await startTestCloud({ wrap: held.wrap, compute: { filters: ['IoOpsFilter'] } })
  const first = await Promise.all(Array.from({ length: 8 }, () => cloud.server({}, { wait: false })))
  await held.waiting(8)
  const ninth = await cloud.server({}, { wait: false })
  const faultOf = async (id: string) => (await cloud.show(id)).fault
  while ((await cloud.show(ninth.id)).status === 'BUILD');
  assert.equal(
    (await faultOf(ninth.id)).message,
    'No valid host was found. There are not enough hosts available.',
  )
  const [action] = await cloud.actions(ninth.id)
  assert.match(action.events[0].details, /host-1 is busy with other builds and moves/)
  held.release()
  await cloud.settled()
  for (const { id } of first) assert.equal((await cloud.show(id)).status, 'ACTIVE')
  assert.equal((await cloud.server()).status, 'ACTIVE')
})
