// What hangs on volume types beside their extra specs: QoS specs, encryption, and which project has which default.
import type { Migration } from '../../platform/store/store.ts'

export interface VolumeQosRow {
  readonly id: string
  readonly name: string
  readonly consumer: string
  readonly created_at: number
  readonly updated_at: number | null
}

export interface VolumeQosSpecRow {
  readonly qos_id: string
  readonly name: string
  readonly value: string
}

export interface VolumeTypeEncryptionRow {
  readonly type_id: string
  readonly encryption_id: string
  readonly provider: string
  readonly control_location: string
  readonly cipher: string | null
  readonly key_size: number | null
  readonly created_at: number
  readonly updated_at: number | null
}

export interface VolumeDefaultTypeRow {
  readonly project_id: string
  readonly type_id: string
}

export interface TypeTables {
  volume_qos: VolumeQosRow
  volume_qos_specs: VolumeQosSpecRow
  volume_type_encryptions: VolumeTypeEncryptionRow
  volume_default_types: VolumeDefaultTypeRow
}

export const typeMigrations: readonly Migration[] = [
  {
    name: 'volume_0010_qos',
    async up(db) {
      await db.schema
        .createTable('volume_qos')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('name', 'text', column => column.notNull().unique())
        .addColumn('consumer', 'text', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint')
        .execute()
      await db.schema
        .createTable('volume_qos_specs')
        .addColumn('qos_id', 'text', column => column.notNull().references('volume_qos.id'))
        .addColumn('name', 'text', column => column.notNull())
        .addColumn('value', 'text', column => column.notNull())
        .addPrimaryKeyConstraint('volume_qos_specs_key', ['qos_id', 'name'])
        .execute()
      await db.schema
        .alterTable('volume_types')
        .addColumn('qos_id', 'text', column => column.references('volume_qos.id'))
        .execute()
      await db.schema
        .createTable('volume_type_encryptions')
        .addColumn('type_id', 'text', column => column.primaryKey().references('volume_types.id'))
        .addColumn('encryption_id', 'text', column => column.notNull())
        .addColumn('provider', 'text', column => column.notNull())
        .addColumn('control_location', 'text', column => column.notNull())
        .addColumn('cipher', 'text')
        .addColumn('key_size', 'integer')
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('updated_at', 'bigint')
        .execute()
      await db.schema
        .createTable('volume_default_types')
        .addColumn('project_id', 'text', column => column.primaryKey())
        .addColumn('type_id', 'text', column => column.notNull().references('volume_types.id'))
        .execute()
      await db.schema
        .createIndex('volume_default_types_type')
        .on('volume_default_types')
        .column('type_id')
        .execute()
    },
  },
]
