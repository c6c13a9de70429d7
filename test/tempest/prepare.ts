// What tempest needs of a cloud before it starts, made through the API as an operator would.
import { randomBytes } from 'node:crypto'
import { type Answer, askHttp } from '../support/one-service.ts'

export interface Prepared {
  readonly account: { readonly user: string; readonly password: string; readonly project: string }
  /** Two of each: tests change from the first to the second. */
  readonly imageIds: readonly [string, string]
  readonly flavorIds: readonly [string, string]
  readonly publicNetwork: { readonly id: string; readonly name: string }
  /** What the hosts say they are. */
  readonly hypervisorType: string
  /** Aliases of Neutron's extensions the cloud says it has. */
  readonly networkExtensions: readonly string[]
  readonly computeVersions: Versions
  readonly volumeVersions: Versions
  readonly placementVersions: Versions
}
/** Microversions, `2.93`. */
interface Versions {
  readonly min: string
  readonly max: string
}

type Ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>

const name = 'tempest'
/** No longer than it takes to be there: tests of images bring data of their own. */
const imageBytes = 64 * 1024

/**
 * An administrator's account, two images, two flavors, an outside network and a volume type, all named after tempest.
 * Whatever is refused ends the run with what the cloud said.
 */
export async function prepareCloud(origin: string, adminPassword: string): Promise<Prepared> {
  const ask = await login(origin, 'admin', 'admin', adminPassword)
  const account = await makeAccount(ask)
  const flavorIds = await Promise.all([makeFlavor(ask, 'small', 64), makeFlavor(ask, 'large', 128)])
  await ask('POST', '/volume/v3/types', { volume_type: { name } })
  return {
    account,
    imageIds: await Promise.all([makeImage(ask, 'one'), makeImage(ask, 'two')]),
    flavorIds,
    publicNetwork: await makePublicNetwork(ask),
    hypervisorType: (await ask('GET', '/compute/v2.1/os-hypervisors/detail')).body.hypervisors[0]
      .hypervisor_type,
    networkExtensions: await networkExtensions(ask),
    computeVersions: await versions(ask, '/compute/v2.1/'),
    volumeVersions: await versions(ask, '/volume/v3/'),
    placementVersions: await versions(ask, '/placement/'),
  }
}

async function login(origin: string, user: string, project: string, password: string): Promise<Ask> {
  const domain = { id: 'default' }
  const identity = { methods: ['password'], password: { user: { name: user, domain, password } } }
  const body = { auth: { identity, scope: { project: { name: project, domain } } } }
  const answer = await askHttp(origin, 'POST', '/identity/v3/auth/tokens', { as: null, body })
  const token = answer.headers.get('x-subject-token') ?? ''
  return async (method, path, sent, headers) => {
    const reply = await askHttp(origin, method, path, {
      as: null,
      headers: { 'x-auth-token': token, ...headers },
      ...(sent instanceof Uint8Array ? { raw: Uint8Array.from(sent) } : { body: sent }),
    })
    if (reply.status >= 400)
      throw new Error(`${method} ${path} was refused: ${reply.status} ${reply.text.slice(0, 300)}`)
    return reply
  }
}

async function makeAccount(ask: Ask): Promise<Prepared['account']> {
  const password = randomBytes(16).toString('hex')
  const { project } = (await ask('POST', '/identity/v3/projects', { project: { name } })).body
  const { user } = (await ask('POST', '/identity/v3/users', { user: { name, password } })).body
  const { roles } = (await ask('GET', '/identity/v3/roles?name=admin')).body
  await ask('PUT', `/identity/v3/projects/${project.id}/users/${user.id}/roles/${roles[0].id}`)
  return { user: name, password, project: name }
}

async function makeFlavor(ask: Ask, size: string, ram: number): Promise<string> {
  const flavor = { name: `${name}-${size}`, ram, vcpus: 1, disk: 1 }
  return (await ask('POST', '/compute/v2.1/flavors', { flavor })).body.flavor.id
}

async function makeImage(ask: Ask, which: string): Promise<string> {
  const image = {
    name: `${name}-${which}`,
    disk_format: 'raw',
    container_format: 'bare',
    visibility: 'public',
  }
  const { id } = (await ask('POST', '/image/v2/images', image)).body
  await ask('PUT', `/image/v2/images/${id}/file`, randomBytes(imageBytes), {
    'content-type': 'application/octet-stream',
  })
  return id
}

/** Floating addresses and gateways of routers are taken from it. */
async function makePublicNetwork(ask: Ask): Promise<Prepared['publicNetwork']> {
  const wanted = { name: `${name}-public`, 'router:external': true }
  const { network } = (await ask('POST', '/network/v2.0/networks', { network: wanted })).body
  const subnet = { network_id: network.id, ip_version: 4, cidr: '172.30.0.0/20', enable_dhcp: false }
  await ask('POST', '/network/v2.0/subnets', { subnet })
  return { id: network.id, name: network.name }
}

async function networkExtensions(ask: Ask): Promise<string[]> {
  const { extensions } = (await ask('GET', '/network/v2.0/extensions')).body
  return extensions.map(({ alias }: { alias: string }) => alias)
}

/** What the service's discovery says, in the forms Nova, Cinder and Placement have for it. */
async function versions(ask: Ask, path: string): Promise<Versions> {
  const { version, versions: all } = (await ask('GET', path)).body
  const said = version ?? all[0]
  return { min: said.min_version, max: said.max_version ?? said.version }
}
