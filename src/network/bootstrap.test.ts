import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { projectIds, startNetwork } from '../../test/support/network.ts'
import { systemClock } from '../base/time.ts'
import { bootstrapNetwork } from './bootstrap.ts'

const network = await startNetwork()
after(() => network.close())
const deps = { store: network.store, clock: systemClock }
const projects = { adminProjectId: projectIds.admin, demoProjectId: projectIds.demo }
await bootstrapNetwork(deps, projects)

test('every project sees private and public; the router leads from one to the other', async () => {
  for (const as of ['demo', 'other', 'admin'] as const) {
    const { body } = await network.api('GET', '/networks?sort_key=name', { as })
    assert.deepEqual(
      body.networks.map((one: { name: string }) => one.name),
      ['private', 'public'],
    )
  }
  const { body } = await network.api('GET', '/routers?name=router1')
  assert.equal(body.routers[0].external_gateway_info.external_fixed_ips.length, 2)
  const ports = await network.api('GET', `/ports?device_id=${body.routers[0].id}`)
  const inner = ports.body.ports.flatMap((port: { fixed_ips: { ip_address: string }[] }) => port.fixed_ips)
  assert.equal(inner.length, 2)
  assert.ok(inner.some((ip: { ip_address: string }) => ip.ip_address === '10.0.0.1'))
})

test('a port on private has an IPv4 address and the IPv6 one of its MAC', async () => {
  const found = await network.api('GET', '/networks?name=private')
  const port = await network.make('ports', { network_id: found.body.networks[0].id }, { as: 'other' })
  assert.match(port.mac_address, /^fa:16:3e(:[0-9a-f]{2}){3}$/)
  assert.match(port.fixed_ips[0].ip_address, /^10\.0\.0\.\d+$/)
  assert.match(port.fixed_ips[1].ip_address, /^fd[0-9a-f:]+:f816:3eff:fe[0-9a-f:]+$/)
})

test('it is done once: what an administrator deletes stays away', async () => {
  const { body } = await network.api('GET', '/networks?name=public', { as: 'admin' })
  const router = (await network.api('GET', '/routers')).body.routers[0]
  await network.api('PUT', `/routers/${router.id}`, { body: { router: { external_gateway_info: null } } })
  const gone = await network.api('DELETE', `/networks/${body.networks[0].id}`, { as: 'admin' })
  assert.equal(gone.status, 204)
  await bootstrapNetwork(deps, projects)
  assert.deepEqual((await network.api('GET', '/networks?name=public', { as: 'admin' })).body.networks, [])
})
