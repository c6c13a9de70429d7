// The JSON Schemas of the image service: what bodies are checked against and what /v2/schemas publishes, one object
// for both. Names, types, bounds and order follow Glance (glance/api/v2/images.py, get_base_properties).
import { imageStatuses, memberStatuses, visibilities } from './tables.ts'

/** [image_format]disk_formats and container_formats. */
export const diskFormats = [
  'ami',
  'ari',
  'aki',
  'vhd',
  'vhdx',
  'vmdk',
  'raw',
  'qcow2',
  'vdi',
  'iso',
  'ploop',
] as const
export const containerFormats = ['ami', 'ari', 'aki', 'bare', 'ovf', 'ova', 'docker', 'compressed'] as const

const uuidPattern = '^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$'
const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more })
const fixed = (description: string, more: object = {}) => ({
  type: 'string',
  readOnly: true,
  description,
  ...more,
})
const textOrNull = (description: string, more: object = {}) => ({
  type: ['null', 'string'],
  description,
  ...more,
})

export const imageProperties = {
  id: text('Identifies the image', { pattern: uuidPattern }),
  name: textOrNull('What people call the image', { maxLength: 255 }),
  status: fixed('Where the image is in its life', { enum: imageStatuses }),
  visibility: text('Who can see the image', { enum: visibilities }),
  protected: { type: 'boolean', description: 'When true, the image cannot be deleted' },
  os_hidden: { type: 'boolean', description: 'When true, the image is left out of ordinary lists' },
  checksum: textOrNull('MD5 of the data', { readOnly: true, maxLength: 32 }),
  os_hash_algo: textOrNull('How os_hash_value is computed', { readOnly: true, maxLength: 64 }),
  os_hash_value: textOrNull('Digest of the data by os_hash_algo, in hex', { readOnly: true, maxLength: 128 }),
  owner: textOrNull('The project the image belongs to', { maxLength: 255 }),
  size: { type: ['null', 'integer'], readOnly: true, description: 'Bytes of the data' },
  virtual_size: {
    type: ['null', 'integer'],
    readOnly: true,
    description: 'Bytes of the disk the data describes',
  },
  container_format: textOrNull('What the disk is wrapped in', { enum: [null, ...containerFormats] }),
  disk_format: textOrNull('Format of the disk', { enum: [null, ...diskFormats] }),
  created_at: fixed('When the image was registered'),
  updated_at: fixed('When the image was last changed'),
  tags: {
    type: 'array',
    description: 'Words attached to the image',
    items: { type: 'string', maxLength: 255 },
  },
  direct_url: fixed('Where the data lies in an external store'),
  min_ram: { type: 'integer', description: 'Memory in MB a server needs to boot the image' },
  min_disk: { type: 'integer', description: 'Disk in GB a server needs to boot the image' },
  self: fixed('Path of the image'),
  file: fixed('Path of the data'),
  stores: fixed('The stores that hold the data, separated by commas'),
  schema: fixed('Path of the schema of an image'),
  locations: {
    type: 'array',
    items: {
      type: 'object',
      properties: { url: { type: 'string', maxLength: 255 }, metadata: { type: 'object' } },
      required: ['url', 'metadata'],
    },
    description: 'Where the data lies in external stores',
  },
} as const satisfies Record<string, object>

export const imageSchema = {
  name: 'image',
  type: 'object',
  properties: imageProperties,
  additionalProperties: { type: 'string' },
  links: [
    { rel: 'self', href: '{self}' },
    { rel: 'enclosure', href: '{file}' },
    { rel: 'describedby', href: '{schema}' },
  ],
} as const

export const memberSchema = {
  name: 'member',
  properties: {
    member_id: text('The project the image is shared with'),
    image_id: text('The image', { pattern: uuidPattern }),
    created_at: text('When the image was shared'),
    updated_at: text('When the answer last changed'),
    status: text('What the project said to the offer', { enum: memberStatuses }),
    schema: { type: 'string' },
  },
} as const

const collection = (name: string, item: object) => ({
  name,
  properties: {
    [name]: { type: 'array', items: item },
    first: { type: 'string' },
    next: { type: 'string' },
    schema: { type: 'string' },
  },
  links: [
    { rel: 'first', href: '{first}' },
    { rel: 'next', href: '{next}' },
    { rel: 'describedby', href: '{schema}' },
  ],
})

const { type: _type, ...publishedImage } = imageSchema

/** What `GET /v2/schemas/{name}` answers. */
export const publishedSchemas = {
  image: publishedImage,
  images: collection('images', publishedImage),
  member: memberSchema,
  members: collection('members', memberSchema),
} as const satisfies Record<string, object>

/** glance/api/v2/images.py, RequestDeserializer: what a client may not set, and what it may not even name. */
export const readOnlyAttributes: ReadonlySet<string> = new Set([
  'created_at',
  'updated_at',
  'status',
  'checksum',
  'size',
  'virtual_size',
  'direct_url',
  'self',
  'file',
  'schema',
  'stores',
  'os_hash_algo',
  'os_hash_value',
])
const reserved: ReadonlySet<string> = new Set(['location', 'deleted', 'deleted_at'])
export const isReserved = (name: string): boolean => reserved.has(name) || name.startsWith('os_glance')
