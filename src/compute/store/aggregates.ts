// Host aggregates, and the availability zones they make.
import type { Kysely, Selectable, Transaction } from 'kysely'
import { readJson } from '../../base/json.ts'
import { takeNumbers } from '../numbers.ts'
import type { AggregatesTable, ComputeTables } from '../tables.ts'

type Db = Kysely<ComputeTables>
type Tx = Transaction<ComputeTables>

/** [DEFAULT]default_availability_zone: the zone of hosts in no aggregate that names one. */
export const defaultZone = 'nova'
/** [DEFAULT]internal_service_availability_zone: the zone of services other than nova-compute. */
export const internalZone = 'internal'
export const zoneKey = 'availability_zone'

export interface AggregateRecord {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly metadata: Readonly<Record<string, string>>
  readonly hosts: readonly string[]
  readonly createdAt: number
  readonly updatedAt: number | null
}

const toRecord = (row: Selectable<AggregatesTable>, hosts: readonly string[]): AggregateRecord => ({
  id: row.id,
  uuid: row.uuid,
  name: row.name,
  metadata: readJson(row.metadata_json),
  hosts,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

/** All aggregates with their hosts, oldest first. */
export async function listAggregates(db: Db): Promise<readonly AggregateRecord[]> {
  const rows = await db.selectFrom('aggregates').selectAll().orderBy('id').execute()
  const members = await db
    .selectFrom('aggregate_hosts')
    .selectAll()
    .orderBy('aggregate_id')
    .orderBy('host')
    .execute()
  const hosts = Map.groupBy(members, member => member.aggregate_id)
  return rows.map(row =>
    toRecord(
      row,
      (hosts.get(row.id) ?? []).map(member => member.host),
    ),
  )
}

export async function findAggregate(db: Db, id: number): Promise<AggregateRecord | undefined> {
  const row = await db.selectFrom('aggregates').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const members = await db
    .selectFrom('aggregate_hosts')
    .select('host')
    .where('aggregate_id', '=', id)
    .orderBy('host')
    .execute()
  return toRecord(
    row,
    members.map(member => member.host),
  )
}

/** The zone of each host that is in an aggregate naming one; other hosts are in `defaultZone`. */
export async function zonesOfHosts(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('aggregate_hosts')
    .innerJoin('aggregates', 'aggregates.id', 'aggregate_hosts.aggregate_id')
    .select(['aggregate_hosts.host', 'aggregates.metadata_json'])
    .execute()
  const zones = new Map<string, string>()
  for (const { host, metadata_json } of rows) {
    const zone = readJson<Record<string, string>>(metadata_json)[zoneKey]
    if (zone !== undefined) zones.set(host, zone)
  }
  return zones
}

/** Adds an aggregate; null when the name is taken. */
export async function insertAggregate(
  tx: Tx,
  aggregate: Pick<AggregateRecord, 'uuid' | 'name' | 'metadata' | 'createdAt'>,
): Promise<AggregateRecord | null> {
  const row = {
    id: await takeNumbers(tx, 'aggregate'),
    uuid: aggregate.uuid,
    name: aggregate.name,
    metadata_json: JSON.stringify(aggregate.metadata),
    created_at: aggregate.createdAt,
    updated_at: null,
  }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('aggregates')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n ? toRecord(row, []) : null
}

export const isNameTaken = async (tx: Tx, name: string, exceptId: number): Promise<boolean> =>
  (await tx
    .selectFrom('aggregates')
    .select('id')
    .where('name', '=', name)
    .where('id', '<>', exceptId)
    .executeTakeFirst()) !== undefined

export async function writeAggregate(
  tx: Tx,
  id: number,
  change: {
    readonly name?: string
    readonly metadata?: Readonly<Record<string, string>>
    readonly now: number
  },
): Promise<void> {
  await tx
    .updateTable('aggregates')
    .set({
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.metadata === undefined ? {} : { metadata_json: JSON.stringify(change.metadata) }),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
}

export async function deleteAggregate(tx: Tx, id: number): Promise<void> {
  await tx.deleteFrom('aggregates').where('id', '=', id).execute()
}

/** False when the host is in the aggregate already. */
export async function addAggregateHost(tx: Tx, id: number, host: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('aggregate_hosts')
    .values({ aggregate_id: id, host })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** False when the host is not in the aggregate. */
export async function removeAggregateHost(tx: Tx, id: number, host: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('aggregate_hosts')
    .where('aggregate_id', '=', id)
    .where('host', '=', host)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** Zones other than `zone` that the hosts are in through other aggregates, sorted. */
export async function otherZones(
  tx: Tx,
  aggregateId: number,
  hosts: readonly string[],
  zone: string,
): Promise<readonly string[]> {
  if (hosts.length === 0) return []
  const rows = await tx
    .selectFrom('aggregate_hosts')
    .innerJoin('aggregates', 'aggregates.id', 'aggregate_hosts.aggregate_id')
    .select('aggregates.metadata_json')
    .where('aggregate_hosts.host', 'in', hosts)
    .where('aggregates.id', '<>', aggregateId)
    .execute()
  const zones = rows.map(row => readJson<Record<string, string>>(row.metadata_json)[zoneKey])
  return [...new Set(zones.filter(found => found !== undefined && found !== zone))].sort() as string[] // undefined filtered out
}

/** True when servers live on any of the hosts. */
export const haveServers = async (tx: Tx, hosts: readonly string[]): Promise<boolean> =>
  hosts.length > 0 &&
  (await tx
    .selectFrom('servers')
    .select('id')
    .where('host', 'in', hosts)
    .where('deleted', '=', 0)
    .limit(1)
    .executeTakeFirst()) !== undefined
