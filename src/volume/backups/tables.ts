// Backups of volumes. What they hold lies in files of a folder of their own (files.ts).
import type { BackupStatus } from '../../model/volume-states.ts'
import type { Migration } from '../../platform/store/store.ts'

export interface VolumeBackupRow {
  readonly id: string
  readonly project_id: string
  readonly user_id: string
  readonly volume_id: string
  readonly snapshot_id: string | null
  /** The backup whose difference this one holds. */
  readonly parent_id: string | null
  readonly name: string | null
  readonly description: string | null
  readonly container: string | null
  readonly availability_zone: string | null
  /** GiB, of the volume. */
  readonly size: number
  readonly status: BackupStatus
  readonly fail_reason: string | null
  /** Files of data it consists of: 1 once it holds anything. */
  readonly object_count: number
  /** The name its files have: its own id, or that of the backup whose record was imported. */
  readonly data_id: string
  /** For a restore that is on its way. */
  readonly restore_volume_id: string | null
  /** When the volume held what the backup holds; null while nobody knows. */
  readonly data_timestamp: number | null
  readonly created_at: number
  readonly updated_at: number | null
}

export interface BackupTables {
  volume_backups: VolumeBackupRow
}

export const backupMigrations: readonly Migration[] = [
  {
    name: 'volume_0013_backups',
    async up(db) {
      await db.schema
        .createTable('volume_backups')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('user_id', 'text', column => column.notNull())
        .addColumn('volume_id', 'text', column => column.notNull())
        .addColumn('snapshot_id', 'text')
        .addColumn('parent_id', 'text', column => column.references('volume_backups.id'))
        .addColumn('name', 'text')
        .addColumn('description', 'text')
        .addColumn('container', 'text')
        .addColumn('availability_zone', 'text')
        .addColumn('size', 'integer', column => column.notNull())
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('fail_reason', 'text')
        .addColumn('object_count', 'integer', column => column.notNull())
        .addColumn('data_id', 'text', column => column.notNull())
        .addColumn('restore_volume_id', 'text')
        .addColumn('data_timestamp', 'bigint')
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint')
        .execute()
      await db.schema
        .createIndex('volume_backups_project')
        .on('volume_backups')
        .columns(['project_id', 'created_at', 'id'])
        .execute()
      for (const column of ['volume_id', 'parent_id', 'data_id'])
        await db.schema.createIndex(`volume_backups_${column}`).on('volume_backups').column(column).execute()
    },
  },
]
