// The image service's queries, one statement each. `db` is the store's tables or a transaction on them.
import { type Kysely, sql, type Transaction, type Updateable } from 'kysely'
import type { Image } from './image.ts'
import type { ImageMemberRow, ImageRow, ImageStatus, ImageTables } from './tables.ts'

export type ImageTransaction = Transaction<ImageTables>
type Db = Kysely<ImageTables>

/** The image, unless there is none or it was deleted. */
export async function readImage(db: Db, id: string): Promise<Image | undefined> {
  const row = await db
    .selectFrom('images')
    .selectAll()
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .executeTakeFirst()
  return row && (await withDetails(db, [row]))[0]
}

/** Adds properties and tags to rows, whatever their number, with two queries. */
export async function withDetails(db: Db, rows: readonly ImageRow[]): Promise<Image[]> {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const [properties, tags] = await Promise.all([
    db
      .selectFrom('image_properties')
      .selectAll()
      .where('image_id', 'in', ids)
      .orderBy('image_id')
      .orderBy('name')
      .execute(),
    db
      .selectFrom('image_tags')
      .selectAll()
      .where('image_id', 'in', ids)
      .orderBy('image_id')
      .orderBy('tag')
      .execute(),
  ])
  const images = new Map(
    rows.map(row => [row.id, { ...row, properties: new Map<string, string>(), tags: new Set<string>() }]),
  )
  for (const { image_id, name, value } of properties) images.get(image_id)?.properties.set(name, value)
  for (const { image_id, tag } of tags) images.get(image_id)?.tags.add(tag)
  return [...images.values()]
}

/** False when the id is (or once was) another image's. */
export async function insertImage(tx: Db, image: Image): Promise<boolean> {
  const { properties, tags, ...row } = image
  const made = await tx
    .insertInto('images')
    .values(row)
    .onConflict(conflict => conflict.column('id').doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 0n) return false
  await insertProperties(tx, image.id, properties)
  await insertTags(tx, image.id, tags)
  return true
}

/** Locks an image for the rest of the transaction and reads it; undefined when it is not there. */
export async function lockImage(tx: Db, id: string): Promise<Image | undefined> {
  const row = await tx
    .updateTable('images')
    .set({ updated_at: sql`updated_at` })
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .returningAll()
    .executeTakeFirst()
  return row && (await withDetails(tx, [row]))[0]
}

/** Writes the changed row, and of properties and tags what differs. The image must be locked. */
export async function saveImage(tx: Db, before: Image, after: Image): Promise<void> {
  const { properties, tags, id, ...row } = after
  await tx.updateTable('images').set(row).where('id', '=', id).execute()
  const lostProperties = [...before.properties.keys()].filter(
    name => properties.get(name) !== before.properties.get(name),
  )
  if (lostProperties.length > 0)
    await tx
      .deleteFrom('image_properties')
      .where('image_id', '=', id)
      .where('name', 'in', lostProperties)
      .execute()
  await insertProperties(
    tx,
    id,
    [...properties].filter(([name, value]) => before.properties.get(name) !== value),
  )
  const lostTags = [...before.tags].filter(tag => !tags.has(tag))
  if (lostTags.length > 0)
    await tx.deleteFrom('image_tags').where('image_id', '=', id).where('tag', 'in', lostTags).execute()
  await insertTags(
    tx,
    id,
    [...tags].filter(tag => !before.tags.has(tag)),
  )
}

async function insertProperties(
  tx: Db,
  imageId: string,
  properties: Iterable<readonly [string, string]>,
): Promise<void> {
  const rows = [...properties].map(([name, value]) => ({ image_id: imageId, name, value }))
  if (rows.length > 0) await tx.insertInto('image_properties').values(rows).execute()
}

async function insertTags(tx: Db, imageId: string, tags: Iterable<string>): Promise<void> {
  const rows = [...tags].map(tag => ({ image_id: imageId, tag }))
  if (rows.length > 0) await tx.insertInto('image_tags').values(rows).execute()
}

/**
 * Changes an image that is in one of the given states (and, with `uploadId`, still the same upload's).
 * True when it was: the database decides races.
 */
export async function changeState(
  tx: Db,
  id: string,
  from: { readonly status: readonly ImageStatus[]; readonly uploadId?: string },
  to: Updateable<ImageRow>,
): Promise<boolean> {
  let change = tx.updateTable('images').set(to).where('id', '=', id).where('status', 'in', from.status)
  if (from.uploadId !== undefined) change = change.where('upload_id', '=', from.uploadId)
  return (await change.executeTakeFirst()).numUpdatedRows > 0n
}

/**
 * Deletes an unprotected image: its row stays, without what belonged to it. Answers the upload its data is from (null
 * when it has none), or undefined when there was nothing to delete.
 */
export async function deleteImageRows(tx: Db, id: string, now: number): Promise<string | null | undefined> {
  const deleted = await tx
    .updateTable('images')
    .set({ status: 'deleted', deleted_at: now, updated_at: now })
    .where('id', '=', id)
    .where('status', '<>', 'deleted')
    .where('protected', '=', 0)
    .returning('upload_id')
    .executeTakeFirst()
  if (!deleted) return undefined
  await tx.deleteFrom('image_properties').where('image_id', '=', id).execute()
  await tx.deleteFrom('image_tags').where('image_id', '=', id).execute()
  await tx.deleteFrom('image_members').where('image_id', '=', id).execute()
  return deleted.upload_id
}

export const readMember = (db: Db, imageId: string, memberId: string): Promise<ImageMemberRow | undefined> =>
  db
    .selectFrom('image_members')
    .selectAll()
    .where('image_id', '=', imageId)
    .where('member_id', '=', memberId)
    .executeTakeFirst()

/** The members in the order they were added; only `memberId` when that is given. */
export const listMemberRows = (db: Db, imageId: string, memberId?: string): Promise<ImageMemberRow[]> => {
  const all = db.selectFrom('image_members').selectAll().where('image_id', '=', imageId)
  return (memberId === undefined ? all : all.where('member_id', '=', memberId))
    .orderBy('created_at')
    .orderBy('member_id')
    .execute()
}
