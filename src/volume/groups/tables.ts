// Groups of volumes, their types, and snapshots of whole groups.
import type { GroupSnapshotStatus, GroupStatus } from '../../model/volume-states.ts'
import type { Migration } from '../../platform/store/store.ts'

export interface VolumeGroupTypeRow {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly is_public: number
  readonly created_at: number
  readonly updated_at: number | null
}

export interface VolumeGroupTypeSpecRow {
  readonly group_type_id: string
  readonly name: string
  readonly value: string
}

export interface VolumeGroupRow {
  readonly id: string
  readonly project_id: string
  readonly user_id: string
  readonly name: string | null
  readonly description: string | null
  readonly status: GroupStatus
  readonly availability_zone: string
  readonly group_type_id: string
  readonly group_snapshot_id: string | null
  readonly source_group_id: string | null
  readonly created_at: number
  readonly updated_at: number | null
}

/** A volume type whose volumes a group takes. */
export interface VolumeGroupVolumeTypeRow {
  readonly group_id: string
  readonly type_id: string
}

export interface VolumeGroupSnapshotRow {
  readonly id: string
  readonly group_id: string
  readonly group_type_id: string
  readonly project_id: string
  readonly user_id: string
  readonly name: string | null
  readonly description: string | null
  readonly status: GroupSnapshotStatus
  readonly created_at: number
  readonly updated_at: number | null
}

export interface GroupTables {
  volume_group_types: VolumeGroupTypeRow
  volume_group_type_specs: VolumeGroupTypeSpecRow
  volume_groups: VolumeGroupRow
  volume_group_volume_types: VolumeGroupVolumeTypeRow
  volume_group_snapshots: VolumeGroupSnapshotRow
}

export const groupMigrations: readonly Migration[] = [
  {
    name: 'volume_0014_groups',
    async up(db) {
      await db.schema
        .createTable('volume_group_types')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('name', 'text', column => column.notNull().unique())
        .addColumn('description', 'text')
        .addColumn('is_public', 'integer', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint')
        .execute()
      await db.schema
        .createTable('volume_group_type_specs')
        .addColumn('group_type_id', 'text', column => column.notNull().references('volume_group_types.id'))
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('value', 'text', column => column.notNull())
        .addPrimaryKeyConstraint('volume_group_type_specs_key', ['group_type_id', 'name'])
        .execute()
      await db.schema
        .createTable('volume_groups')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('user_id', 'text', column => column.notNull())
        .addColumn('name', 'text')
        .addColumn('description', 'text')
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('availability_zone', 'text', column => column.notNull())
        .addColumn('group_type_id', 'text', column => column.notNull().references('volume_group_types.id'))
        .addColumn('group_snapshot_id', 'text')
        .addColumn('source_group_id', 'text')
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint')
        .execute()
      await db.schema
        .createTable('volume_group_volume_types')
        .addColumn('group_id', 'text', column => column.notNull().references('volume_groups.id'))
        .addColumn('type_id', 'text', column => column.notNull().references('volume_types.id'))
        .addPrimaryKeyConstraint('volume_group_volume_types_key', ['group_id', 'type_id'])
        .execute()
      await db.schema
        .createTable('volume_group_snapshots')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('group_id', 'text', column => column.notNull().references('volume_groups.id'))
        .addColumn('group_type_id', 'text', column => column.notNull().references('volume_group_types.id'))
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('user_id', 'text', column => column.notNull())
        .addColumn('name', 'text')
        .addColumn('description', 'text')
        .addColumn('status', 'text', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint')
        .execute()
      for (const table of ['volume_groups', 'volume_group_snapshots'])
        await db.schema
          .createIndex(`${table}_project`)
          .on(table)
          .columns(['project_id', 'created_at', 'id'])
          .execute()
      await db.schema
        .alterTable('volumes')
        .addColumn('group_id', 'text', column => column.references('volume_groups.id'))
        .execute()
      await db.schema.createIndex('volumes_group').on('volumes').column('group_id').execute()
      await db.schema
        .alterTable('volume_snapshots')
        .addColumn('group_snapshot_id', 'text', column => column.references('volume_group_snapshots.id'))
        .execute()
      await db.schema.alterTable('volume_snapshots').addColumn('progress', 'text').execute()
      await db.schema
        .createIndex('volume_snapshots_group')
        .on('volume_snapshots')
        .column('group_snapshot_id')
        .execute()
    },
  },
]
