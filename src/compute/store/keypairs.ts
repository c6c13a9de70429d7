// Key pairs in the database. They belong to users, not projects.
import type { Kysely, Selectable, Transaction } from 'kysely'
import { takeNumbers } from '../numbers.ts'
import type { ComputeTables, KeypairsTable } from '../tables.ts'

type Db = Kysely<ComputeTables>
type Tx = Transaction<ComputeTables>
export type KeypairRow = Selectable<KeypairsTable>

/** A page of a user's key pairs, by name, after `marker`. */
export function listKeypairs(
  db: Db,
  userId: string,
  page: { readonly marker: string | undefined; readonly limit: number },
): Promise<KeypairRow[]> {
  let query = db.selectFrom('keypairs').selectAll().where('user_id', '=', userId)
  if (page.marker !== undefined) query = query.where('name', '>', page.marker)
  return query.orderBy('name').limit(page.limit).execute()
}

export const findKeypair = (db: Db, userId: string, name: string): Promise<KeypairRow | undefined> =>
  db
    .selectFrom('keypairs')
    .selectAll()
    .where('user_id', '=', userId)
    .where('name', '=', name)
    .executeTakeFirst()

/** Adds a key pair; null when the user has one of that name. */
export async function insertKeypair(tx: Tx, keypair: Omit<KeypairRow, 'seq'>): Promise<KeypairRow | null> {
  const row = { ...keypair, seq: await takeNumbers(tx, 'keypair') }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('keypairs')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n ? row : null
}

/** Removes a key pair; answers what it was. */
export const deleteKeypair = (tx: Tx, userId: string, name: string): Promise<KeypairRow | undefined> =>
  tx
    .deleteFrom('keypairs')
    .where('user_id', '=', userId)
    .where('name', '=', name)
    .returningAll()
    .executeTakeFirst()
