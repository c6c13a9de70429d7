// `server list`.
import { isUuidLike } from '../../base/ids.ts'
import { findId } from '../find.ts'
import { asItem, type Item, textOf } from '../item.ts'
import { dict } from '../output/cells.ts'
import { type Call, column, list, long, longOption, option, query } from '../row.ts'
import { bootedFromVolume, networks, powerState } from '../server-view.ts'

export const serverListRow = list({
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
  examples: ['server list', 'server list --status ERROR --long', 'server list --all-projects --host host-1'],
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
})

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
