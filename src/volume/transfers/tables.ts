// Offers of volumes to other projects. An offer that was accepted or withdrawn is gone.
import type { Migration } from '../../platform/store/store.ts'

export interface VolumeTransferRow {
  readonly id: string
  readonly volume_id: string
  readonly name: string | null
  /** Of the key whoever accepts must know; the key itself is told once. */
  readonly salt: string
  readonly key_hash: string
  readonly no_snapshots: number
  readonly source_project_id: string
  readonly created_at: number
}

export interface TransferTables {
  volume_transfers: VolumeTransferRow
}

export const transferMigrations: readonly Migration[] = [
  {
    name: 'volume_0011_transfers',
    async up(db) {
      await db.schema
        .createTable('volume_transfers')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('volume_id', 'text', column => column.notNull().unique().references('volumes.id'))
        .addColumn('name', 'text')
        .addColumn('salt', 'text', column => column.notNull())
        .addColumn('key_hash', 'text', column => column.notNull())
        .addColumn('no_snapshots', 'integer', column => column.notNull())
        .addColumn('source_project_id', 'text', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .execute()
      await db.schema
        .createIndex('volume_transfers_project')
        .on('volume_transfers')
        .columns(['source_project_id', 'created_at', 'id'])
        .execute()
    },
  },
]
