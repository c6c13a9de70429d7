// `server create|show|list|delete`.
import { readFileSync } from 'node:fs'
import { isUuidLike } from '../../base/ids.ts'
import { CliError, usage } from '../errors.ts'
import { find, findId } from '../find.ts'
import { asItem, type Item, itemOf, textOf } from '../item.ts'
import { dict } from '../output/cells.ts'
import {
  act,
  type Call,
  column,
  forEach,
  list,
  long,
  longOption,
  option,
  pairs,
  query,
  show,
} from '../row.ts'
import { bootedFromVolume, networks, powerState, serverFields } from '../server-view.ts'
import { finish, settleDeleted } from '../wait.ts'

export const serverRows = [
  show({
    words: 'server create',
    arguments: '<server-name>',
    help: 'create a server',
    options: [
      option('--flavor <flavor>', 'size (name or ID)', { required: true }),
      option('--image <image>', 'boot from this image (name or ID)'),
      option(
        '--boot-from-volume <gigabytes>',
        'copy the image to a new volume of this size and boot from that',
        {
          number: true,
        },
      ),
      option('--volume <volume-id>', 'boot from this volume'),
      option('--network <network>', 'network (name or ID), auto or none; repeatable', { many: true }),
      option('--port <port>', 'existing port (name or ID); repeatable', { many: true }),
      option('--nic <key=value,…>', 'net-id=, port-id=, v4-fixed-ip=, v6-fixed-ip=, tag=; repeatable', {
        many: true,
      }),
      option('--security-group <group>', 'security group (name or ID); repeatable', { many: true }),
      option('--key-name <keypair>', 'SSH key to put in'),
      option('--property <key=value>', 'metadata; repeatable', { many: true }),
      option('--user-data <file>', 'file given to the server through the metadata service'),
      option('--description <text>', 'description'),
      option('--availability-zone <zone>', 'where to put it'),
      option('--host <host>', 'put it on this host, if it fits (administrators)'),
      option('--hypervisor-hostname <name>', 'put it on this hypervisor, if it fits (administrators)'),
      option('--hint <key=value>', 'scheduler hint; repeatable', { many: true }),
      option('--use-config-drive', 'give metadata on a drive as well'),
      option('--min <count>', 'at least so many servers', { number: true }),
      option('--max <count>', 'at most so many servers', { number: true }),
      option('--password <text>', "the administrator's password inside"),
      option('--hostname <name>', 'host name inside'),
      option('--tag <tag>', 'tag; repeatable', { many: true }),
      option('--wait', 'wait until it is ACTIVE; exit 1 and say why when it ends in ERROR'),
    ],
    examples: [
      'server create --flavor m1.tiny --image cirros vm1',
      'server create --flavor m1.small --image cirros --network private --key-name me --wait vm1',
    ],
    run: createServer,
  }),
  show({
    words: 'server show',
    arguments: '<server>',
    help: 'show a server',
    options: [option('--topology', 'include the topology of its NUMA nodes (compute 2.78)')],
    examples: ['server show vm1', 'server show vm1 -f value -c status'],
    run: async call => {
      const found = await find(call.cloud, 'server', call.argument('server'))
      const fields = await serverFields(call.cloud, found)
      if (!call.flag('topology')) return fields
      return { ...fields, topology: await call.cloud.compute.get(`/servers/${textOf(found, 'id')}/topology`) }
    },
  }),
  list({
    words: 'server list',
    help: 'list servers',
    options: [
      longOption,
      option('--all-projects', 'of all projects (administrators)'),
      option('--project <project>', 'of this project (name or ID; administrators)'),
      option('--user <user>', 'of this user (name or ID; administrators)'),
      option('--name <regex>', 'whose name fits this regular expression'),
      option('--status <status>', 'in this status: ACTIVE, ERROR, SHUTOFF …'),
      option('--flavor <flavor>', 'of this flavor (name or ID)'),
      option('--image <image>', 'of this image (name or ID)'),
      option('--host <host>', 'on this host (administrators)'),
      option('--availability-zone <zone>', 'in this zone'),
      option('--key-name <keypair>', 'with this SSH key'),
      option('--ip <regex>', 'whose IPv4 addresses fit'),
      option('--ip6 <regex>', 'whose IPv6 addresses fit'),
      option('--deleted', 'only deleted servers (administrators)'),
      option('--changes-since <time>', 'changed after this ISO 8601 time'),
      option('--changes-before <time>', 'changed before it'),
      option('--tags <tag>', 'with this tag; repeatable', { many: true }),
      option('--not-tags <tag>', 'without this tag; repeatable', { many: true }),
      option('--locked', 'only locked ones', { conflicts: ['unlocked'] }),
      option('--unlocked', 'only ones not locked'),
      option('--sort <key:asc|desc>', 'order; repeatable', { many: true }),
      option('--marker <server>', 'start after this one'),
      option('--limit <count>', 'at most so many', { number: true }),
      option('-n, --no-name-lookup', 'do not look up names of images and flavors'),
    ],
    examples: [
      'server list',
      'server list --status ERROR --long',
      'server list --all-projects --host host-1',
    ],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('Status', 'status'),
      column('Task State', 'OS-EXT-STS:task_state', long),
      column('Power State', server => powerState(server['OS-EXT-STS:power_state']), long),
      column('Networks', networks),
      column('Image', 'image_name', view => !view.flag('long')),
      column('Image Name', 'image_name', long),
      column('Image ID', server => textOf(asItem(server.image), 'id'), long),
      column('Flavor', 'flavor_name', view => !view.flag('long') || view.computeMinor >= 47),
      column('Flavor Name', 'flavor_name', view => view.flag('long') && view.computeMinor < 47),
      column(
        'Flavor ID',
        server => asItem(server.flavor).id,
        view => view.flag('long') && view.computeMinor < 47,
      ),
      column('Availability Zone', 'OS-EXT-AZ:availability_zone', long),
      column(
        'Pinned Availability Zone',
        'pinned_availability_zone',
        view => long(view) && view.computeMinor >= 96,
      ),
      column('Host', 'OS-EXT-SRV-ATTR:host', long),
      column('Properties', server => dict(asItem(server.metadata)), long),
      column(
        'Scheduler Hints',
        server => dict(asItem(server.scheduler_hints)),
        view => long(view) && view.computeMinor >= 100,
      ),
      column('Project ID', 'tenant_id', view => view.flag('all-projects')),
      column('User ID', 'user_id', () => false),
      column('Created At', 'created', () => false),
      column('Updated At', 'updated', () => false),
    ],
    run: listServers,
  }),
  act({
    words: 'server delete',
    arguments: '<server...>',
    help: 'delete servers',
    options: [
      option('--force', 'delete at once, also where deletion is deferred'),
      option('--wait', 'wait until they are gone'),
    ],
    examples: ['server delete vm1', 'server delete --wait vm1 vm2'],
    run: call =>
      forEach(call, call.arguments('server'), async reference => {
        const server = await find(call.cloud, 'server', reference)
        const id = textOf(server, 'id')
        const reply = call.flag('force')
          ? await call.cloud.compute.post(`/servers/${id}/action`, { forceDelete: null })
          : await call.cloud.compute.delete(`/servers/${id}`)
        if (call.flag('wait')) await settleDeleted(call, { id, name: textOf(server, 'name') }, reply)
      }),
  }),
]

async function createServer(call: Call) {
  const { cloud } = call
  const minor = (await cloud.computeVersion()).minor
  const name = call.argument('server-name')
  const body: Record<string, unknown> = {
    name,
    imageRef: '',
    flavorRef: await findId(cloud, 'flavor', call.text('flavor')!), // a required option
    min_count: call.number('min') ?? 1,
    max_count: call.number('max') ?? call.number('min') ?? 1,
    networks: await serverNetworks(call, minor),
  }
  const devices = await bootDevices(call, body)
  if (devices.length > 0) body.block_device_mapping_v2 = devices
  const groups = await Promise.all(
    call.many('security-group').map(async group => ({ name: await findId(cloud, 'securityGroup', group) })),
  )
  if (groups.length > 0) body.security_groups = groups
  const texts = {
    key_name: call.text('key-name'),
    description: call.text('description'),
    availability_zone: call.text('availability-zone'),
    host: call.text('host'),
    hypervisor_hostname: call.text('hypervisor-hostname'),
    hostname: call.text('hostname'),
    adminPass: call.text('password'),
  }
  for (const [key, value] of Object.entries(texts)) if (value !== undefined) body[key] = value
  if (call.many('property').length > 0) body.metadata = pairs(call.many('property'), '--property')
  if (call.many('tag').length > 0) body.tags = call.many('tag')
  if (call.flag('use-config-drive')) body.config_drive = true
  const userData = call.text('user-data')
  if (userData !== undefined) body.user_data = readUserFile(userData).toString('base64')
  const hints = pairs(call.many('hint'), '--hint')
  const reply = await cloud.compute.post('/servers', {
    server: body,
    ...(Object.keys(hints).length > 0 ? { 'OS-SCH-HNT:scheduler_hints': hints } : {}),
  })
  const created = itemOf(reply.body, 'server')
  const id = textOf(created, 'id')
  if (call.flag('wait')) await finish(call, { id, name }, reply, ['ACTIVE'])
  const server = itemOf(await cloud.compute.get(`/servers/${id}`), 'server')
  const { adminPass } = created
  return serverFields(cloud, adminPass === undefined ? server : { ...server, adminPass })
}

/** `auto` needs compute 2.37; before, an empty list lets the cloud choose. */
async function serverNetworks(call: Call, minor: number): Promise<unknown> {
  const asked = call.many('network')
  const ports = call.many('port')
  const nics = call.many('nic')
  const special = [...asked, ...nics].find(one => one === 'auto' || one === 'none')
  if (special !== undefined) {
    if (asked.length + ports.length + nics.length > 1)
      throw usage(`'${special}' stands alone among networks and ports`)
    return special
  }
  if (asked.length + ports.length + nics.length === 0) return minor >= 37 ? 'auto' : []
  return [
    ...(await Promise.all(asked.map(async one => ({ uuid: await findId(call.cloud, 'network', one) })))),
    ...(await Promise.all(ports.map(async one => ({ port: await findId(call.cloud, 'port', one) })))),
    ...(await Promise.all(nics.map(nic => nicOf(call, nic)))),
  ]
}

async function nicOf(call: Call, text: string): Promise<unknown> {
  const given = pairs(text.split(','), '--nic')
  const nic: Record<string, string> = {}
  if (given['net-id']) nic.uuid = await findId(call.cloud, 'network', given['net-id'])
  if (given['port-id']) nic.port = await findId(call.cloud, 'port', given['port-id'])
  const address = given['v4-fixed-ip'] || given['v6-fixed-ip']
  if (address) nic.fixed_ip = address
  if (given.tag) nic.tag = given.tag
  if (nic.uuid === undefined && nic.port === undefined)
    throw usage(`--nic wants net-id= or port-id=, not '${text}'`)
  return nic
}

/** Puts the image into the body, or gives the devices to boot from instead. */
async function bootDevices(call: Call, body: Record<string, unknown>): Promise<readonly unknown[]> {
  const volume = call.text('volume')
  const size = call.number('boot-from-volume')
  const image = call.text('image')
  if (volume !== undefined) {
    if (image !== undefined) throw usage('give --image or --volume, not both')
    return [{ uuid: volume, source_type: 'volume', destination_type: 'volume', boot_index: 0 }]
  }
  if (image === undefined) throw usage('give --image or --volume: what shall it boot from?')
  const imageId = await findId(call.cloud, 'image', image)
  if (size === undefined) {
    body.imageRef = imageId
    return []
  }
  return [
    {
      uuid: imageId,
      source_type: 'image',
      destination_type: 'volume',
      volume_size: size,
      boot_index: 0,
      delete_on_termination: false,
    },
  ]
}

function readUserFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new CliError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`, { cause: error }) // fs's
  }
}

async function listServers(call: Call): Promise<readonly Item[]> {
  const { cloud } = call
  const id = async (kind: 'project' | 'user' | 'flavor' | 'image', name: string) => {
    const reference = call.text(name)
    return reference === undefined ? undefined : findId(cloud, kind, reference)
  }
  const project = await id('project', 'project')
  const marker = call.text('marker')
  const limit = call.number('limit')
  const sort = call.many('sort').map(one => one.split(':'))
  const joined = (values: readonly string[]) => (values.length > 0 ? values.join(',') : undefined)
  const path = `/servers/detail${query({
    all_tenants: call.flag('all-projects') || project !== undefined ? 'True' : undefined,
    project_id: project,
    user_id: await id('user', 'user'),
    name: call.text('name'),
    status: call.text('status'),
    flavor: await id('flavor', 'flavor'),
    image: await id('image', 'image'),
    host: call.text('host'),
    availability_zone: call.text('availability-zone'),
    key_name: call.text('key-name'),
    ip: call.text('ip'),
    ip6: call.text('ip6'),
    deleted: call.flag('deleted') ? 'True' : undefined,
    'changes-since': call.text('changes-since'),
    'changes-before': call.text('changes-before'),
    tags: joined(call.many('tags')),
    'not-tags': joined(call.many('not-tags')),
    locked: call.flag('locked') ? 'True' : call.flag('unlocked') ? 'False' : undefined,
    sort_key: sort.map(([key]) => key!), // split gives at least one part
    sort_dir: sort.map(([, direction]) => direction ?? 'asc'),
    marker:
      marker === undefined || call.flag('deleted') || isUuidLike(marker)
        ? marker
        : await findId(cloud, 'server', marker),
    limit: limit !== undefined && limit > 0 ? limit : undefined,
  })}`
  const servers = await cloud.compute.list(
    path,
    'servers',
    limit !== undefined && limit > 0 ? limit : undefined,
  )
  return withNames(call, servers)
}

/** Adds image_name and flavor_name: one call for all images, one for all flavors where they are not embedded. */
async function withNames(call: Call, servers: readonly Item[]): Promise<readonly Item[]> {
  const lookUp = !call.flag('no-name-lookup')
  const imageIds = [...new Set(servers.map(server => textOf(asItem(server.image), 'id')))].filter(
    id => id !== '',
  )
  const wantsFlavors = servers.some(server => asItem(server.flavor).id !== undefined)
  const [images, flavors] = await Promise.all([
    lookUp && imageIds.length > 0 && (await call.cloud.has('image')) ? imageNames(call, imageIds) : new Map(),
    lookUp && wantsFlavors
      ? call.cloud.compute.list('/flavors/detail?is_public=None', 'flavors').then(namesById)
      : new Map(),
  ])
  return servers.map(server => {
    const imageId = textOf(asItem(server.image), 'id')
    const flavor = asItem(server.flavor)
    const flavorId = textOf(flavor, 'id')
    return {
      ...server,
      image_name: imageId === '' ? bootedFromVolume : (images.get(imageId) ?? (lookUp ? '' : imageId)),
      flavor_name: flavor.original_name ?? flavors.get(flavorId) ?? flavorId,
    }
  })
}

const imagesPerCall = 60 // 36 characters each: a query of about two kilobytes

async function imageNames(call: Call, ids: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
  const names = new Map<string, unknown>()
  for (let from = 0; from < ids.length; from += imagesPerCall) {
    const some = ids.slice(from, from + imagesPerCall)
    const images = await call.cloud.image.list(`/images?id=in:${some.join(',')}`, 'images')
    for (const image of images) names.set(textOf(image, 'id'), image.name)
  }
  return names
}

const namesById = (items: readonly Item[]): ReadonlyMap<string, unknown> =>
  new Map(items.map(item => [textOf(item, 'id'), item.name]))
