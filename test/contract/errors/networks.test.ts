import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { newUuid } from '../../../src/base/ids.ts'
import type { ErrorCode } from '../../../src/model/errors.ts'
import type { NetworkTables } from '../../../src/network/tables.ts'
import { tables } from '../../../src/platform/store/store.ts'
import { startNetwork } from '../../support/network.ts'
import { type Ask, callers } from '../../support/one-service.ts'
import { assertRefused } from '../../support/refusals.ts'

const network = await startNetwork()
after(() => network.close())

const admin: Ask = { as: 'admin' }
const refuses = async (code: ErrorCode, method: string, path: string, body?: object, ask: Ask = {}) =>
  assertRefused(await network.api(method, path, { ...ask, ...(body ? { body } : {}) }), code)
const subnetOf = (network_id: string, cidr: string, more: object = {}) =>
  network.make('subnets', { network_id, ip_version: 4, cidr, ...more })

test('whose a network is: one project, and an own one unless an administrator says', async () => {
  const post = (values: object) => ['POST', '/networks', { network: values }] as const
  await refuses('NetworkProjectMismatch', ...post({ project_id: 'a', tenant_id: 'b' }))
  await refuses('NetworkProjectForbidden', ...post({ project_id: callers.other.project?.id }))
})

test('segments belong to one network each', async () => {
  const make = (values: object) => network.make('networks', values, admin)
  const again = (values: object) => ['POST', '/networks', { network: values }, admin] as const
  const flat = { 'provider:network_type': 'flat', 'provider:physical_network': 'physnet1' }
  await make(flat)
  await refuses('NetworkFlatInUse', ...again(flat))
  const tunnel = { 'provider:network_type': 'vxlan', 'provider:segmentation_id': 77 }
  await make(tunnel)
  await refuses('NetworkTunnelInUse', ...again(tunnel))
})

test('external networks: one default, and none taken back while it is used', async () => {
  const external = (more: object = {}) =>
    network.make('networks', { 'router:external': true, ...more }, admin)
  const first = await external({ is_default: true })
  const second = await external()
  const change = (id: string, values: object) =>
    ['PUT', `/networks/${id}`, { network: values }, admin] as const
  await refuses('NetworkDefaultExternalExists', ...change(second.id, { is_default: true }))
  await network.make('subnets', { network_id: first.id, ip_version: 4, cidr: '203.0.113.0/24' }, admin)
  await network.make('routers', { external_gateway_info: { network_id: first.id } })
  await refuses('NetworkExternalInUse', ...change(first.id, { 'router:external': false }))
})

test('a full subnet, and a gateway that is in use', async () => {
  const { id } = await network.make('networks', {})
  const small = await subnetOf(id, '10.1.0.0/30', { gateway_ip: null, enable_dhcp: false })
  const port = () =>
    ['POST', '/ports', { port: { network_id: id, fixed_ips: [{ subnet_id: small.id }] } }] as const
  for (const _ of [1, 2]) assert.equal((await network.api('POST', '/ports', { body: port()[2] })).status, 201)
  await refuses('NoMoreIpAddressesInSubnet', ...port())
  const routed = await subnetOf(id, '10.2.0.0/24', {
    allocation_pools: [{ start: '10.2.0.100', end: '10.2.0.200' }],
  })
  const router = await network.make('routers', {})
  await network.api('PUT', `/routers/${router.id}/add_router_interface`, { body: { subnet_id: routed.id } })
  await refuses('SubnetGatewayInUse', 'PUT', `/subnets/${routed.id}`, { subnet: { gateway_ip: '10.2.0.9' } })
})

test('interfaces of a router are named rightly', async () => {
  const { id } = await network.make('networks', {})
  const [one, two] = [await subnetOf(id, '10.3.0.0/24'), await subnetOf(id, '10.4.0.0/24')]
  const router = await network.make('routers', {})
  const answer = await network.api('PUT', `/routers/${router.id}/add_router_interface`, {
    body: { subnet_id: one.id },
  })
  const { port_id } = answer.body
  const other = await network.make('ports', { network_id: id })
  const remove = (body: object) => ['PUT', `/routers/${router.id}/remove_router_interface`, body] as const
  await refuses('RouterSubnetMismatch', ...remove({ port_id, subnet_id: two.id }))
  await refuses('RouterInterfaceNotFound', ...remove({ port_id: other.id }))
})

test('ports: a bound one keeps its MAC address; an address pair has an address', async () => {
  const { id } = await network.make('networks', {})
  const port = await network.make('ports', { network_id: id, 'binding:host_id': 'host-1' }, admin)
  await refuses(
    'PortBound',
    'PUT',
    `/ports/${port.id}`,
    { port: { mac_address: 'fa:16:3e:00:00:01' } },
    admin,
  )
  await refuses(
    'AddressPairMissingIp',
    'PUT',
    `/ports/${port.id}`,
    {
      port: { allowed_address_pairs: [{ mac_address: 'fa:16:3e:00:00:02' }] },
    },
    admin,
  )
})

test('security groups: stateful stays while ports use it; port numbers are not negative', async () => {
  const { id } = await network.make('networks', {})
  const group = await network.make('security-groups', { name: 'web' })
  await network.make('ports', { network_id: id, security_groups: [group.id] })
  const change = { security_group: { stateful: false } }
  await refuses('NetworkSecurityGroupStatefulInUse', 'PUT', `/security-groups/${group.id}`, change)
  const rule = { security_group_id: group.id, direction: 'ingress', protocol: 'tcp' }
  await refuses('NetworkSecurityGroupRulePortValue', 'POST', '/security-group-rules', {
    security_group_rule: { ...rule, port_range_min: -1, port_range_max: 5 },
  })
})

test('quotas are of projects that can be', async () => {
  await refuses('NetworkQuotaNotFound', 'PUT', `/quotas/${'x'.repeat(256)}`, { quota: { network: 1 } }, admin)
})

test('when every number of a physical network is taken, no network is made on it', async () => {
  const vlan = { 'provider:network_type': 'vlan', 'provider:physical_network': 'full' }
  const { id } = await network.make('networks', { ...vlan, 'provider:segmentation_id': 1 }, admin)
  const db = tables<NetworkTables>(network.store)
  const row = await db.selectFrom('networks').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  for (let from = 2; from <= 4094; from += 500)
    await db
      .insertInto('networks')
      .values(
        Array.from({ length: Math.min(500, 4095 - from) }, (_, index) => ({
          ...row,
          id: newUuid(),
          segmentation_id: from + index,
          segment_key: `vlan:full:${from + index}`,
        })),
      )
      .execute()
  await refuses('NetworkNoSegment', 'POST', '/networks', { network: vlan }, admin)
})
