// Plausible requests to compute, by an ordinary user where one may.
import { notYetRoutes } from '../../../src/compute/api/not-yet.ts'
import { removedRoutes } from '../../../src/compute/api/removed.ts'
import { volumesBootRoutes } from '../../../src/compute/api/volumes-boot-routes.ts'
import { computeProxies } from './compute-proxies.ts'
import type { Json, Plausible, PlausibleRow, PlausibleTable, World } from './plausible.ts'

const publicKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f someone@somewhere'
const uuid = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'

const serverBody = (world: World) => ({
  name: world.name(),
  flavorRef: '1',
  imageRef: world.cloud.imageId,
  networks: 'none',
  metadata: { colour: 'blue' },
  tags: ['blue'],
})

/** A server of demo's, without ports: quickly there, quickly gone. */
const fresh = async (world: World): Promise<string> => (await world.cloud.server(serverBody(world))).id
const shared = (world: World): Promise<string> => world.once('server', () => fresh(world))
const network = async (world: World): Promise<string> =>
  (await world.get('/network/v2.0/networks?name=private')).networks[0].id
const volume = async (world: World): Promise<string> => {
  const { volume } = await world.make(
    '/volume/v3/volumes',
    { volume: { size: 1, name: world.name() } },
    'demo',
  )
  await world.cloud.settled()
  return volume.id
}
const acted = (world: World): Promise<Json> =>
  world.once('action', async () => {
    const server_id = await shared(world)
    const { instanceActions } = await world.get(`/servers/${server_id}/os-instance-actions`)
    return { server_id, id: instanceActions[0].request_id }
  })
const migrated = (world: World): Promise<Json> =>
  world.once('migration', async () => {
    const { id } = await world.cloud.server(serverBody(world))
    await world.cloud.act({ id }, { migrate: null }, 'admin')
    await world.cloud.act({ id }, { confirmResize: null }, 'admin')
    return id
  })
const flavor = async (world: World, more: Json = {}): Promise<string> =>
  (await world.make('/flavors', { flavor: flavorBody(world, more) })).flavor.id
const flavorBody = (world: World, more: Json = {}) => ({
  name: world.name(),
  ram: 256,
  vcpus: 1,
  disk: 0,
  ...more,
})
const flavorWithSpec = async (world: World): Promise<string> => {
  const id = await flavor(world)
  await world.make(`/flavors/${id}/os-extra_specs`, { extra_specs: { 'hw:cpu_policy': 'shared' } })
  return id
}
const keypair = async (world: World): Promise<string> => {
  const name = world.name()
  await world.make('/os-keypairs', { keypair: { name, public_key: publicKey } }, 'demo')
  return name
}
const group = async (world: World): Promise<string> =>
  (
    await world.make(
      '/os-server-groups',
      { server_group: { name: world.name(), policy: 'anti-affinity' } },
      'demo',
    )
  ).server_group.id
const aggregate = async (world: World): Promise<string> =>
  String((await world.make('/os-aggregates', { aggregate: { name: world.name() } })).aggregate.id)
const service = async (world: World): Promise<string> =>
  (await world.get('/os-services?binary=nova-compute')).services[0].id
const hypervisor = async (world: World): Promise<string> =>
  (await world.get('/os-hypervisors')).hypervisors[0].id

const inServer =
  (more: Json = {}, made: (world: World) => Promise<string> = shared): PlausibleRow =>
  async world => ({ ...more, params: { id: await made(world), ...more.params } })
const ofProject =
  (more: Partial<Plausible> = {}): PlausibleRow =>
  ({ cloud }) => ({ as: 'admin', params: { id: cloud.projectId.demo }, ...more })
const asAdmin =
  (more: Plausible = {}): PlausibleRow =>
  () => ({ as: 'admin', ...more })
const plain = () => ({})

const serverActions: readonly Json[] = [
  { 'os-start': null },
  { 'os-stop': null },
  { pause: null },
  { suspend: null },
  { resize: { flavorRef: '2' } },
  { confirmResize: null },
  { revertResize: null },
  { migrate: { host: 'host-2' } },
  { rebuild: { imageRef: uuid, name: 'again', metadata: { a: 'b' }, preserve_ephemeral: false } },
  { rescue: { adminPass: 'sesame' } },
  { shelve: null },
  { unshelve: { availability_zone: 'nova' } },
  { createImage: { name: 'kept', metadata: { a: 'b' } } },
  { createBackup: { name: 'kept', backup_type: 'daily', rotation: 1, metadata: { a: 'b' } } },
  { trigger_crash_dump: null },
  { changePassword: { adminPass: 'sesame' } },
  { 'os-getConsoleOutput': { length: 5 } },
  { 'os-resetState': { state: 'active' } },
  { lock: { locked_reason: 'mine' } },
  { unlock: null },
  { addSecurityGroup: { name: 'default' } },
  { removeSecurityGroup: { name: 'default' } },
  { forceDelete: null },
  { restore: null },
  { evacuate: { host: 'host-2', adminPass: 'sesame' } },
  { 'os-migrateLive': { host: null, block_migration: 'auto' } },
]
const richServer = (world: World) => ({
  server: {
    ...serverBody(world),
    networks: [{ uuid, fixed_ip: '10.0.0.9', tag: 'nic' }],
    security_groups: [{ name: 'default' }],
    user_data: 'IyEvYmluL3No',
    key_name: 'key',
    availability_zone: 'nova',
    min_count: 1,
    max_count: 1,
    config_drive: true,
    block_device_mapping_v2: [
      { boot_index: 0, uuid, source_type: 'image', destination_type: 'local', volume_size: 1 },
    ],
    accessIPv4: '1.2.3.4',
    accessIPv6: 'fe80::1',
    description: 'a server',
    hostname: 'vm',
    trusted_image_certificates: [uuid],
    personality: [],
    'OS-DCF:diskConfig': 'AUTO',
  },
  'os:scheduler_hints': { group: uuid, same_host: [uuid], different_host: [uuid], query: '[]' },
})

const diskyServer = (world: World) => ({
  server: {
    ...serverBody(world),
    block_device_mapping_v2: [
      {
        boot_index: 0,
        uuid: world.cloud.imageId,
        source_type: 'image',
        destination_type: 'volume',
        volume_size: 1,
        delete_on_termination: true,
        tag: 'root',
        disk_bus: 'virtio',
        device_type: 'disk',
        guest_format: null,
      },
      { source_type: 'blank', destination_type: 'volume', volume_size: 1, device_name: '/dev/vdb' },
    ],
  },
})

const servers: PlausibleTable = {
  'GET /servers': () => ({ query: 'limit=2&status=ACTIVE&sort_key=created_at&sort_dir=desc' }),
  'POST /servers': world => ({
    body: { server: serverBody(world) },
    variants: [richServer(world), diskyServer(world)],
    status: 202,
  }),
  'GET /servers/detail': () => ({ query: 'name=plaus&changes-since=2020-01-01T00:00:00Z' }),
  'GET /servers/{id}': inServer(),
  'PUT /servers/{id}': inServer({ body: { server: { name: 'renamed', description: 'changed' } } }, fresh),
  'DELETE /servers/{id}': inServer({ status: 204 }, fresh),
  'POST /servers/{id}/action': inServer(
    { body: { reboot: { type: 'HARD' } }, variants: serverActions, status: 202 },
    fresh,
  ),
  'GET /servers/{id}/ips': inServer(),
  'GET /servers/{id}/ips/{label}': async world => {
    const id = await world.once('connected', async () => {
      const { id } = await world.cloud.server({ networks: [{ uuid: await network(world) }] })
      return id
    })
    return { params: { id, label: 'private' } }
  },
  'GET /servers/{id}/metadata': inServer(),
  'POST /servers/{id}/metadata': inServer({ body: { metadata: { size: 'small' } } }, fresh),
  'PUT /servers/{id}/metadata': inServer({ body: { metadata: { size: 'small' } } }, fresh),
  'GET /servers/{id}/metadata/{key}': inServer({ params: { key: 'colour' } }),
  'PUT /servers/{id}/metadata/{key}': inServer(
    { params: { key: 'colour' }, body: { meta: { colour: 'green' } } },
    fresh,
  ),
  'DELETE /servers/{id}/metadata/{key}': inServer({ params: { key: 'colour' }, status: 204 }, fresh),
  'GET /servers/{id}/os-interface': inServer(),
  'GET /servers/{id}/os-interface/{port}': inServer({ params: { port: uuid }, status: 404 }),
  'POST /servers/{id}/os-interface': async world => ({
    params: { id: await fresh(world) },
    body: { interfaceAttachment: { net_id: await network(world) } },
    variants: [
      { interfaceAttachment: {} },
      { interfaceAttachment: { port_id: uuid, tag: 'nic' } },
      { interfaceAttachment: { net_id: uuid, fixed_ips: [{ ip_address: '10.0.0.9' }] } },
    ],
  }),
  'DELETE /servers/{id}/os-interface/{port}': inServer({ params: { port: uuid }, status: 202 }, fresh),
  'POST /servers/{id}/remote-consoles': inServer({
    body: { remote_console: { protocol: 'vnc', type: 'novnc' } },
    variants: [{ remote_console: { protocol: 'spice', type: 'spice-direct' } }],
  }),
  'GET /os-console-auth-tokens/{token}': asAdmin({ params: { token: uuid }, status: 404 }),
  'GET /servers/{id}/diagnostics': inServer({ as: 'admin' }),
  'GET /servers/{id}/topology': inServer(),
  'GET /servers/{id}/os-server-password': inServer(),
  'DELETE /servers/{id}/os-server-password': inServer({ status: 204 }),
  'GET /servers/{id}/os-volume_attachments': inServer({ query: 'limit=5' }),
  'GET /servers/{id}/os-volume_attachments/{volume}': inServer({ params: { volume: uuid }, status: 404 }),
  'POST /servers/{id}/os-volume_attachments': async world => ({
    params: { id: await fresh(world) },
    body: { volumeAttachment: { volumeId: await volume(world) } },
    variants: [
      { volumeAttachment: { volumeId: uuid, device: '/dev/vdb', tag: 'data', delete_on_termination: true } },
    ],
    status: 202,
  }),
  'PUT /servers/{id}/os-volume_attachments/{volume}': inServer(
    {
      params: { volume: uuid },
      body: { volumeAttachment: { volumeId: uuid, delete_on_termination: true } },
      status: 404,
    },
    fresh,
  ),
  'DELETE /servers/{id}/os-volume_attachments/{volume}': inServer(
    { params: { volume: uuid }, status: 404 },
    fresh,
  ),
  'GET /servers/{id}/os-security-groups': inServer(),
  'GET /servers/{id}/tags': inServer(),
  'PUT /servers/{id}/tags': inServer({ body: { tags: ['green', 'red'] } }, fresh),
  'DELETE /servers/{id}/tags': inServer({ status: 204 }, fresh),
  'GET /servers/{id}/tags/{tag}': inServer({ params: { tag: 'blue' }, status: 204 }),
  'PUT /servers/{id}/tags/{tag}': inServer({ params: { tag: 'green' }, status: 201 }, fresh),
  'DELETE /servers/{id}/tags/{tag}': inServer({ params: { tag: 'blue' }, status: 204 }, fresh),
  'GET /servers/{server_id}/os-instance-actions': async world => ({
    params: { server_id: await shared(world) },
    query: 'limit=5',
  }),
  'GET /servers/{server_id}/os-instance-actions/{id}': async world => ({ params: await acted(world) }),
}

const flavors: PlausibleTable = {
  'GET /flavors': () => ({ query: 'minRam=512&sort_key=name' }),
  'POST /flavors': world => ({ as: 'admin', body: { flavor: flavorBody(world) } }),
  'GET /flavors/detail': () => ({ query: 'limit=2' }),
  'GET /flavors/{id}': () => ({ params: { id: '1' } }),
  'PUT /flavors/{id}': async world => ({
    as: 'admin',
    params: { id: await flavor(world) },
    body: { flavor: { description: 'changed' } },
  }),
  'DELETE /flavors/{id}': async world => ({
    as: 'admin',
    params: { id: await flavor(world) },
    status: 202,
  }),
  'POST /flavors/{id}/action': async world => ({
    as: 'admin',
    params: { id: await flavor(world, { 'os-flavor-access:is_public': false }) },
    body: { addTenantAccess: { tenant: world.cloud.projectId.demo } },
    variants: [{ removeTenantAccess: { tenant: world.cloud.projectId.demo } }],
  }),
  'GET /flavors/{id}/os-flavor-access': async world => ({
    as: 'admin',
    params: { id: await flavor(world, { 'os-flavor-access:is_public': false }) },
  }),
  'GET /flavors/{id}/os-extra_specs': () => ({ params: { id: '1' } }),
  'POST /flavors/{id}/os-extra_specs': async world => ({
    as: 'admin',
    params: { id: await flavor(world) },
    body: { extra_specs: { 'hw:cpu_policy': 'shared' } },
  }),
  'GET /flavors/{id}/os-extra_specs/{key}': async world => ({
    params: { id: await world.once('spec', () => flavorWithSpec(world)), key: 'hw:cpu_policy' },
  }),
  'PUT /flavors/{id}/os-extra_specs/{key}': async world => ({
    as: 'admin',
    params: { id: await flavorWithSpec(world), key: 'hw:cpu_policy' },
    body: { 'hw:cpu_policy': 'dedicated' },
  }),
  'DELETE /flavors/{id}/os-extra_specs/{key}': async world => ({
    as: 'admin',
    params: { id: await flavorWithSpec(world), key: 'hw:cpu_policy' },
  }),
}

const projects: PlausibleTable = {
  'GET /os-keypairs': () => ({ query: 'limit=2' }),
  'POST /os-keypairs': world => ({
    body: { keypair: { name: world.name(), public_key: publicKey, type: 'ssh' } },
    status: 201,
  }),
  'GET /os-keypairs/{name}': async world => ({
    params: { name: await world.once('keypair', () => keypair(world)) },
  }),
  'DELETE /os-keypairs/{name}': async world => ({ params: { name: await keypair(world) }, status: 204 }),
  'GET /os-availability-zone': plain,
  'GET /os-availability-zone/detail': asAdmin(),
  'GET /limits': plain,
  'GET /os-quota-sets/{id}': ofProject(),
  'PUT /os-quota-sets/{id}': ofProject({ body: { quota_set: { key_pairs: 100, force: true } } }),
  'DELETE /os-quota-sets/{id}': async world => ({
    as: 'admin',
    params: { id: world.cloud.projectId.admin },
    status: 202,
  }),
  'GET /os-quota-sets/{id}/detail': ofProject(),
  'GET /os-quota-sets/{id}/defaults': ofProject(),
  'GET /os-quota-class-sets/{id}': asAdmin({ params: { id: 'default' } }),
  'PUT /os-quota-class-sets/{id}': asAdmin({
    params: { id: 'default' },
    body: { quota_class_set: { key_pairs: 100 } },
  }),
  'GET /os-simple-tenant-usage': asAdmin({ query: 'detailed=1&start=2026-01-01T00:00:00' }),
  'GET /os-simple-tenant-usage/{id}': ofProject(),
  'GET /os-server-groups': () => ({ query: 'limit=2&offset=0' }),
  'POST /os-server-groups': world => ({
    body: {
      server_group: { name: world.name(), policy: 'anti-affinity', rules: { max_server_per_host: 2 } },
    },
  }),
  'GET /os-server-groups/{id}': async world => ({
    params: { id: await world.once('group', () => group(world)) },
  }),
  'DELETE /os-server-groups/{id}': async world => ({ params: { id: await group(world) }, status: 204 }),
}

const hosts = (more: Plausible = {}) => asAdmin({ params: { host: 'host-1' }, version: '2.42', ...more })

const machinery: PlausibleTable = {
  'GET /os-services': asAdmin({ query: 'binary=nova-compute' }),
  'PUT /os-services/{id}': async world => ({
    as: 'admin',
    params: { id: await service(world) },
    body: { status: 'enabled' },
  }),
  // The one host's own service, with servers on it: refused. Services that may go are tested beside the handler.
  'DELETE /os-services/{id}': async world => {
    await shared(world)
    return { as: 'admin', params: { id: await service(world) }, status: 409 }
  },
  'GET /os-hypervisors': asAdmin({ query: 'hypervisor_hostname_pattern=host' }),
  'GET /os-hypervisors/detail': asAdmin({ query: 'limit=1' }),
  'GET /os-hypervisors/statistics': asAdmin({ version: '2.87' }),
  'GET /os-hypervisors/{id}': async world => ({ as: 'admin', params: { id: await hypervisor(world) } }),
  'GET /os-hypervisors/{id}/uptime': async world => ({
    as: 'admin',
    params: { id: await hypervisor(world) },
    version: '2.87',
  }),
  'GET /os-hypervisors/{id}/search': asAdmin({ params: { id: 'host' }, version: '2.52' }),
  'GET /os-hypervisors/{id}/servers': asAdmin({ params: { id: 'host-1' }, version: '2.52' }),
  'GET /os-hosts': asAdmin({ version: '2.42' }),
  'GET /os-hosts/{host}': hosts(),
  // What hosts cannot do here: Nova's own answer for drivers that cannot.
  'PUT /os-hosts/{host}': hosts({ body: { status: 'enable' }, status: 501 }),
  'GET /os-hosts/{host}/startup': hosts({ status: 501 }),
  'GET /os-hosts/{host}/shutdown': hosts({ status: 501 }),
  'GET /os-hosts/{host}/reboot': hosts({ status: 501 }),
  'GET /os-aggregates': asAdmin(),
  'POST /os-aggregates': world => ({
    as: 'admin',
    body: { aggregate: { name: world.name(), availability_zone: 'west' } },
  }),
  'GET /os-aggregates/{id}': async world => ({ as: 'admin', params: { id: await aggregate(world) } }),
  'PUT /os-aggregates/{id}': async world => ({
    as: 'admin',
    params: { id: await aggregate(world) },
    body: { aggregate: { name: world.name() } },
  }),
  'DELETE /os-aggregates/{id}': async world => ({ as: 'admin', params: { id: await aggregate(world) } }),
  'POST /os-aggregates/{id}/action': async world => ({
    as: 'admin',
    params: { id: await aggregate(world) },
    body: { set_metadata: { metadata: { rack: '7' } } },
    variants: [{ add_host: { host: 'host-1' } }, { remove_host: { host: 'host-1' } }],
  }),
  'POST /os-aggregates/{id}/images': async world => ({
    as: 'admin',
    params: { id: await aggregate(world) },
    body: { cache: [{ id: world.cloud.imageId }] },
    status: 202,
  }),
  'POST /os-server-external-events': async world => ({
    as: 'admin',
    body: {
      events: [{ name: 'network-changed', server_uuid: await shared(world), tag: uuid, status: 'completed' }],
    },
  }),
  'GET /os-migrations': asAdmin({ query: 'limit=1' }),
  'GET /servers/{server_id}/migrations': async world => ({
    as: 'admin',
    params: { server_id: await shared(world) },
  }),
  // Only live migrations under way are shown, and none lasts here.
  'GET /servers/{server_id}/migrations/{id}': async world => ({
    as: 'admin',
    params: { server_id: await migrated(world), id: '1' },
    status: 404,
  }),
  'DELETE /servers/{server_id}/migrations/{id}': async world => ({
    as: 'admin',
    params: { server_id: await migrated(world), id: '1' },
    status: 409,
  }),
  'POST /servers/{server_id}/migrations/{id}/action': async world => ({
    as: 'admin',
    params: { server_id: await migrated(world), id: '1' },
    body: { force_complete: null },
    status: 409,
  }),
  'GET /os-instance_usage_audit_log': asAdmin(),
  'GET /os-instance_usage_audit_log/{before}': asAdmin({ params: { before: '2026-11-01 00:00:00' } }),
}

/** Any path will do for what refuses without looking. */
const refused = (
  rows: readonly { readonly method: string; readonly path: string; readonly until?: number }[],
  status: number,
): PlausibleTable =>
  Object.fromEntries(
    rows.map(({ method, path, until }) => [
      `${method} ${path}`,
      () => ({
        as: 'admin',
        params: Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, uuid])),
        ...(until === undefined ? {} : { version: `2.${until}` }),
        status,
      }),
    ]),
  )

/** The older name of servers, at the last version that has it. */
const volumesBoot: PlausibleTable = Object.fromEntries(
  volumesBootRoutes.map(({ method, path, until }) => {
    const row = servers[`${method} ${path.replace('/os-volumes_boot', '/servers')}`]
    if (!row) throw new Error(`${method} ${path} is the alias of nothing`)
    return [`${method} ${path}`, async world => ({ ...(await row(world)), version: `2.${until}` })]
  }),
)

export const computePlausible: PlausibleTable = {
  'GET /': plain,
  'GET /versions/{id}': () => ({ params: { id: 'v2.1' } }),
  'GET /extensions': plain,
  'GET /extensions/{alias}': () => ({ params: { alias: 'os-keypairs' } }),
  ...servers,
  ...volumesBoot,
  ...flavors,
  ...projects,
  ...machinery,
  ...computeProxies,
  ...refused(removedRoutes, 410),
  ...refused(notYetRoutes, 501),
}
