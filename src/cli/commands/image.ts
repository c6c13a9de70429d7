// `image list|show|create|save|set|delete`.
import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CliError } from '../errors.ts'
import { find, findId } from '../find.ts'
import { asItem, type Item, textOf, textsOf, without } from '../item.ts'
import { type Cell, dict, list as texts } from '../output/cells.ts'
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

// What every image has; everything else is a property of its owner's making.
const ownKeys = new Set(
  (
    'status name container_format created_at size disk_format updated_at visibility min_disk protected id file ' +
    'checksum owner virtual_size min_ram schema'
  ).split(' '),
)

/** Rows of `image show`: what the service sent, with its free properties in one row. */
export function imageFields(image: Item): Readonly<Record<string, Cell>> {
  const known = Object.entries(image).filter(([key, value]) => ownKeys.has(key) && value !== null)
  const properties = without(image, ...ownKeys, 'tags', 'links', 'self')
  return { ...Object.fromEntries(known), tags: texts(textsOf(image.tags)), properties: dict(properties) }
}

const visibilities = ['public', 'private', 'community', 'shared'] as const
const visibilityOptions = visibilities.map(visibility =>
  option(`--${visibility}`, `visibility: ${visibility}`, {
    conflicts: visibilities.filter(other => other !== visibility),
  }),
)
const visibilityOf = (call: Call) => visibilities.find(visibility => call.flag(visibility))

export const imageRows = [
  list({
    words: 'image list',
    help: 'list images',
    options: [
      longOption,
      ...visibilityOptions,
      option('--name <name>', 'of this name'),
      option('--status <status>', 'in this status: active, queued …'),
      option('--property <key=value>', 'with this property; repeatable', { many: true }),
      option('--tag <tag>', 'with this tag; repeatable', { many: true }),
      option('--sort <key:asc|desc>', 'order (default name:asc)'),
      option('--marker <image>', 'start after this one (name or ID)'),
      option('--limit <count>', 'at most so many', { number: true }),
    ],
    examples: ['image list', 'image list --long --public'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column('Disk Format', 'disk_format', long),
      column('Container Format', 'container_format', long),
      column('Size', 'size', long),
      column('Checksum', 'checksum', long),
      column('Status', 'status'),
      column('Visibility', 'visibility', long),
      column('Protected', 'protected', long),
      column('Project', 'owner', long),
      column('Hash Algorithm', 'os_hash_algo', () => false),
      column('Hash Value', 'os_hash_value', () => false),
      column('Tags', image => texts(textsOf(image.tags)), long),
    ],
    run: async call => {
      const [key, direction] = (call.text('sort') ?? 'name:asc').split(':')
      const marker = call.text('marker')
      const limit = call.number('limit')
      const path = `/images${query({
        ...pairs(call.many('property'), '--property'),
        visibility: visibilityOf(call),
        name: call.text('name'),
        status: call.text('status'),
        tag: call.many('tag'),
        sort_key: key,
        sort_dir: direction ?? 'asc',
        marker: marker === undefined ? undefined : await findId(call.cloud, 'image', marker),
        limit,
      })}`
      return call.cloud.image.list(path, 'images', limit)
    },
  }),
  show({
    words: 'image show',
    arguments: '<image>',
    help: 'show an image',
    examples: ['image show cirros'],
    run: async call => imageFields(await find(call.cloud, 'image', call.argument('image'))),
  }),
  show({
    words: 'image create',
    arguments: '<name>',
    help: 'create an image, and put the data into it',
    options: [
      option('--file <file>', 'the data'),
      option('--disk-format <format>', 'of the data (default raw): raw, qcow2, iso …'),
      option('--container-format <format>', 'around the disk (default bare)'),
      option('--id <uuid>', 'its id'),
      option('--min-disk <gigabytes>', 'smallest disk it boots from', { number: true }),
      option('--min-ram <megabytes>', 'smallest memory it boots with', { number: true }),
      option('--property <key=value>', 'property; repeatable', { many: true }),
      option('--tag <tag>', 'tag; repeatable', { many: true }),
      option('--protected', 'it cannot be deleted'),
      ...visibilityOptions,
    ],
    examples: [
      'image create --file cirros.qcow2 --disk-format qcow2 cirros',
      'image create --public --file disk.raw base',
    ],
    run: createImage,
  }),
  act({
    words: 'image save',
    arguments: '<image>',
    help: "write an image's data to a file, or to stdout",
    options: [option('--file <file>', 'where to (default: stdout)')],
    examples: ['image save --file cirros.raw cirros'],
    run: saveImage,
  }),
  act({
    words: 'image set',
    arguments: '<image>',
    help: 'change an image',
    options: [
      option('--name <name>', 'new name'),
      option('--min-disk <gigabytes>', 'smallest disk it boots from', { number: true }),
      option('--min-ram <megabytes>', 'smallest memory it boots with', { number: true }),
      option('--property <key=value>', 'property to add or change; repeatable', { many: true }),
      option('--tag <tag>', 'tag to add; repeatable', { many: true }),
      option('--protected', 'it cannot be deleted', { conflicts: ['unprotected'] }),
      option('--unprotected', 'it can be deleted'),
      ...visibilityOptions,
    ],
    examples: ['image set --property os_distro=cirros cirros', 'image set --unprotected cirros'],
    run: setImage,
  }),
  act({
    words: 'image delete',
    arguments: '<image...>',
    help: 'delete images',
    examples: ['image delete backup'],
    run: call =>
      forEach(call, call.arguments('image'), async reference => {
        await call.cloud.image.delete(`/images/${await findId(call.cloud, 'image', reference)}`)
      }),
  }),
]

async function createImage(call: Call) {
  const { image } = call.cloud
  const file = call.text('file')
  // Opened before anything is created: a typing error must not leave an empty image behind.
  const size = file === undefined ? 0 : sizeOf(file)
  const reply = await image.post('/images', {
    ...pairs(call.many('property'), '--property'),
    name: call.argument('name'),
    disk_format: call.text('disk-format') ?? 'raw',
    container_format: call.text('container-format') ?? 'bare',
    ...Object.fromEntries(
      Object.entries({
        id: call.text('id'),
        min_disk: call.number('min-disk'),
        min_ram: call.number('min-ram'),
        visibility: visibilityOf(call),
        protected: call.flag('protected') ? true : undefined,
        tags: call.many('tag').length > 0 ? call.many('tag') : undefined,
      }).filter(([, value]) => value !== undefined),
    ),
  })
  const created = asItem(reply.body)
  if (file === undefined) return imageFields(created)
  const id = textOf(created, 'id')
  try {
    await image.request('PUT', `/images/${id}/file`, {
      upload: createReadStream(file),
      headers: { 'Content-Type': 'application/octet-stream', 'X-OpenStack-Image-Size': String(size) },
    })
  } catch (error) {
    // An image without its data is of no use to anyone; the upload's error is the one to report.
    await image.request('DELETE', `/images/${id}`, { allow: [403, 404, 409] }).catch(() => {})
    throw error
  }
  return imageFields(asItem(await image.get(`/images/${id}`)))
}

function sizeOf(path: string): number {
  try {
    const stat = statSync(path)
    if (stat.isDirectory()) throw new CliError(`${path} is a directory`)
    return stat.size
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`, { cause: error }) // fs's
  }
}

async function saveImage(call: Call): Promise<void> {
  const id = await findId(call.cloud, 'image', call.argument('image'))
  const reply = await call.cloud.image.request('GET', `/images/${id}/file`, {
    headers: { Accept: 'application/octet-stream' },
    download: true,
  })
  if (reply.status === 204 || reply.stream === null)
    throw new CliError(`image ${call.argument('image')} has no data`)
  const data = Readable.fromWeb(reply.stream as import('node:stream/web').ReadableStream) // the same thing, typed twice
  const file = call.text('file')
  if (file !== undefined) return pipeline(data, createWriteStream(file))
  if (call.io.isTty)
    throw new CliError('image data is not for a terminal', { hint: 'give --file FILE, or pipe it' })
  for await (const part of data) await call.io.write(part as Uint8Array) // a byte stream
}

async function setImage(call: Call): Promise<void> {
  const image = await find(call.cloud, 'image', call.argument('image'))
  const values: Record<string, unknown> = {
    ...pairs(call.many('property'), '--property'),
    name: call.text('name'),
    min_disk: call.number('min-disk'),
    min_ram: call.number('min-ram'),
    visibility: visibilityOf(call),
    protected: call.flag('protected') ? true : call.flag('unprotected') ? false : undefined,
    tags:
      call.many('tag').length > 0 ? [...new Set([...textsOf(image.tags), ...call.many('tag')])] : undefined,
  }
  const patch = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({
      op: key in image ? 'replace' : 'add',
      path: `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      value,
    }))
  if (patch.length === 0) return
  await call.cloud.image.request('PATCH', `/images/${textOf(image, 'id')}`, {
    body: patch,
    headers: { 'Content-Type': 'application/openstack-images-v2.1-json-patch' },
  })
}
