// Names into things, as the openstack client does: by id, then by name; several of a name is an error with their ids.
import { isUuidLike } from '../base/ids.ts'
import { CliError } from './errors.ts'
import { type Item, itemOf, textOf } from './item.ts'
import type { Cloud, ServiceType } from './session/cloud.ts'

interface Findable {
  /** As it stands in sentences: `security group`. */
  readonly noun: string
  readonly service: ServiceType
  readonly path: string
  /** Key of one thing in a reply; empty where the thing is the whole body (image). */
  readonly key: string
  readonly listKey: string
  /** Where the things of a name are; may answer more than asked for. */
  readonly byName: (name: string) => string
  /** False: any text may be an id, so it is always tried as one. */
  readonly uuidOnly: boolean
  readonly nameKey?: string
}

const named = (path: string) => (name: string) => `${path}?name=${encodeURIComponent(name)}`
const networkThing = (noun: string, path: string, key: string): Findable => ({
  noun,
  service: 'network',
  path,
  key,
  listKey: `${key}s`,
  byName: named(path),
  uuidOnly: true,
})

export const findables = {
  server: {
    noun: 'server',
    service: 'compute',
    path: '/servers',
    key: 'server',
    listKey: 'servers',
    byName: named('/servers/detail'), // a regular expression there; compared exactly here
    uuidOnly: true,
  },
  flavor: {
    noun: 'flavor',
    service: 'compute',
    path: '/flavors',
    key: 'flavor',
    listKey: 'flavors',
    byName: () => '/flavors/detail?is_public=None',
    uuidOnly: false,
  },
  aggregate: {
    noun: 'aggregate',
    service: 'compute',
    path: '/os-aggregates',
    key: 'aggregate',
    listKey: 'aggregates',
    byName: () => '/os-aggregates',
    uuidOnly: false,
  },
  serverGroup: {
    noun: 'server group',
    service: 'compute',
    path: '/os-server-groups',
    key: 'server_group',
    listKey: 'server_groups',
    byName: () => '/os-server-groups',
    uuidOnly: true,
  },
  hypervisor: {
    noun: 'hypervisor',
    service: 'compute',
    path: '/os-hypervisors',
    key: 'hypervisor',
    listKey: 'hypervisors',
    byName: () => '/os-hypervisors/detail',
    uuidOnly: false, // numbers before compute 2.53
    nameKey: 'hypervisor_hostname',
  },
  image: {
    noun: 'image',
    service: 'image',
    path: '/images',
    key: '',
    listKey: 'images',
    byName: named('/images'),
    uuidOnly: true,
  },
  network: networkThing('network', '/networks', 'network'),
  subnet: networkThing('subnet', '/subnets', 'subnet'),
  port: networkThing('port', '/ports', 'port'),
  router: networkThing('router', '/routers', 'router'),
  securityGroup: networkThing('security group', '/security-groups', 'security_group'),
  floatingIp: {
    ...networkThing('floating IP', '/floatingips', 'floatingip'),
    byName: name => `/floatingips?floating_ip_address=${encodeURIComponent(name)}`,
    nameKey: 'floating_ip_address',
  },
  project: {
    noun: 'project',
    service: 'identity',
    path: '/projects',
    key: 'project',
    listKey: 'projects',
    byName: named('/projects'),
    uuidOnly: false,
  },
  user: {
    noun: 'user',
    service: 'identity',
    path: '/users',
    key: 'user',
    listKey: 'users',
    byName: named('/users'),
    uuidOnly: false,
  },
} as const satisfies Record<string, Findable>

export type FindableName = keyof typeof findables

/** The thing with this id or name, as its service shows it. Throws when there is none, or more than one. */
export async function find(cloud: Cloud, kind: FindableName, reference: string): Promise<Item> {
  const row: Findable = findables[kind]
  const client = cloud[row.service]
  if (!row.uuidOnly || isUuidLike(reference)) {
    const reply = await client.request('GET', `${row.path}/${encodeURIComponent(reference)}`, {
      allow: [400, 403, 404],
    })
    if (reply.status < 400) return row.key === '' ? (reply.body as Item) : itemOf(reply.body, row.key) // an object
  }
  const nameKey = row.nameKey ?? 'name'
  const found = (await client.list(row.byName(reference), row.listKey)).filter(
    item => item[nameKey] === reference,
  )
  if (found.length === 1) return found[0]!
  if (found.length === 0)
    throw new CliError(`No ${row.noun} with a name or ID of '${reference}' exists.`, {
      hint: `see what there is with: faultline ${listCommand(kind)}`,
    })
  throw new CliError(
    `More than one ${row.noun} exists with the name '${reference}': ${found.map(item => textOf(item, 'id')).join(', ')}`,
    { hint: 'give the ID of the one that is meant' },
  )
}

export const findId = async (cloud: Cloud, kind: FindableName, reference: string): Promise<string> =>
  textOf(await find(cloud, kind, reference), 'id')

const listCommand = (kind: FindableName) => `${findables[kind].noun.toLowerCase()} list`
