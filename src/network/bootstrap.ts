// What a new cloud has: DevStack's two networks with a router between them. Made once; who deletes it has it deleted.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../base/time.ts'
import { silentLog } from '../platform/journal/log.ts'
import type { Store } from '../platform/store/store.ts'
import { ensureDefaultGroup } from './default-group.ts'
import { insertNetwork } from './networks.ts'
import { connectSubnet } from './router-interfaces.ts'
import { insertRouter } from './routers.ts'
import type { NetworkValues } from './schemas/networks.ts'
import type { SubnetValues } from './schemas/subnets.ts'
import { type Change, change } from './store.ts'
import { insertSubnet } from './subnets.ts'
import type { NetworksTable } from './tables.ts'

export interface BootstrapDeps {
  readonly store: Store
  readonly clock: Clock
}

export interface BootstrapProjects {
  readonly adminProjectId: string
  readonly demoProjectId: string
}

const mark = 'bootstrap'

/** Makes the preloaded networks unless that was done before in this database. */
export async function bootstrapNetwork(
  { store, clock }: BootstrapDeps,
  projects: BootstrapProjects,
): Promise<void> {
  const deps = { store, clock, hosts: () => [], onPortEvent: () => {} }
  await change(deps, silentLog, async changing => {
    const { numInsertedOrUpdatedRows } = await changing.tx
      .insertInto('network_marks')
      .values({ name: mark, at: changing.now })
      .onConflict(conflict => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows === 1n) await makeNetworks(changing, projects)
  })
}

async function makeNetworks(change: Change, { adminProjectId, demoProjectId }: BootstrapProjects) {
  await ensureDefaultGroup(change, adminProjectId)
  await ensureDefaultGroup(change, demoProjectId)
  const outside = await insertNetwork(change, adminProjectId, {
    ...plainNetwork,
    name: 'public',
    'router:external': true,
    is_default: true,
    'provider:network_type': 'flat',
    'provider:physical_network': 'public',
  })
  const subnet = (project: string, network: NetworksTable, values: Partial<SubnetValues>) =>
    insertSubnet(change, project, network, {
      ...plainSubnet,
      network_id: network.id,
      ...values,
    } as SubnetValues) // plainSubnet has the rest
  await subnet(adminProjectId, outside, {
    name: 'public-subnet',
    ip_version: 4,
    cidr: '172.24.4.0/24',
    enable_dhcp: false,
  })
  await subnet(adminProjectId, outside, {
    name: 'ipv6-public-subnet',
    ip_version: 6,
    cidr: '2001:db8::/64',
    gateway_ip: '2001:db8::2',
    enable_dhcp: false,
  })
  // Shared, unlike DevStack's: every project can boot on it without making a network first.
  const inside = await insertNetwork(change, demoProjectId, {
    ...plainNetwork,
    name: 'private',
    shared: true,
  })
  const inner4 = await subnet(demoProjectId, inside, {
    name: 'private-subnet',
    ip_version: 4,
    cidr: '10.0.0.0/16',
  })
  const inner6 = await subnet(demoProjectId, inside, {
    name: 'ipv6-private-subnet',
    ip_version: 6,
    cidr: uniqueLocalPrefix(),
    ipv6_ra_mode: 'slaac',
    ipv6_address_mode: 'slaac',
  })
  const router = await insertRouter(change, demoProjectId, {
    ...plainRouter,
    name: 'router1',
    external_gateway_info: { network_id: outside.id },
  })
  await connectSubnet(change, router, inner4)
  await connectSubnet(change, router, inner6)
}

/** fd00::/8 with a random global id, first /64 of it (RFC 4193). */
function uniqueLocalPrefix(): string {
  const id = randomBytes(5).toString('hex')
  return `fd${id.slice(0, 2)}:${id.slice(2, 6)}:${id.slice(6, 10)}::/64`
}

const plainNetwork: NetworkValues = {
  name: '',
  description: '',
  admin_state_up: true,
  shared: false,
  'router:external': false,
  is_default: false,
  mtu: undefined,
  port_security_enabled: true,
  'provider:network_type': undefined,
  'provider:physical_network': undefined,
  'provider:segmentation_id': undefined,
}

const plainSubnet = {
  name: '',
  description: '',
  prefixlen: undefined,
  subnetpool_id: null,
  use_default_subnetpool: false,
  gateway_ip: undefined,
  allocation_pools: undefined,
  enable_dhcp: true,
  dns_nameservers: [],
  host_routes: [],
  ipv6_ra_mode: null,
  ipv6_address_mode: null,
} as const

const plainRouter = {
  name: '',
  description: '',
  admin_state_up: true,
  routes: [],
  distributed: null,
  ha: null,
} as const
