// What is kept of the volume services themselves, of quota classes, and what users are told about failures.
import { sql } from 'kysely'
import type { Migration } from '../../platform/store/store.ts'

/** A service that was switched; one nobody touched has no row. */
export interface VolumeServiceRow {
  readonly binary_name: string
  readonly host: string
  readonly disabled: number
  readonly disabled_reason: string | null
  readonly frozen: number
  readonly updated_at: number
}

export interface VolumeQuotaClassRow {
  readonly class_name: string
  readonly resource: string
  readonly limit_value: number
}

/** A user message (cinder/message/): why something a user asked for has failed. */
export interface VolumeMessageRow {
  readonly id: string
  readonly project_id: string
  readonly request_id: string
  readonly resource_type: string
  readonly resource_uuid: string | null
  readonly event_id: string
  readonly action_id: string
  readonly detail_id: string
  readonly message_level: string
  readonly created_at: number
  readonly expires_at: number
}

export interface ServiceTables {
  volume_services: VolumeServiceRow
  volume_quota_classes: VolumeQuotaClassRow
  volume_messages: VolumeMessageRow
}

export const serviceMigrations: readonly Migration[] = [
  {
    name: 'volume_0012_services',
    async up(db) {
      await db.schema
        .createTable('volume_services')
        .addColumn('binary_name', 'text', column => column.notNull())
        .addColumn('host', 'text', column => column.notNull())
        .addColumn('disabled', 'integer', column => column.notNull())
        .addColumn('disabled_reason', 'text')
        .addColumn('frozen', 'integer', column => column.notNull())
        .addColumn('updated_at', 'bigint', column => column.notNull())
        .addPrimaryKeyConstraint('volume_services_key', ['binary_name', 'host'])
        .execute()
      await db.schema
        .createTable('volume_quota_classes')
        .addColumn('class_name', 'text', column => column.notNull())
        .addColumn('resource', 'text', column => column.notNull())
        .addColumn('limit_value', 'integer', column => column.notNull())
        .addPrimaryKeyConstraint('volume_quota_classes_key', ['class_name', 'resource'])
        .execute()
      await db.schema
        .createTable('volume_messages')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('request_id', 'text', column => column.notNull())
        .addColumn('resource_type', 'text', column => column.notNull())
        .addColumn('resource_uuid', 'text')
        .addColumn('event_id', 'text', column => column.notNull())
        .addColumn('action_id', 'text', column => column.notNull())
        .addColumn('detail_id', 'text', column => column.notNull())
        .addColumn('message_level', 'text', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('expires_at', 'bigint', column => column.notNull())
        .execute()
      await db.schema
        .createIndex('volume_messages_project')
        .on('volume_messages')
        .columns(['project_id', 'created_at', 'id'])
        .execute()
      await db.schema
        .createIndex('volume_messages_expires')
        .on('volume_messages')
        .column('expires_at')
        .execute()
      // What is there is counted for each type from now on.
      await sql`insert into volume_usages (project_id, resource, used)
        select project_id, 'volumes#' || type_id, count(*) from volumes group by project_id, type_id`.execute(
        db,
      )
      await sql`insert into volume_usages (project_id, resource, used)
        select s.project_id, 'snapshots#' || v.type_id, count(*)
        from volume_snapshots s join volumes v on v.id = s.volume_id
        group by s.project_id, v.type_id`.execute(db)
      await sql`insert into volume_usages (project_id, resource, used)
        select project_id, 'gigabytes#' || type_id, sum(size) from (
          select project_id, type_id, size from volumes
          union all
          select s.project_id, v.type_id, s.size from volume_snapshots s join volumes v on v.id = s.volume_id
        ) as sizes group by project_id, type_id`.execute(db)
      await db.schema.alterTable('volume_jobs').addColumn('project_id', 'text').execute()
    },
  },
]
