import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idOf, memorySource, record, serverId, used } from '../../test/support/log-records.ts'
import { gather } from './gather.ts'
import type { LogRecord } from './record.ts'
import type { Window } from './source.ts'

const services = (records: readonly LogRecord[]) => records.map(({ service }) => service)
const port = '81d5a5b7-14a9-410b-9161-6ebaf7124a20'

test('callees of callees and the caller above are found from an id in the middle', async () => {
  const records = [
    record('nova-api', 0, { access: {} }),
    used('nova-compute', 50, 2),
    record('neutron-server', 45, { localId: idOf(2), globalId: idOf(1), access: {} }),
    record('keystone', 44, { localId: idOf(3), globalId: idOf(2), access: {} }),
    record('keystone', 44, { localId: idOf(7), access: {} }),
  ]
  const { requestIds, records: found } = await gather(idOf(2), [memorySource(records)])
  assert.deepEqual([...requestIds].sort(), [idOf(1), idOf(2), idOf(3)])
  assert.deepEqual(services(found), ['nova-api', 'keystone', 'neutron-server', 'nova-compute'])
})

test('a request that only mentions the id does not belong', async () => {
  const asks = record('nova-api', 900, {
    localId: idOf(5),
    access: { method: 'GET', path: `/v2.1/servers/${serverId}/os-instance-actions/${idOf(1)}` },
  })
  const { records } = await gather(idOf(1), [memorySource([record('nova-api', 0, { access: {} }), asks])])
  assert.deepEqual(services(records), ['nova-api'])
})

test('what an agent says of the same port at the same time stands beside; what it says when all is well does not', async () => {
  const own = record('nova-compute', 0, {
    serverId,
    message: `Binding failed for port ${port}, please check`,
  })
  const agent = record('neutron-openvswitch-agent', -20, {
    localId: idOf(8),
    level: 'ERROR',
    message: `Failed to bind port ${port} on host compute1`,
  })
  const calm = record('neutron-server', -10, { localId: idOf(9), message: `Port ${port} updated` })
  const later = { ...agent, at: agent.at! + 3_600_000, place: { ...agent.place, offset: 1 } }
  const event = record('nova-compute', 10, { localId: null, userId: null, serverId, message: 'VM Stopped' })
  const { beside } = await gather(idOf(1), [memorySource([own, agent, calm, later, event])])
  assert.deepEqual(
    beside.map(({ message }) => message),
    [agent.message, 'VM Stopped'],
  )
})

test('later rounds look only around the time of what was found', async () => {
  const windows: (Window | null)[] = []
  const memory = memorySource([record('nova-api', 0, { access: {} }), used('nova-api', 5, 2)])
  const watched = {
    ...memory,
    find: (texts: ReadonlySet<string>, window: Window | null) => {
      windows.push(window)
      return memory.find(texts, window)
    },
  }
  await gather(idOf(1), [watched])
  assert.equal(windows[0], null)
  assert.ok(windows.length > 1)
  assert.ok(windows.slice(1).every(window => window !== null))
})

test('a line that stands in a copy of its file is there once; said twice in one file it is there twice', async () => {
  const one = record('nova-api', 0, { message: 'said' })
  const again = { ...one, place: { ...one.place, offset: 999_999 } }
  const copy = { ...one, place: { ...one.place, file: 'copies/nova-api.log' } }
  assert.equal((await gather(idOf(1), [memorySource([one, again, copy])])).records.length, 2)
})
