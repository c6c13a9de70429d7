// Promises to bring images to the hosts of an aggregate: a row each, gone when all hosts have answered.
import type { Kysely, Selectable, Transaction } from 'kysely'
import { newUuid } from '../../base/ids.ts'
import { readJson } from '../../base/json.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import { takeNumbers } from '../numbers.ts'
import type { ComputeTables, ImageCachingsTable } from '../tables.ts'
import type { AggregateRecord } from './aggregates.ts'

type Db = Kysely<ComputeTables>
type Tx = Transaction<ComputeTables>

/** How it went with one image on one host (nova/compute/manager.py, cache_images); `skipped`: the host is down. */
export type CacheOutcome = 'cached' | 'existing' | 'error' | 'skipped'
export type CacheResult = Readonly<Record<string, CacheOutcome>>

export interface ImageCaching {
  readonly id: string
  /** The aggregate when it was asked for: its hosts are those that get the images. */
  readonly aggregate: AggregateRecord
  readonly imageIds: readonly string[]
  readonly context: LogContext
  readonly createdAt: number
  /** By host, as far as it has come; null before it began. */
  readonly results: Readonly<Record<string, CacheResult>> | null
}

const toCaching = (row: Selectable<ImageCachingsTable>): ImageCaching => ({
  id: row.id,
  aggregate: readJson(row.aggregate_json),
  imageIds: readJson(row.images_json),
  context: readJson(row.context_json),
  createdAt: row.created_at,
  results: row.results_json === null ? null : readJson(row.results_json),
})

export async function addImageCaching(
  tx: Tx,
  { aggregate, imageIds, context, createdAt }: Omit<ImageCaching, 'id' | 'results'>,
): Promise<void> {
  await tx
    .insertInto('image_cachings')
    .values({
      id: newUuid(),
      seq: await takeNumbers(tx, 'image_caching'),
      aggregate_json: JSON.stringify(aggregate),
      images_json: JSON.stringify(imageIds),
      context_json: JSON.stringify(context),
      results_json: null,
      created_at: createdAt,
    })
    .execute()
}

/** The oldest one left. */
export async function nextImageCaching(db: Db): Promise<ImageCaching | undefined> {
  const row = await db.selectFrom('image_cachings').selectAll().orderBy('seq').limit(1).executeTakeFirst()
  return row && toCaching(row)
}

/** Keeps how far it has come. */
export async function keepCacheResults(
  tx: Tx,
  id: string,
  results: NonNullable<ImageCaching['results']>,
): Promise<void> {
  await tx
    .updateTable('image_cachings')
    .set({ results_json: JSON.stringify(results) })
    .where('id', '=', id)
    .execute()
}

export async function endImageCaching(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('image_cachings').where('id', '=', id).execute()
}
