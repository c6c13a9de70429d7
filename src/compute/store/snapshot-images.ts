// Images that are made for snapshots nobody has accepted yet.
import type { Kysely, Transaction } from 'kysely'
import type { Instant } from '../../base/time.ts'
import type { ComputeTables } from '../tables.ts'

type Db = Kysely<ComputeTables> | Transaction<ComputeTables>

export const addSnapshotImage = async (db: Db, imageId: string, now: Instant): Promise<void> => {
  await db.insertInto('snapshot_images').values({ image_id: imageId, created_at: now }).execute()
}

/** Somebody answers for the image now, or it is gone. */
export const dropSnapshotImage = async (db: Db, imageId: string): Promise<void> => {
  await db.deleteFrom('snapshot_images').where('image_id', '=', imageId).execute()
}

/** Those among all there are (or among `ids`), by id. */
export const snapshotImages = async (db: Db, ids?: readonly string[]): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('snapshot_images')
    .select('image_id')
    .$if(ids !== undefined, query => query.where('image_id', 'in', ids as string[])) // checked here
    .orderBy('image_id')
    .execute()
  return rows.map(row => row.image_id)
}
