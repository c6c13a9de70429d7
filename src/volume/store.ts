// The volume service's queries, one statement each. `db` is the store's tables or a transaction on them.
import type { Kysely, Transaction } from 'kysely'
import type { VolumeTables, VolumeTypeRow, VolumeTypeSpecRow } from './tables.ts'

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
