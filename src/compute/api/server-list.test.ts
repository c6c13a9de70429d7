import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { addServer, type ComputeAsk, startComputeApi } from '../../../test/support/compute-api.ts'

const api = await startComputeApi()
after(() => api.close())
beforeEach(async () => {
  await api.db.deleteFrom('servers').execute()
})

/** Names of the servers a query finds, for an administrator unless told otherwise. */
async function found(query: string, ask: ComputeAsk = {}): Promise<readonly string[]> {
  const answer = await api.api('GET', `/servers?${query}`, {
    as: 'admin',
    ...ask,
  })
  assert.equal(answer.status, 200, answer.text)
  return answer.body.servers.map(({ name }: { name: string }) => name).sort()
}
const everywhere = (query: string, ask: ComputeAsk = {}) => found(`all_tenants=1&${query}`, ask)
const escaped = encodeURIComponent

test('instants are matched as text, or to the second in the form servers show them', async () => {
  const morning = Date.UTC(2026, 10, 23, 9, 30, 27, 123)
  const evening = Date.UTC(2026, 10, 23, 18, 5)
  await addServer(api, { name: 'early', created_at: morning, launched_at: morning })
  await addServer(api, { name: 'late', created_at: evening, launched_at: null, terminated_at: evening })
  for (const [query, names] of [
    ['created_at=2026-11-23', ['early', 'late']],
    ['created_at=2026-11-23%2009:', ['early']],
    ['created_at=2026-11-23T09:30:27Z', ['early']],
    [`created_at=${escaped('2026-11-23T10:30:27+01:00')}`, ['early']],
    ['created_at=2026-11-23T09:30:28Z', []],
    ['launched_at=2026-11-23T09:30:27.000000', ['early']],
    ['launched_at=.', ['early']],
    ['terminated_at=18:05', ['late']],
    ['terminated_at=2026-11-24', []],
  ] as const)
    assert.deepEqual(await everywhere(query), names, query)
})

test('users filter by instants from 2.83 on; before, what they ask is dropped', async () => {
  await addServer(api, { name: 'mine' })
  for (const name of ['created_at', 'launched_at', 'terminated_at']) {
    assert.deepEqual(await found(`${name}=1999`, { as: 'demo', at: '2.82' }), ['mine'], name)
    assert.deepEqual(await found(`${name}=1999`, { as: 'demo', at: '2.83' }), [], name)
  }
})

test('kernel and ramdisk are matched and sorted by, as the image had them; users cannot filter by them', async () => {
  const image = (kernel: string) => JSON.stringify({ properties: { kernel_id: kernel, ramdisk_id: 'r1' } })
  await addServer(api, { name: 'b', image_json: image('kernel-b') })
  await addServer(api, { name: 'a', image_json: image('kernel-a') })
  await addServer(api, { name: 'none' })
  assert.deepEqual(await everywhere('kernel_id=-a$'), ['a'])
  assert.deepEqual(await everywhere('ramdisk_id=r1'), ['a', 'b'])
  assert.deepEqual(await everywhere('ramdisk_id=r2'), [])
  assert.deepEqual(await found('kernel_id=-a', { as: 'demo', at: '2.104' }), ['a', 'b', 'none'])
  const sorted = async (more = '') =>
    (await api.api('GET', `/servers?sort_key=kernel_id&sort_dir=asc&limit=2${more}`)).body.servers
  const first = await sorted()
  assert.deepEqual(
    [...first, ...(await sorted(`&marker=${first[1].id}`))].map(({ name }) => name),
    ['none', 'a', 'b'],
  )
})

test('addresses given to clients and reservations are patterns, ids and hosts are not', async () => {
  const more = { image_id: 'image-1', host: 'host-1', reservation_id: 'r-abc' }
  await addServer(api, { name: 'one', access_ipv4: '10.1.2.3', access_ipv6: 'fd00::7', ...more })
  await addServer(api, { name: 'two' })
  for (const [query, names] of [
    ['access_ip_v4=^10', ['one']],
    ['access_ip_v6=7$', ['one']],
    ['reservation_id=abc', ['one']],
    ['image=image', []],
    ['image=image-1', ['one']],
    ['host=host', []],
    ['host=host-1', ['one']],
    // Of values given twice the last one counts.
    ['host=host-1&host=host-2', []],
  ] as const)
    assert.deepEqual(await everywhere(query), names, query)
})

test('ip finds fixed addresses of version 4, ip6 those of version 6', async () => {
  const at = (...addresses: readonly object[]) => JSON.stringify([{ portId: 'p', addresses }])
  const fixed4 = { address: '10.0.0.15', version: 4, type: 'fixed' }
  const fixed6 = { address: 'fd00::15', version: 6, type: 'fixed' }
  const floating = { address: '192.0.2.15', version: 4, type: 'floating' }
  await addServer(api, { name: 'four', network_json: at(fixed4, floating) })
  await addServer(api, { name: 'six', network_json: at(fixed6) })
  for (const [query, names] of [
    ['ip=15', ['four']],
    ['ip6=15', ['six']],
    ['ip=10.0.0.1$', []],
    ['ip=^10.0.0.15$', ['four']],
    ['ip=^0', []],
    ['ip=192.0.2.15', []],
    [`ip=${escaped('9\\.9|0\\.15')}`, ['four']],
  ] as const)
    assert.deepEqual(await everywhere(query, { at: '2.5' }), names, query)
})

test('deleted servers come with soft-deleted ones, and soft-deleted ones beside the others', async () => {
  await addServer(api, { name: 'live' })
  await addServer(api, { name: 'soft', vm_state: 'soft-delete' })
  await addServer(api, { name: 'gone', vm_state: 'deleted', deleted: 1, deleted_at: api.clock.at })
  assert.deepEqual(await everywhere(''), ['live'])
  assert.deepEqual(await everywhere('deleted=true'), ['gone', 'soft'])
  assert.deepEqual(await everywhere('soft_deleted=true'), ['live', 'soft'])
  assert.deepEqual(await found('deleted=true', { as: 'demo' }), ['live'])
})

test('a pattern that is none is a 400 for everybody who asks with it', async () => {
  for (const name of ['created_at', 'kernel_id', 'ip']) {
    const answer = await api.api('GET', `/servers?${name}=[`)
    assert.equal(answer.status, 400)
    assert.match(answer.body.badRequest.message, new RegExp(`query parameters ${name}\\. .*'regex'$`))
  }
})

test('whatever the order, pages show every server once, those that tie too', async () => {
  for (let index = 0; index < 12; index += 1)
    await addServer(api, {
      name: `paged-${index % 3}`,
      host: index % 2 === 0 ? null : `host-${index % 4}`,
      created_at: api.clock.at + (index % 4) * 1000,
      updated_at: api.clock.at + (index % 5) * 1000,
    })
  const whole = (await api.api('GET', '/servers?name=paged', { at: '2.1' })).body.servers
  assert.equal(whole.length, 12)
  for (const order of [
    '',
    '&sort_key=created_at&sort_dir=asc',
    '&sort_key=display_name&sort_dir=asc',
    '&sort_key=display_name&sort_dir=desc&sort_key=updated_at&sort_dir=asc',
    '&sort_key=host&sort_dir=asc',
    '&sort_key=launched_at&sort_dir=desc',
  ]) {
    const as = order.includes('host') ? 'admin' : 'demo'
    const all = as === 'admin' ? '&all_tenants=1' : ''
    const seen: string[] = []
    for (let marker = ''; ; ) {
      const page = (await api.api('GET', `/servers?name=paged&limit=5${order}${all}${marker}`, { as })).body
      seen.push(...page.servers.map(({ id }: { id: string }) => id))
      if (!page.servers_links) break
      marker = `&marker=${seen.at(-1)}`
    }
    const { servers } = (await api.api('GET', `/servers?name=paged${order}${all}`, { as })).body
    assert.deepEqual(
      seen,
      servers.map(({ id }: { id: string }) => id),
      order,
    )
    assert.equal(new Set(seen).size, 12, order)
  }
})
