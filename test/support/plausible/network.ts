// Plausible requests to the network service, by an ordinary user where one may.
import type { Json, Plausible, PlausibleRow, PlausibleTable, World } from './plausible.ts'

const base = '/network/v2.0'
let subnets = 0
/** A range of addresses of its own for each subnet. */
const cidr = () => {
  subnets += 1
  return `10.${100 + ((subnets >> 8) & 127)}.${subnets & 255}.0/24`
}

const one = async (world: World, collection: string, member: string, values: Json = {}): Promise<Json> =>
  (await world.make(`${base}/${collection}`, { [member]: { name: world.name(), ...values } }, 'demo'))[member]

const network = (world: World) => one(world, 'networks', 'network')
const subnet = async (world: World) =>
  one(world, 'subnets', 'subnet', { network_id: (await network(world)).id, ip_version: 4, cidr: cidr() })
const port = async (world: World) =>
  one(world, 'ports', 'port', { network_id: (await subnet(world)).network_id })
const group = (world: World) => one(world, 'security-groups', 'security_group')
const router = (world: World) => one(world, 'routers', 'router')
const external = (world: World): Promise<string> =>
  world.once(
    'external',
    async () => (await world.get(`${base}/networks?router:external=true`)).networks[0].id,
  )
const floating = async (world: World) =>
  (
    await world.make(
      `${base}/floatingips`,
      { floatingip: { floating_network_id: await external(world) } },
      'demo',
    )
  ).floatingip
const rule = async (world: World) =>
  (await world.make(`${base}/security-group-rules`, { security_group_rule: await ruleBody(world) }, 'demo'))
    .security_group_rule
const ruleBody = async (world: World) => ({
  security_group_id: (await group(world)).id,
  direction: 'ingress',
  protocol: 'tcp',
  port_range_min: 22,
  port_range_max: 22,
  remote_ip_prefix: '0.0.0.0/0',
})

const makers = {
  networks: network,
  subnets: subnet,
  ports: port,
  'security-groups': group,
  routers: router,
  floatingips: floating,
} as const

type Collection = keyof typeof makers
const members: Readonly<Record<Collection, string>> = {
  networks: 'network',
  subnets: 'subnet',
  ports: 'port',
  'security-groups': 'security_group',
  routers: 'router',
  floatingips: 'floatingip',
}
const collections = Object.keys(makers) as Collection[] // the object's own keys

const createBodies: Readonly<Record<Collection, (world: World) => Json | Promise<Json>>> = {
  networks: world => ({ name: world.name(), admin_state_up: true, mtu: 1400 }),
  subnets: async world => ({
    network_id: (await network(world)).id,
    ip_version: 4,
    cidr: cidr(),
    dns_nameservers: ['9.9.9.9'],
    enable_dhcp: true,
  }),
  ports: async world => ({
    network_id: (await subnet(world)).network_id,
    name: world.name(),
    port_security_enabled: true,
  }),
  'security-groups': world => ({ name: world.name(), description: 'web' }),
  routers: async world => ({
    name: world.name(),
    external_gateway_info: { network_id: await external(world) },
  }),
  floatingips: async world => ({ floating_network_id: await external(world), description: 'mine' }),
}

const taggable = (collection: Collection): [string, PlausibleRow][] => {
  const fresh = async (world: World, more: Partial<Plausible> = {}): Promise<Plausible> => {
    const { id } = await makers[collection](world)
    await world.cloud.ask('PUT', `${base}/${collection}/${id}/tags/blue`)
    return { ...more, params: { id, ...more.params } }
  }
  const path = `/${collection}/{id}/tags`
  const tag = { tag: 'blue' }
  return [
    [`GET ${path}`, fresh],
    [`PUT ${path}`, world => fresh(world, { body: { tags: ['green', 'red'] } })],
    [`DELETE ${path}`, world => fresh(world, { status: 204 })],
    [`GET ${path}/{tag}`, world => fresh(world, { params: tag, status: 204 })],
    [`PUT ${path}/{tag}`, world => fresh(world, { params: { tag: 'green' }, status: 201 })],
    [`DELETE ${path}/{tag}`, world => fresh(world, { params: tag, status: 204 })],
  ]
}

const ordinary = (collection: Collection): [string, PlausibleRow][] => {
  const fresh = async (world: World) => ({ id: (await makers[collection](world)).id })
  const member = members[collection]
  return [
    [`GET /${collection}`, () => ({ query: 'limit=3&sort_key=id&sort_dir=asc&fields=id' })],
    [
      `POST /${collection}`,
      async world => ({ body: { [member]: await createBodies[collection](world) }, status: 201 }),
    ],
    [
      `GET /${collection}/{id}`,
      async world => ({ params: await world.once(collection, () => fresh(world)) }),
    ],
    [
      `PUT /${collection}/{id}`,
      async world => ({ params: await fresh(world), body: { [member]: { description: 'changed' } } }),
    ],
    [`DELETE /${collection}/{id}`, async world => ({ params: await fresh(world), status: 204 })],
    ...taggable(collection),
  ]
}

const quota = (project: 'demo' | 'admin') => (world: World) => ({
  as: 'admin' as const,
  params: { project: world.cloud.projectId[project] },
})
const attached = async (world: World) => {
  const { id } = await router(world)
  const subnet_id = (await subnet(world)).id
  await world.cloud.ask('PUT', `${base}/routers/${id}/add_router_interface`, { body: { subnet_id } })
  return { params: { id }, body: { subnet_id } }
}
const route = { routes: [{ destination: '10.250.0.0/24', nexthop: '10.0.0.1' }] }

export const networkPlausible: PlausibleTable = {
  'GET /': () => ({}),
  ...Object.fromEntries(collections.flatMap(ordinary)),
  'GET /security-group-rules': () => ({ query: 'direction=ingress' }),
  'POST /security-group-rules': async world => ({
    body: { security_group_rule: await ruleBody(world) },
    status: 201,
  }),
  'GET /security-group-rules/{id}': async world => ({ params: { id: (await rule(world)).id } }),
  'PUT /security-group-rules/{id}': async world => ({
    params: { id: (await rule(world)).id },
    body: { security_group_rule: { description: 'changed' } },
  }),
  'DELETE /security-group-rules/{id}': async world => ({
    params: { id: (await rule(world)).id },
    status: 204,
  }),
  'PUT /routers/{id}/add_router_interface': async world => ({
    params: { id: (await router(world)).id },
    body: { subnet_id: (await subnet(world)).id },
  }),
  'PUT /routers/{id}/remove_router_interface': attached,
  'PUT /routers/{id}/add_extraroutes': async world => {
    const { params, body } = await attached(world)
    const { gateway_ip } = (await world.get(`${base}/subnets/${body.subnet_id}`)).subnet
    const nexthop = gateway_ip.replace(/\.1$/, '.9')
    return { params, body: { router: { routes: [{ destination: '10.250.0.0/24', nexthop }] } } }
  },
  'PUT /routers/{id}/remove_extraroutes': async world => ({
    params: { id: (await router(world)).id },
    body: { router: route },
  }),
  'GET /quotas': () => ({ as: 'admin' }),
  'GET /quotas/tenant': () => ({}),
  'GET /quotas/project': () => ({}),
  'GET /quotas/{project}': quota('demo'),
  'GET /quotas/{project}/default': quota('demo'),
  'GET /quotas/{project}/details': quota('demo'),
  'GET /quotas/{project}/details.json': quota('demo'),
  'PUT /quotas/{project}': world => ({ ...quota('admin')(world), body: { quota: { network: 50 } } }),
  'DELETE /quotas/{project}': async world => {
    await world.cloud.ask('PUT', `${base}/quotas/${world.cloud.projectId.admin}`, {
      as: 'admin',
      body: { quota: { network: 50 } },
    })
    return { ...quota('admin')(world), status: 204 }
  },
  'GET /agents': () => ({ as: 'admin' }),
  'GET /agents/{id}': async world => ({
    as: 'admin',
    params: { id: (await world.get(`${base}/agents`)).agents[0].id },
  }),
  'GET /availability_zones': () => ({}),
  'GET /network-ip-availabilities': () => ({ as: 'admin' }),
  'GET /network-ip-availabilities/{id}': async world => ({
    as: 'admin',
    params: { id: (await network(world)).id },
  }),
  'GET /service-providers': () => ({}),
  'GET /extensions': () => ({}),
  'GET /extensions/{alias}': () => ({ params: { alias: 'router' } }),
}
