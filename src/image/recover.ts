// At start-up, before anybody is served: uploads that died with the last process are undone, and files nobody owns are
// removed. Only for a folder no other process is writing to.
import { rm } from 'node:fs/promises'
import type { Clock } from '../base/time.ts'
import type { Log } from '../platform/journal/log.ts'
import { type Store, tables } from '../platform/store/store.ts'
import { type DataFile, listData } from './image-files.ts'
import type { ImageTransaction } from './store.ts'
import type { ImageTables } from './tables.ts'

export interface RecoverImagesDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly folder: string
}

export interface RecoveredImages {
  /** Images put back to `queued`. */
  readonly requeued: number
  /** Files removed. */
  readonly removed: number
}

/** An image that was being written is `queued` again, without data; its files and other strays are gone. */
export async function recoverImages(deps: RecoverImagesDeps): Promise<RecoveredImages> {
  const { store, log, folder } = deps
  const requeued = await requeue(deps)
  for (const id of requeued)
    log.warning(`Image ${id} was being uploaded when the service stopped: it is queued again, without data`)
  const files = await listData(folder)
  const owners = await readOwners(store)
  const strays = files.filter(file => file.isPart || owners.get(file.imageId) !== file.uploadId)
  for (const stray of strays) {
    log.warning(`Removing ${stray.path}: no image owns it`)
    await rm(stray.path, { force: true })
  }
  reportLost(owners, files, log)
  return { requeued: requeued.length, removed: strays.length }
}

// Staged data that arrived whole (it has a size) waits on for its import.
async function requeue({ store, clock }: RecoverImagesDeps): Promise<string[]> {
  const rows = await store.accept((tx: ImageTransaction) =>
    tx
      .updateTable('images')
      .set({ status: 'queued', upload_id: null, size: null, updated_at: clock.now() })
      .where(eb =>
        eb.or([
          eb('status', 'in', ['saving', 'importing']),
          eb.and([eb('status', '=', 'uploading'), eb('size', 'is', null)]),
        ]),
      )
      .returning('id')
      .execute(),
  )
  return rows.map(row => row.id)
}

/** Image id → the upload whose data is the image's, for every image that has data. */
async function readOwners(store: Store): Promise<ReadonlyMap<string, string>> {
  const rows = await tables<ImageTables>(store)
    .selectFrom('images')
    .select(['id', 'upload_id'])
    .where('status', '<>', 'deleted')
    .where('upload_id', 'is not', null)
    .execute()
  return new Map(rows.map(row => [row.id, row.upload_id!])) // not null: asked for above
}

function reportLost(owners: ReadonlyMap<string, string>, files: readonly DataFile[], log: Log): void {
  const present = new Set(files.map(file => `${file.imageId}.${file.uploadId}`))
  for (const [id, uploadId] of owners)
    if (!present.has(`${id}.${uploadId}`))
      log.error(`The data of image ${id} is missing: downloads of it will fail`)
}
