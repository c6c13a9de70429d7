// What the image service keeps: images, their custom properties and tags, and the projects they are shared with.
// The data itself lies in files (image-files.ts). A deleted image's row stays, so that its id is never given out again.
import type { Migration } from '../platform/store/store.ts'

export const imageStatuses = [
  'queued',
  'saving',
  'active',
  'killed',
  'deleted',
  'uploading',
  'importing',
  'pending_delete',
  'deactivated',
] as const
export type ImageStatus = (typeof imageStatuses)[number]

export const visibilities = ['community', 'public', 'private', 'shared'] as const
export type Visibility = (typeof visibilities)[number]

export const memberStatuses = ['pending', 'accepted', 'rejected'] as const
export type MemberStatus = (typeof memberStatuses)[number]

export interface ImageRow {
  readonly id: string
  readonly name: string | null
  readonly status: ImageStatus
  readonly visibility: Visibility
  readonly protected: number
  readonly os_hidden: number
  /** The project it belongs to. */
  readonly owner: string | null
  readonly disk_format: string | null
  readonly container_format: string | null
  /** Bytes of the data; null until there is some. */
  readonly size: number | null
  readonly virtual_size: number | null
  /** MD5 in hex. */
  readonly checksum: string | null
  readonly os_hash_algo: string | null
  readonly os_hash_value: string | null
  /** MB and GB. */
  readonly min_ram: number
  readonly min_disk: number
  /** The upload that is writing the data now; only that one may finish it. */
  readonly upload_id: string | null
  readonly created_at: number
  readonly updated_at: number
  readonly deleted_at: number | null
}

export interface ImagePropertyRow {
  readonly image_id: string
  readonly name: string
  readonly value: string
}

export interface ImageTagRow {
  readonly image_id: string
  readonly tag: string
}

export interface ImageMemberRow {
  readonly image_id: string
  /** A project id; identity is not asked whether it exists. */
  readonly member_id: string
  readonly status: MemberStatus
  readonly created_at: number
  readonly updated_at: number
}

export interface ImageTaskRow {
  readonly id: string
  readonly image_id: string
  /** Whose request it was. */
  readonly owner: string | null
  readonly user_id: string
  readonly request_id: string
  /** What was asked for. */
  readonly input_json: string
  readonly created_at: number
}

export interface ImageTables {
  images: ImageRow
  image_properties: ImagePropertyRow
  image_tags: ImageTagRow
  image_members: ImageMemberRow
  image_tasks: ImageTaskRow
}

export const imageMigrations: readonly Migration[] = [
  {
    name: 'image_0001_images',
    async up(db) {
      await db.schema
        .createTable('images')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('name', 'text')
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('visibility', 'text', column => column.notNull())
        .addColumn('protected', 'integer', column => column.notNull())
        .addColumn('os_hidden', 'integer', column => column.notNull())
        .addColumn('owner', 'text')
        .addColumn('disk_format', 'text')
        .addColumn('container_format', 'text')
        .addColumn('size', 'bigint')
        .addColumn('virtual_size', 'bigint')
        .addColumn('checksum', 'text')
        .addColumn('os_hash_algo', 'text')
        .addColumn('os_hash_value', 'text')
        .addColumn('min_ram', 'integer', column => column.notNull())
        .addColumn('min_disk', 'integer', column => column.notNull())
        .addColumn('upload_id', 'text')
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint', column => column.notNull())
        .addColumn('deleted_at', 'bigint')
        .execute()
      await db.schema.createIndex('images_created').on('images').columns(['created_at', 'id']).execute()
      await db.schema.createIndex('images_owner').on('images').column('owner').execute()
      await db.schema.createIndex('images_name').on('images').column('name').execute()
      await db.schema
        .createTable('image_properties')
        .addColumn('image_id', 'text', column => column.notNull().references('images.id'))
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('value', 'text', column => column.notNull())
        .addPrimaryKeyConstraint('image_properties_key', ['image_id', 'name'])
        .execute()
      await db.schema.createIndex('image_properties_name').on('image_properties').column('name').execute()
      await db.schema
        .createTable('image_tags')
        .addColumn('image_id', 'text', column => column.notNull().references('images.id'))
        .addColumn('tag', 'text', column => column.notNull())
        .addPrimaryKeyConstraint('image_tags_key', ['image_id', 'tag'])
        .execute()
      await db.schema.createIndex('image_tags_tag').on('image_tags').column('tag').execute()
      await db.schema
        .createTable('image_members')
        .addColumn('image_id', 'text', column => column.notNull().references('images.id'))
        .addColumn('member_id', 'text', column => column.notNull())
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint', column => column.notNull())
        .addPrimaryKeyConstraint('image_members_key', ['image_id', 'member_id'])
        .execute()
      await db.schema.createIndex('image_members_member').on('image_members').column('member_id').execute()
    },
  },
  {
    name: 'image_0002_tasks',
    async up(db) {
      await db.schema
        .createTable('image_tasks')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('image_id', 'text', column => column.notNull().references('images.id'))
        .addColumn('owner', 'text')
        .addColumn('user_id', 'text', column => column.notNull())
        .addColumn('request_id', 'text', column => column.notNull())
        .addColumn('input_json', 'text', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .execute()
      await db.schema.createIndex('image_tasks_image').on('image_tasks').column('image_id').execute()
    },
  },
]
