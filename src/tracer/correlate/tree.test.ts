import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idOf, record, used } from '../../../test/support/log-records.ts'
import type { LogRecord } from '../record.ts'
import { buildTree } from './tree.ts'

/** One line a call: depth, service, edge. */
function drawn(records: readonly LogRecord[], requestId = idOf(1)): string[] {
  const branches = buildTree(
    [...records].sort((a, b) => a.at! - b.at!), // the builder gives every record a time
    requestId,
  )
  return branches.map(branch => {
    let depth = 0
    for (let at = branch.parent; at; at = at.parent) depth += 1
    return `${'  '.repeat(depth)}${branch.node.service}${branch.node.host ? `@${branch.node.host}` : ''} ${branch.edge}`
  })
}

const api = record('nova-api', 10, { access: {} })

test('services under one local id stand below those that passed the request on to them', () => {
  assert.deepEqual(
    drawn([
      api,
      record('nova-conductor', 20),
      record('nova-scheduler', 30),
      record('nova-compute', 40, { host: 'compute1' }),
      record('nova-compute', 60, { host: 'compute2' }),
    ]),
    [
      'nova-api root',
      '  nova-conductor proven',
      '    nova-scheduler proven',
      '    nova-compute@compute1 proven',
      '    nova-compute@compute2 proven',
    ],
  )
})

test('an action without a conductor goes from the API to the host', () => {
  assert.deepEqual(drawn([api, record('nova-compute', 40, { host: 'compute1' })]), [
    'nova-api root',
    '  nova-compute@compute1 proven',
  ])
})

test("a called service stands below the part that says it used the service's id", () => {
  assert.deepEqual(
    drawn([
      api,
      record('nova-conductor', 20),
      record('nova-compute', 40, { host: 'compute1' }),
      used('nova-compute', 90, 2, { host: 'compute1' }),
      record('neutron-server', 80, { localId: idOf(2), access: { path: '/v2.0/ports', status: 201 } }),
    ]),
    [
      'nova-api root',
      '  nova-conductor proven',
      '    nova-compute@compute1 proven',
      '      neutron-server proven',
    ],
  )
})

test('a called service that carries the id of its caller needs no other sign', () => {
  const carries = { localId: idOf(2), globalId: idOf(1), access: { path: '/v2.0/ports', status: 201 } }
  assert.deepEqual(drawn([api, record('nova-compute', 40), record('neutron-server', 80, carries)]), [
    'nova-api root',
    '  nova-compute proven',
    '  neutron-server proven',
  ])
})

test('with a global id of the user, who was at work tells who called, as a guess', () => {
  const shared = { globalId: idOf(9) }
  assert.deepEqual(
    drawn([
      record('nova-api', 10, { ...shared, access: {} }),
      record('nova-conductor', 20, shared),
      record('nova-conductor', 100, shared),
      record('placement-api', 60, { ...shared, localId: idOf(2), access: { durationMs: 5 } }),
    ]),
    ['nova-api root', '  nova-conductor proven', '    placement-api inferred'],
  )
})

test('requests of one client under one global id are trees of their own', () => {
  const shared = { globalId: idOf(9) }
  const records = [
    record('glance-api', 0, { ...shared, localId: idOf(3), access: { method: 'GET', durationMs: 1 } }),
    record('nova-api', 50, { ...shared, access: { durationMs: 1 } }),
  ]
  assert.deepEqual(drawn(records, idOf(9)), ['glance-api root', 'nova-api root'])
  assert.deepEqual(drawn(records), ['nova-api root'])
})

test('a call of which only the caller tells is there, with nothing known of its answer', () => {
  const records = [api, used('nova-api', 9, 2)]
  const branches = buildTree(records, idOf(1))
  assert.deepEqual(drawn(records), ['nova-api root', '  neutron-server proven'])
  assert.equal(branches[1]?.node.operation, 'POST /v2.0/ports')
  assert.equal(branches[1]?.node.status, null)
})

test('a service nobody is seen to have called is an orphan, and stays visible, last', () => {
  const orphan = record('nova-compute', 1, { localId: idOf(4), globalId: idOf(1) })
  const lost = record('cinder-volume', 0, { localId: idOf(5), globalId: idOf(8) })
  assert.deepEqual(drawn([api, orphan, lost], idOf(8)), [
    'nova-api root',
    '  nova-compute proven',
    'cinder-volume orphan',
  ])
})

test('ids that name each other in a ring do not hang it', () => {
  const ring = [
    record('nova-api', 10, { globalId: idOf(2), access: {} }),
    record('neutron-server', 20, { localId: idOf(2), globalId: idOf(1), access: {} }),
  ]
  assert.equal(drawn(ring).length, 2)
})

test('lines of a service with and without its host are one call, unless it ran on several', () => {
  const scheduler = (host: string | null) => record('nova-scheduler', 30, { host })
  assert.deepEqual(drawn([api, scheduler(null), scheduler('ctl')]), [
    'nova-api root',
    '  nova-scheduler@ctl proven',
  ])
  assert.equal(drawn([api, scheduler(null), scheduler('a'), scheduler('b')]).length, 4)
})
