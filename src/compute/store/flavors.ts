// Flavors in the database: who sees which, and the changes administrators make.
import type { ExpressionBuilder, Kysely, Selectable, Transaction } from 'kysely'
import { readJson } from '../../base/json.ts'
import { takeNumbers } from '../numbers.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import type { ComputeTables, FlavorsTable } from '../tables.ts'

type Db = Kysely<ComputeTables>
type Tx = Transaction<ComputeTables>
export type FlavorRow = Selectable<FlavorsTable>

/** Who looks: administrators see every flavor, others public ones and those their project was given. */
export interface FlavorViewer {
  readonly projectId: string
  readonly isAdmin: boolean
}

/** Nova's sort keys, and the expression each means; text and numbers never null, so that pages can go on from them. */
export const flavorSortKeys = {
  created_at: 'created_at',
  description: 'description',
  disabled: 'disabled',
  ephemeral_gb: 'ephemeral_gb',
  flavorid: 'id',
  id: 'seq',
  is_public: 'is_public',
  memory_mb: 'memory_mb',
  name: 'name',
  root_gb: 'root_gb',
  rxtx_factor: 'rxtx_factor',
  swap: 'swap_mb',
  updated_at: 'updated_at',
  vcpu_weight: 'seq',
  vcpus: 'vcpus',
} as const satisfies Record<string, keyof FlavorsTable>
export type FlavorSortKey = keyof typeof flavorSortKeys

export interface FlavorListOptions {
  /** null: public and private ones (administrators only). */
  readonly isPublic: boolean | null
  readonly minRamMb?: number
  readonly minDiskGb?: number
  readonly name?: string
  readonly sortKey: FlavorSortKey
  readonly sortDir: 'asc' | 'desc'
  readonly after: FlavorRow | null
  readonly limit: number
}

/** One page of flavors. */
export function listFlavors(db: Db, viewer: FlavorViewer, options: FlavorListOptions): Promise<FlavorRow[]> {
  const column = flavorSortKeys[options.sortKey]
  const empty = column === 'updated_at' ? 0 : ''
  const nullable = column === 'updated_at' || column === 'description'
  let query = db.selectFrom('flavors').selectAll()
  const { isPublic, minRamMb, minDiskGb, name, after } = options
  if (isPublic !== null) {
    query = query.where(eb =>
      isPublic
        ? eb.or([eb('is_public', '=', 1), eb('id', 'in', givenTo(eb, viewer.projectId))])
        : eb('is_public', '=', 0),
    )
  }
  if (!viewer.isAdmin) query = query.where('disabled', '=', 0)
  if (minRamMb !== undefined) query = query.where('memory_mb', '>=', minRamMb)
  if (minDiskGb !== undefined) query = query.where('root_gb', '>=', minDiskGb)
  if (name !== undefined) query = query.where('name', '=', name)
  const beyond = options.sortDir === 'asc' ? '>' : '<'
  if (after)
    query = query.where(eb => {
      const key = nullable ? eb.fn.coalesce(column, eb.val(empty)) : eb.ref(column)
      const value = after[column] ?? empty
      return eb.or([eb(key, beyond, value), eb.and([eb(key, '=', value), eb('seq', beyond, after.seq)])])
    })
  return query
    .orderBy(eb => (nullable ? eb.fn.coalesce(column, eb.val(empty)) : eb.ref(column)), options.sortDir)
    .orderBy('seq', options.sortDir)
    .limit(options.limit)
    .execute()
}

const givenTo = (eb: ExpressionBuilder<ComputeTables, 'flavors'>, projectId: string) =>
  eb.selectFrom('flavor_projects').select('flavor_id').where('project_id', '=', projectId)

/** A flavor the viewer may see; undefined for others, whether or not they exist. */
export function findFlavor(db: Db, viewer: FlavorViewer, id: string): Promise<FlavorRow | undefined> {
  const query = db.selectFrom('flavors').selectAll().where('id', '=', id)
  return (
    viewer.isAdmin
      ? query
      : query.where(eb => eb.or([eb('is_public', '=', 1), eb('id', 'in', givenTo(eb, viewer.projectId))]))
  ).executeTakeFirst()
}

export const extraSpecsOf = (row: Pick<FlavorRow, 'extra_specs_json'>): Readonly<Record<string, string>> =>
  readJson(row.extra_specs_json)

/** What a server keeps of its flavor. */
export const flavorSnapshot = (row: FlavorRow): FlavorSnapshot => ({
  id: row.id,
  seq: row.seq,
  name: row.name,
  vcpus: row.vcpus,
  memoryMb: row.memory_mb,
  rootGb: row.root_gb,
  ephemeralGb: row.ephemeral_gb,
  swapMb: row.swap_mb,
  rxtxFactor: row.rxtx_factor,
  isPublic: row.is_public === 1,
  disabled: row.disabled === 1,
  description: row.description,
  extraSpecs: extraSpecsOf(row),
})

/** Adds a flavor; answers null when its id or its name is taken. */
export async function insertFlavor(tx: Tx, flavor: Omit<FlavorRow, 'seq'>): Promise<FlavorRow | null> {
  const row = { ...flavor, seq: await takeNumbers(tx, 'flavor') }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('flavors')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n ? row : null
}

/** Changes a flavor's description; undefined when it is gone. */
export const describeFlavor = (
  tx: Tx,
  id: string,
  description: string | null,
  now: number,
): Promise<FlavorRow | undefined> =>
  tx
    .updateTable('flavors')
    .set({ description, updated_at: now })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()

/** Removes a flavor and who was given it; answers what it was. */
export async function deleteFlavor(tx: Tx, id: string): Promise<FlavorRow | undefined> {
  await tx.deleteFrom('flavor_projects').where('flavor_id', '=', id).execute()
  return tx.deleteFrom('flavors').where('id', '=', id).returningAll().executeTakeFirst()
}

/** Reads a flavor to change its extra specs; other changes of the same flavor wait. */
export const holdFlavor = (tx: Tx, id: string): Promise<FlavorRow | undefined> =>
  tx
    .updateTable('flavors')
    .set(eb => ({ updated_at: eb.ref('updated_at') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()

export async function writeExtraSpecs(
  tx: Tx,
  id: string,
  specs: Readonly<Record<string, string>>,
): Promise<void> {
  await tx
    .updateTable('flavors')
    .set({ extra_specs_json: JSON.stringify(specs) })
    .where('id', '=', id)
    .execute()
}

/** Projects a private flavor was given to. */
export const flavorProjects = async (db: Db, flavorId: string): Promise<readonly string[]> =>
  (
    await db
      .selectFrom('flavor_projects')
      .select('project_id')
      .where('flavor_id', '=', flavorId)
      .orderBy('project_id')
      .execute()
  ).map(row => row.project_id)

/** False when the project has it already. */
export async function giveFlavor(tx: Tx, flavorId: string, projectId: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('flavor_projects')
    .values({ flavor_id: flavorId, project_id: projectId })
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** False when the project did not have it. */
export async function takeFlavorAway(tx: Tx, flavorId: string, projectId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('flavor_projects')
    .where('flavor_id', '=', flavorId)
    .where('project_id', '=', projectId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}
