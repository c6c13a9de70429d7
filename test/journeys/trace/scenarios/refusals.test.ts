// Requests that are refused at once, which only the cloud's logs remember: quotas, policy, states, things that are not
// there, bodies and versions that make no sense.
import type { CauseCode } from '../../../../src/model/causes.ts'
import { type Scenario, type Stage, scenarios } from '../../../support/scenarios.ts'

const nobody = '00000000-0000-4000-8000-000000000000'

const refused = (
  name: string,
  status: number,
  code: CauseCode,
  ask: Scenario['ask'],
  more: Partial<Scenario> = {},
): Scenario => ({ name, status, outcome: 'failed', code, fault: 'request', step: 'nova-api', ask, ...more })

/** An action on a new server, to which `first` was done. */
const act =
  (body: object, ...first: readonly object[]) =>
  async ({ cloud }: Stage) => {
    const server = await cloud.server({ name: 'mine' })
    for (const before of first) await cloud.act(server, before)
    return cloud.act(server, body)
  }

const put = (path: (stage: Stage) => string, body: object) => (stage: Stage) =>
  stage.cloud.ask('PUT', path(stage), { as: 'admin', body })
const computeQuota = (quota_set: object) =>
  put(({ cloud }) => `/os-quota-sets/${cloud.projectId.demo}`, { quota_set })
const networkQuota = (quota: object) =>
  put(({ cloud }) => `/network/v2.0/quotas/${cloud.projectId.demo}`, { quota })
const none = { instances: -1, cores: -1, ram: -1 }

/** While a quota of the project is as said. */
const within =
  (limit: object, ask: Scenario['ask']): Scenario['ask'] =>
  async stage => {
    await computeQuota(limit)(stage)
    const answer = await ask(stage)
    await computeQuota({
      ...none,
      server_groups: 10,
      server_group_members: 10,
      key_pairs: 100,
      metadata_items: 128,
    })(stage)
    return answer
  }

async function network({ cloud }: Stage, cidr: string | null): Promise<string> {
  const made = await cloud.ask('POST', '/network/v2.0/networks', { body: { network: { name: 'small' } } })
  const { id } = made.body.network
  const subnet = { network_id: id, ip_version: 4, cidr }
  if (cidr !== null) await cloud.ask('POST', '/network/v2.0/subnets', { body: { subnet } })
  return id
}
const port = async ({ cloud }: Stage, body: object) =>
  (await cloud.ask('POST', '/network/v2.0/ports', { body: { port: body } })).body.port
const on = (uuid: string, more: object = {}) => ({ networks: [{ uuid, ...more }] })

const group = ({ cloud }: Stage, name: string) =>
  cloud.ask('POST', '/os-server-groups', { body: { server_group: { name, policy: 'soft-affinity' } } })

scenarios('refused at once', { hosts: 1 }, [
  // Quotas
  refused(
    'quota of servers',
    403,
    'Quota.Instances',
    within({ instances: 0 }, stage => stage.create()),
    {
      says: /was refused with 403: the quota of servers is used up: requested 1/i,
    },
  ),
  refused(
    'quota of vCPUs',
    403,
    'Quota.Cores',
    within({ cores: 1 }, stage => stage.create({ flavorRef: '3' })),
  ),
  refused(
    'quota of memory',
    403,
    'Quota.Ram',
    within({ ram: 100 }, stage => stage.create()),
  ),
  refused('quota of vCPUs, by a resize', 403, 'Quota.Cores', async stage => {
    const server = await stage.cloud.server({ name: 'mine' })
    return within({ cores: 1 }, () => stage.cloud.act(server, { resize: { flavorRef: '3' } }))(stage)
  }),
  refused(
    'quota of key pairs',
    403,
    'Quota.KeyPairs',
    within({ key_pairs: 0 }, stage =>
      stage.send('POST', '/os-keypairs', { version: '2.90', body: { keypair: { name: 'k' } } }),
    ),
  ),
  refused(
    'quota of server groups',
    403,
    'Quota.ServerGroups',
    within({ server_groups: 0 }, stage => group(stage, 'one')),
  ),
  refused('quota of members of a group', 403, 'Quota.GroupMembers', async stage => {
    const { body } = await group(stage, 'full')
    const server = { name: 'mine', flavorRef: '1', imageRef: stage.cloud.imageId, networks: 'none' }
    const create = () =>
      stage.send('POST', '/servers', {
        body: { server, 'os:scheduler_hints': { group: body.server_group.id } },
      })
    await create()
    return within({ server_group_members: 1 }, create)(stage)
  }),
  refused(
    'quota of metadata',
    403,
    'Quota.Metadata',
    within({ metadata_items: 1 }, stage => stage.create({ metadata: { a: '1', b: '2' } })),
  ),
  refused('quota of floating IPs', 403, 'Quota.FloatingIps', async stage => {
    await networkQuota({ floatingip: 0 })(stage)
    return stage.send('POST', '/os-floating-ips', { version: '2.1', body: { pool: 'public' } })
  }),
  refused('quota of security groups', 403, 'Quota.SecurityGroups', async stage => {
    await networkQuota({ security_group: 0 })(stage)
    const security_group = { name: 'web', description: 'web' }
    const answer = await stage.send('POST', '/os-security-groups', {
      version: '2.1',
      body: { security_group },
    })
    await networkQuota({ security_group: -1 })(stage)
    return answer
  }),
  // Who asks
  refused('a policy that lets administrators only', 403, 'Auth.PolicyDenied', act({ migrate: null }), {
    says: /os_compute_api:os-migrate-server:migrate/,
  }),
  refused('listing hypervisors as a member', 403, 'Auth.PolicyDenied', stage =>
    stage.send('GET', '/os-hypervisors'),
  ),
  refused('a create on a host named by an owner', 403, 'Auth.PolicyDenied', stage =>
    stage.create({ host: 'elsewhere' }),
  ),
  refused(
    'a token that is not one',
    401,
    'Auth.TokenInvalid',
    stage => stage.send('GET', '/servers', { as: null, headers: { 'x-auth-token': 'nonsense' } }),
    { owner: null },
  ),
  refused("another project's server", 404, 'Request.ServerUnknown', stage =>
    stage.send('GET', `/servers/${nobody}`),
  ),
  // States
  refused('an action on a locked server', 409, 'State.Locked', async ({ cloud }) => {
    const server = await cloud.server({ name: 'mine' })
    await cloud.act(server, { lock: null }, 'admin')
    return cloud.act(server, { 'os-stop': null })
  }),
  refused('starting what runs', 409, 'State.Wrong', act({ 'os-start': null }), {
    says: /vm_state is active/,
  }),
  refused('pausing what is stopped', 409, 'State.Wrong', act({ pause: null }, { 'os-stop': null })),
  refused('confirming what was not resized', 409, 'State.Wrong', act({ confirmResize: null })),
  // What is not there
  refused('an unknown flavor', 400, 'Request.FlavorUnknown', stage =>
    stage.create({ flavorRef: 'm1.nothing' }),
  ),
  refused('an unknown image', 400, 'Image.NotFound', stage => stage.create({ imageRef: nobody })),
  refused('an unknown network', 400, 'Network.NotFound', stage => stage.create(on(nobody))),
  refused('an unknown port', 400, 'Port.NotFound', stage => stage.create({ networks: [{ port: nobody }] })),
  refused('an unknown key pair', 400, 'Request.KeyPairUnknown', stage => stage.create({ key_name: 'lost' })),
  refused('an unknown zone', 400, 'Request.ZoneUnknown', stage =>
    stage.create({ availability_zone: 'atlantis' }),
  ),
  refused('an unknown security group', 400, 'Network.SecurityGroupNotFound', stage =>
    stage.create({ security_groups: [{ name: 'lost' }] }),
  ),
  refused('an unknown server group', 400, 'Request.GroupUnknown', stage =>
    stage.send('POST', '/servers', {
      body: {
        server: { name: 'mine', flavorRef: '1', imageRef: stage.cloud.imageId, networks: 'none' },
        'os:scheduler_hints': { group: nobody },
      },
    }),
  ),
  refused('an unknown server', 404, 'Request.ServerUnknown', stage =>
    stage.send('POST', `/servers/${nobody}/action`, { body: { pause: null } }),
  ),
  refused('a path nobody serves', 404, 'Request.NotFound', stage => stage.send('GET', '/os-nothing')),
  refused('an action nobody knows', 400, 'Request.Malformed', act({ dance: null })),
  refused('what is not there yet', 501, 'Request.NotImplemented', async stage => {
    const { id } = await stage.cloud.server({ name: 'mine' })
    return stage.send('GET', `/servers/${id}/shares`)
  }),
  // Images, flavors, disks
  refused('an image that asks for more memory', 400, 'Image.MinRam', async stage =>
    stage.create({ imageRef: await image(stage, { min_ram: 4096 }) }),
  ),
  refused('an image that asks for more disk', 400, 'Image.MinDisk', async stage =>
    stage.create({ imageRef: await image(stage, { min_disk: 50 }) }),
  ),
  refused('an image without data', 400, 'Image.NotActive', async stage =>
    stage.create({ imageRef: await image(stage, {}, null) }),
  ),
  refused('a resize to the same flavor', 400, 'Request.SameFlavor', act({ resize: { flavorRef: '1' } })),
  refused(
    'a resize to an unknown flavor',
    400,
    'Request.FlavorUnknown',
    act({ resize: { flavorRef: 'nothing' } }),
  ),
  refused('a resize to no disk', 400, 'Request.SmallerDisk', async stage =>
    stage.act({ resize: { flavorRef: await stage.flavor({ disk: 0 }) } }),
  ),
  refused('a rebuild with an image that does not fit', 400, 'Image.MinDisk', async stage => {
    const server = await stage.cloud.server({ name: 'mine' })
    return stage.cloud.act(server, { rebuild: { imageRef: await image(stage, { min_disk: 50 }) } })
  }),
  refused('a rebuild with an unknown image', 400, 'Image.NotFound', act({ rebuild: { imageRef: nobody } })),
  refused('a port that is in use', 409, 'Port.InUse', async stage => {
    const { id } = await port(stage, { network_id: await network(stage, '10.9.1.0/24') })
    await stage.create({ networks: [{ port: id }] })
    return stage.create({ networks: [{ port: id }] })
  }),
  refused('a network without a subnet', 400, 'Network.NoSubnet', async stage =>
    stage.create(on(await network(stage, null))),
  ),
  refused('one port for two servers', 400, 'Port.Several', async stage => {
    const { id } = await port(stage, { network_id: await network(stage, '10.9.2.0/24') })
    return stage.create({ networks: [{ port: id }], min_count: 2, max_count: 2 })
  }),
  // Bodies and versions
  refused('a body without a name', 400, 'Request.Invalid', stage => stage.create({ name: '' })),
  refused('a body that is no JSON', 400, 'Request.Malformed', stage =>
    stage.send('POST', '/servers', { raw: '{', headers: { 'content-type': 'application/json' } }),
  ),
  refused('a field of a newer version', 400, 'Request.Invalid', stage =>
    stage.send('POST', '/servers', {
      version: '2.1',
      body: { server: { name: 'mine', flavorRef: '1', imageRef: stage.cloud.imageId, networks: 'none' } },
    }),
  ),
  refused(
    'a version nobody serves',
    406,
    'Request.Microversion',
    stage => stage.send('GET', '/servers', { version: '2.999' }),
    { owner: {} },
  ),
  refused('a version that is none', 400, 'Request.Microversion', stage =>
    stage.send('GET', '/servers', { version: 'newest' }),
  ),
  refused('more wanted at least than at most', 400, 'Request.MinCount', stage =>
    stage.create({ min_count: 3, max_count: 2 }),
  ),
  refused('a name that is taken', 409, 'Request.NameTaken', async stage => {
    const body = { keypair: { name: 'twice', public_key: key } }
    await stage.send('POST', '/os-keypairs', { body })
    return stage.send('POST', '/os-keypairs', { body })
  }),
  refused('user data that is not base64', 400, 'Request.UserData', stage => stage.create({ user_data: '*' })),
  {
    name: 'a list of servers',
    ask: stage => stage.send('GET', '/servers'),
    status: 200,
    outcome: 'succeeded',
    code: null,
    step: null,
  },
  {
    name: 'a create that goes well',
    ask: stage => stage.create({ networks: 'none' }),
    status: 202,
    outcome: 'succeeded',
    code: null,
    step: null,
  },
  {
    name: 'a deletion that goes well',
    ask: async stage => {
      const { id } = await stage.cloud.server({ name: 'mine', networks: 'none' })
      return stage.send('DELETE', `/servers/${id}`)
    },
    status: 204,
    outcome: 'succeeded',
    code: null,
    step: null,
  },
])

const build = 'compute__do_build_and_run_instance'
scenarios('accepted, and then what was named could not be had', { hosts: 1 }, [
  {
    name: 'quota of ports',
    ask: async stage => {
      await networkQuota({ port: 0 })(stage)
      const answer = await stage.create()
      await networkQuota({ port: -1 })(stage)
      return answer
    },
    status: 202,
    outcome: 'failed',
    code: 'Quota.Ports',
    fault: 'request',
    step: build,
  },
  {
    name: 'a network without an address left',
    ask: async stage => {
      const uuid = await network(stage, '10.9.3.0/30')
      await stage.create(on(uuid))
      return stage.create(on(uuid))
    },
    status: 202,
    outcome: 'failed',
    code: 'Network.NoMoreAddresses',
    fault: 'capacity',
    step: build,
  },
  {
    name: 'an address that is taken',
    ask: async stage => {
      const uuid = await network(stage, '10.9.4.0/24')
      await stage.create(on(uuid, { fixed_ip: '10.9.4.9' }))
      return stage.create(on(uuid, { fixed_ip: '10.9.4.9' }))
    },
    status: 202,
    outcome: 'failed',
    code: 'Network.AddressInUse',
    fault: 'request',
    step: build,
  },
  {
    name: 'an address of no subnet',
    ask: async stage => stage.create(on(await network(stage, '10.9.5.0/24'), { fixed_ip: '10.99.0.9' })),
    status: 202,
    outcome: 'failed',
    code: 'Network.AddressInvalid',
    fault: 'request',
    step: build,
  },
])

const key = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString('base64')} me`

async function image({ cloud }: Stage, more: object, data: string | null = 'data'): Promise<string> {
  const made = await cloud.ask('POST', '/image/v2/images', {
    body: { name: 'i', disk_format: 'raw', container_format: 'bare', ...more },
  })
  const { id } = made.body
  if (data !== null)
    await cloud.ask('PUT', `/image/v2/images/${id}/file`, {
      raw: data,
      headers: { 'content-type': 'application/octet-stream' },
    })
  return id
}
