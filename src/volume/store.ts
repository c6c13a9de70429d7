// The volume service's queries, one statement each. `db` is the store's tables or a transaction on them.
import type { Kysely, Transaction } from 'kysely'
import type {
  VolumeAttachmentRow,
  VolumePropertyRow,
  VolumeRow,
  VolumeSnapshotRow,
  VolumeTables,
  VolumeTypeRow,
  VolumeTypeSpecRow,
} from './tables.ts'

/** The group type of consistency groups (cinder/volume/group_types.py, DEFAULT_CGSNAPSHOT_TYPE). */
export const legacyTypeName = 'default_cgsnapshot_type'

export type VolumeTransaction = Transaction<VolumeTables>
export type Db = Kysely<VolumeTables>

export type Named = Readonly<Record<string, string>>

export interface VolumeType extends VolumeTypeRow {
  readonly extraSpecs: Named
}

export const readType = (db: Db, id: string): Promise<VolumeTypeRow | undefined> =>
  db.selectFrom('volume_types').selectAll().where('id', '=', id).executeTakeFirst()

/** Adds the extra specs to rows, whatever their number, with one query. */
export async function withSpecs(db: Db, rows: readonly VolumeTypeRow[]): Promise<VolumeType[]> {
  if (rows.length === 0) return []
  const specs: VolumeTypeSpecRow[] = await db
    .selectFrom('volume_type_specs')
    .selectAll()
    .where(
      'type_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('name')
    .execute()
  const byType = Map.groupBy(specs, ({ type_id }) => type_id)
  return rows.map(row => ({ ...row, extraSpecs: named(byType.get(row.id) ?? []) }))
}

/** Names and values as an object. */
export const named = (rows: readonly { readonly name: string; readonly value: string }[]): Named =>
  Object.fromEntries(rows.map(({ name, value }) => [name, value]))

/** Writes names and values of a type; what has the name already is replaced. */
export async function putSpecs(tx: Db, typeId: string, specs: Named): Promise<void> {
  const rows = Object.entries(specs).map(([name, value]) => ({ type_id: typeId, name, value }))
  if (rows.length === 0) return
  await tx
    .insertInto('volume_type_specs')
    .values(rows)
    .onConflict(conflict =>
      conflict.columns(['type_id', 'name']).doUpdateSet(eb => ({ value: eb.ref('excluded.value') })),
    )
    .execute()
}

/** A volume with what is shown of it. */
export interface Volume extends VolumeRow {
  readonly typeName: string
  readonly metadata: Named
  readonly imageMetadata: Named
  /** What Cinder keeps as admin metadata: `readonly` once somebody said it. */
  readonly adminMetadata: Named
  readonly attachments: readonly VolumeAttachmentRow[]
  /** Its group is one of those that are called consistency groups. */
  readonly isInLegacyGroup: boolean
}

export interface Snapshot extends VolumeSnapshotRow {
  readonly metadata: Named
}

/** Adds type, properties, attachments and kind of group to rows, whatever their number, with four queries. */
export async function withDetails(db: Db, rows: readonly VolumeRow[]): Promise<Volume[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const typeIds = [...new Set(rows.map(({ type_id }) => type_id))]
  const groupIds = [...new Set(rows.flatMap(({ group_id }) => group_id ?? []))]
  const [types, properties, attachments, legacyGroups] = await Promise.all([
    db.selectFrom('volume_types').select(['id', 'name']).where('id', 'in', typeIds).execute(),
    readProperties(db, ids),
    db
      .selectFrom('volume_attachments')
      .selectAll()
      .where('volume_id', 'in', ids)
      .orderBy('created_at')
      .orderBy('id')
      .execute(),
    readLegacyGroups(db, groupIds),
  ])
  const typeNames = new Map(types.map(({ id, name }) => [id, name]))
  const attached = Map.groupBy(attachments, ({ volume_id }) => volume_id)
  return rows.map(row => ({
    ...row,
    typeName: typeNames.get(row.type_id) ?? '',
    metadata: named(properties.get(`${row.id} metadata`) ?? []),
    imageMetadata: named(properties.get(`${row.id} image`) ?? []),
    adminMetadata: named(properties.get(`${row.id} admin`) ?? []),
    attachments: attached.get(row.id) ?? [],
    isInLegacyGroup: row.group_id !== null && legacyGroups.has(row.group_id),
  }))
}

/** Those of the groups that are consistency groups. */
async function readLegacyGroups(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('volume_groups')
    .innerJoin('volume_group_types', 'volume_group_types.id', 'volume_groups.group_type_id')
    .select('volume_groups.id')
    .where('volume_groups.id', 'in', ids)
    .where('volume_group_types.name', '=', legacyTypeName)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** By owner and kind, `<id> metadata`. */
export async function readProperties(
  db: Db,
  owners: readonly string[],
): Promise<ReadonlyMap<string, VolumePropertyRow[]>> {
  const rows = await db
    .selectFrom('volume_properties')
    .selectAll()
    .where('owner_id', 'in', owners)
    .orderBy('name')
    .execute()
  return Map.groupBy(rows, ({ owner_id, kind }) => `${owner_id} ${kind}`)
}

export async function withMetadata(db: Db, rows: readonly VolumeSnapshotRow[]): Promise<Snapshot[]> {
  if (rows.length === 0) return []
  const properties = await readProperties(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map(row => ({ ...row, metadata: named(properties.get(`${row.id} metadata`) ?? []) }))
}

export const readVolume = (db: Db, id: string): Promise<VolumeRow | undefined> =>
  db.selectFrom('volumes').selectAll().where('id', '=', id).executeTakeFirst()

export const readSnapshot = (db: Db, id: string): Promise<VolumeSnapshotRow | undefined> =>
  db.selectFrom('volume_snapshots').selectAll().where('id', '=', id).executeTakeFirst()

/** Locks a volume for the rest of the transaction and reads it; undefined when it is not there. */
export const lockVolume = (tx: Db, id: string): Promise<VolumeRow | undefined> =>
  tx
    .updateTable('volumes')
    .set(eb => ({ status: eb.ref('status') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()

/** The same for several, by id; those that are not there are left out. */
export async function lockVolumes(tx: Db, ids: readonly string[]): Promise<ReadonlyMap<string, VolumeRow>> {
  const rows =
    ids.length === 0
      ? []
      : await tx
          .updateTable('volumes')
          .set(eb => ({ status: eb.ref('status') }))
          .where('id', 'in', ids)
          .returningAll()
          .execute()
  return new Map(rows.map(row => [row.id, row]))
}

export const lockSnapshot = (tx: Db, id: string): Promise<VolumeSnapshotRow | undefined> =>
  tx
    .updateTable('volume_snapshots')
    .set(eb => ({ status: eb.ref('status') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()

export async function setVolume(tx: Db, id: string, change: Partial<VolumeRow>): Promise<void> {
  await tx.updateTable('volumes').set(change).where('id', '=', id).execute()
}

/** Writes properties of a volume or snapshot; what has the name already is replaced. */
export async function putProperties(
  tx: Db,
  owner: string,
  kind: VolumePropertyRow['kind'],
  properties: Named,
): Promise<void> {
  const rows = Object.entries(properties).map(([name, value]) => ({ owner_id: owner, kind, name, value }))
  if (rows.length === 0) return
  await tx
    .insertInto('volume_properties')
    .values(rows)
    .onConflict(conflict =>
      conflict.columns(['owner_id', 'kind', 'name']).doUpdateSet(eb => ({ value: eb.ref('excluded.value') })),
    )
    .execute()
}

/** Takes away all properties of a kind, or the one of that name; answers how many there were. */
export async function dropProperties(
  tx: Db,
  owner: string,
  kind: VolumePropertyRow['kind'],
  name?: string,
): Promise<number> {
  let rows = tx.deleteFrom('volume_properties').where('owner_id', '=', owner).where('kind', '=', kind)
  if (name !== undefined) rows = rows.where('name', '=', name)
  return Number((await rows.executeTakeFirst()).numDeletedRows)
}
