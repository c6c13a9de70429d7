// What the volume service keeps. What volumes and snapshots hold lies in files (backend.ts). A volume or snapshot that
// was deleted is gone; what has been accepted and not done yet is in volume_jobs (work.ts).
import type { AttachStatus, SnapshotStatus, VolumeStatus } from '../model/volume-states.ts'
import type { Migration } from '../platform/store/store.ts'
import { type BackupTables, backupMigrations } from './backups/tables.ts'
import { type GroupTables, groupMigrations } from './groups/tables.ts'
import { type ServiceTables, serviceMigrations } from './services/tables.ts'
import { type TransferTables, transferMigrations } from './transfers/tables.ts'
import { type TypeTables, typeMigrations } from './types/tables.ts'

export interface VolumeTypeRow {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly is_public: number
  /** The type of volumes that name none; there is one. */
  readonly is_default: number
  readonly qos_id: string | null
  readonly created_at: number
  readonly updated_at: number | null
}

export interface VolumeTypeSpecRow {
  readonly type_id: string
  readonly name: string
  readonly value: string
}

export interface VolumeTypeAccessRow {
  readonly type_id: string
  readonly project_id: string
}

export interface VolumeRow {
  readonly id: string
  readonly project_id: string
  readonly user_id: string
  readonly name: string | null
  readonly description: string | null
  /** GiB. */
  readonly size: number
  readonly status: VolumeStatus
  /** What it was before `uploading`, `retyping` and the like, and will be again. */
  readonly previous_status: VolumeStatus | null
  readonly attach_status: AttachStatus
  readonly availability_zone: string
  readonly type_id: string
  readonly snapshot_id: string | null
  readonly source_volid: string | null
  readonly bootable: number
  readonly multiattach: number
  readonly readonly: number
  /** Bytes from the beginning that may hold something; what follows has never been written. */
  readonly written_bytes: number
  /** `migrating`, `target:<volume>` and the like while it is moved, `success` or `error` afterwards; else null. */
  readonly migration_status: string | null
  readonly group_id: string | null
  readonly created_at: number
  readonly updated_at: number | null
}

export interface VolumeSnapshotRow {
  readonly id: string
  readonly volume_id: string
  readonly project_id: string
  readonly user_id: string
  readonly name: string | null
  readonly description: string | null
  /** GiB, of the volume when it was taken. */
  readonly size: number
  readonly status: SnapshotStatus
  readonly written_bytes: number
  readonly group_snapshot_id: string | null
  /** How far it is, where compute says that. */
  readonly progress: string | null
  readonly created_at: number
  readonly updated_at: number | null
}

/** `metadata` of a volume, a snapshot or a backup, what a volume has of its image, or what only the service writes. */
export interface VolumePropertyRow {
  readonly owner_id: string
  readonly kind: 'admin' | 'image' | 'metadata'
  readonly name: string
  readonly value: string
}

export interface VolumeAttachmentRow {
  readonly id: string
  readonly volume_id: string
  readonly project_id: string
  readonly instance_uuid: string | null
  readonly attach_status: AttachStatus
  readonly attach_mode: string | null
  readonly attached_host: string | null
  readonly mountpoint: string | null
  /** JSON. */
  readonly connector: string | null
  readonly connection_info: string | null
  readonly created_at: number
  readonly attached_at: number | null
}

export interface VolumeQuotaRow {
  readonly project_id: string
  readonly resource: string
  readonly limit_value: number
}

export interface VolumeUsageRow {
  readonly project_id: string
  readonly resource: string
  readonly used: number
}

export type VolumeJobKind =
  | 'create'
  | 'delete'
  | 'extend'
  | 'upload'
  | 'revert'
  | 'create-snapshot'
  | 'delete-snapshot'
  | 'reimage'
  | 'tell-extended'
  | 'tell-reimaged'
  | 'create-backup'
  | 'delete-backup'
  | 'restore-backup'
  | 'import-backup'
  | 'manage'
  | 'unmanage'
  | 'manage-snapshot'
  | 'unmanage-snapshot'

export interface VolumeJobRow {
  /** Jobs run in this order where they touch the same thing. */
  readonly seq: number
  readonly kind: VolumeJobKind
  /** The volume or snapshot it is about, and what is read for it. */
  readonly subject_id: string
  readonly source_id: string | null
  /** JSON. */
  readonly args: string
  readonly request_id: string
  readonly global_request_id: string | null
  /** Of whoever asked: they are told when it fails. */
  readonly project_id: string | null
}

export interface VolumeTables extends BackupTables, GroupTables, ServiceTables, TransferTables, TypeTables {
  volume_types: VolumeTypeRow
  volume_type_specs: VolumeTypeSpecRow
  volume_type_access: VolumeTypeAccessRow
  volumes: VolumeRow
  volume_snapshots: VolumeSnapshotRow
  volume_properties: VolumePropertyRow
  volume_attachments: VolumeAttachmentRow
  volume_quotas: VolumeQuotaRow
  volume_usages: VolumeUsageRow
  volume_jobs: VolumeJobRow
  volume_job_numbers: { readonly id: number; readonly last: number }
}

export const volumeMigrations: readonly Migration[] = [
  {
    name: 'volume_0001_types',
    async up(db) {
      await db.schema
        .createTable('volume_types')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('name', 'text', column => column.notNull().unique())
        .addColumn('description', 'text')
        .addColumn('is_public', 'integer', column => column.notNull())
        .addColumn('is_default', 'integer', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint')
        .execute()
      await db.schema
        .createTable('volume_type_specs')
        .addColumn('type_id', 'text', column => column.notNull().references('volume_types.id'))
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('value', 'text', column => column.notNull())
        .addPrimaryKeyConstraint('volume_type_specs_key', ['type_id', 'name'])
        .execute()
      await db.schema
        .createTable('volume_type_access')
        .addColumn('type_id', 'text', column => column.notNull().references('volume_types.id'))
        .addColumn('project_id', 'text', column => column.notNull())
        .addPrimaryKeyConstraint('volume_type_access_key', ['type_id', 'project_id'])
        .execute()
    },
  },
  {
    name: 'volume_0002_volumes',
    async up(db) {
      await db.schema
        .createTable('volumes')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('user_id', 'text', column => column.notNull())
        .addColumn('name', 'text')
        .addColumn('description', 'text')
        .addColumn('size', 'integer', column => column.notNull())
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('previous_status', 'text')
        .addColumn('attach_status', 'text', column => column.notNull())
        .addColumn('availability_zone', 'text', column => column.notNull())
        .addColumn('type_id', 'text', column => column.notNull().references('volume_types.id'))
        .addColumn('snapshot_id', 'text')
        .addColumn('source_volid', 'text')
        .addColumn('bootable', 'integer', column => column.notNull())
        .addColumn('multiattach', 'integer', column => column.notNull())
        .addColumn('readonly', 'integer', column => column.notNull())
        .addColumn('written_bytes', 'bigint', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint')
        .execute()
      await db.schema
        .createIndex('volumes_project')
        .on('volumes')
        .columns(['project_id', 'created_at', 'id'])
        .execute()
      await db.schema.createIndex('volumes_created').on('volumes').columns(['created_at', 'id']).execute()
      await db.schema.createIndex('volumes_type').on('volumes').column('type_id').execute()
      await db.schema
        .createTable('volume_snapshots')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('volume_id', 'text', column => column.notNull().references('volumes.id'))
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('user_id', 'text', column => column.notNull())
        .addColumn('name', 'text')
        .addColumn('description', 'text')
        .addColumn('size', 'integer', column => column.notNull())
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('written_bytes', 'bigint', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint')
        .execute()
      await db.schema
        .createIndex('volume_snapshots_volume')
        .on('volume_snapshots')
        .columns(['volume_id', 'created_at'])
        .execute()
      await db.schema
        .createIndex('volume_snapshots_project')
        .on('volume_snapshots')
        .columns(['project_id', 'created_at', 'id'])
        .execute()
      await db.schema
        .createTable('volume_properties')
        .addColumn('owner_id', 'text', column => column.notNull())
        .addColumn('kind', 'text', column => column.notNull())
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('value', 'text', column => column.notNull())
        .addPrimaryKeyConstraint('volume_properties_key', ['owner_id', 'kind', 'name'])
        .execute()
      await db.schema
        .createTable('volume_attachments')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('volume_id', 'text', column => column.notNull().references('volumes.id'))
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('instance_uuid', 'text')
        .addColumn('attach_status', 'text', column => column.notNull())
        .addColumn('attach_mode', 'text')
        .addColumn('attached_host', 'text')
        .addColumn('mountpoint', 'text')
        .addColumn('connector', 'text')
        .addColumn('connection_info', 'text')
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('attached_at', 'bigint')
        .execute()
      for (const column of ['volume_id', 'project_id', 'instance_uuid'])
        await db.schema
          .createIndex(`volume_attachments_${column}`)
          .on('volume_attachments')
          .column(column)
          .execute()
      await db.schema
        .createTable('volume_quotas')
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('resource', 'text', column => column.notNull())
        .addColumn('limit_value', 'integer', column => column.notNull())
        .addPrimaryKeyConstraint('volume_quotas_key', ['project_id', 'resource'])
        .execute()
      await db.schema
        .createTable('volume_usages')
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('resource', 'text', column => column.notNull())
        .addColumn('used', 'integer', column => column.notNull())
        .addPrimaryKeyConstraint('volume_usages_key', ['project_id', 'resource'])
        .execute()
      await db.schema
        .createTable('volume_jobs')
        .addColumn('seq', 'bigint', column => column.primaryKey())
        .addColumn('kind', 'text', column => column.notNull())
        .addColumn('subject_id', 'text', column => column.notNull())
        .addColumn('source_id', 'text')
        .addColumn('args', 'text', column => column.notNull())
        .addColumn('request_id', 'text', column => column.notNull())
        .addColumn('global_request_id', 'text')
        .execute()
      await db.schema
        .createTable('volume_job_numbers')
        .addColumn('id', 'integer', column => column.primaryKey())
        .addColumn('last', 'bigint', column => column.notNull())
        .execute()
      await db.schema.createIndex('volume_jobs_subject').on('volume_jobs').column('subject_id').execute()
    },
  },
  {
    name: 'volume_0003_migration_status',
    async up(db) {
      await db.schema.alterTable('volumes').addColumn('migration_status', 'text').execute()
    },
  },
  ...typeMigrations,
  ...transferMigrations,
  ...serviceMigrations,
  ...backupMigrations,
  ...groupMigrations,
]
