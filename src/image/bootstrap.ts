// What a new cloud has: one small public image that boots.
import { createHash } from 'node:crypto'
import { newUuid } from '../base/ids.ts'
import type { Clock } from '../base/time.ts'
import { type Store, tables } from '../platform/store/store.ts'
import { openData, receiveData } from './image-files.ts'
import { miniImage, miniImageName } from './mini-image.ts'
import { type ImageTransaction, insertImage } from './store.ts'
import type { ImageTables } from './tables.ts'

export interface BootstrapImageDeps {
  readonly store: Store
  readonly clock: Clock
  readonly folder: string
}

/**
 * Puts the mini image there, once: its id follows from the project, and ids are never given out twice, so an image
 * that was renamed stays renamed and a deleted one stays deleted. Answers the image's id.
 */
export async function bootstrapImage(
  { store, clock, folder }: BootstrapImageDeps,
  { projectId }: { readonly projectId: string },
): Promise<string> {
  const id = uuidFrom(`${miniImageName} of ${projectId}`)
  const known = await tables<ImageTables>(store)
    .selectFrom('images')
    .select(['status', 'upload_id'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (known) {
    if (known.status !== 'deleted' && known.upload_id !== null)
      await restoreData(folder, { imageId: id, uploadId: known.upload_id })
    return id
  }
  const key = { imageId: id, uploadId: newUuid() }
  const bytes = miniImage()
  const received = await receiveData(folder, key, bytes, bytes.length)
  const now = clock.now()
  // Should another process do the same at the same moment, its row wins and this file is a stray (recover.ts).
  await store.accept((tx: ImageTransaction) =>
    insertImage(tx, {
      id,
      name: miniImageName,
      status: 'active',
      visibility: 'public',
      protected: 0,
      os_hidden: 0,
      owner: projectId,
      disk_format: 'raw',
      container_format: 'bare',
      size: received.size,
      virtual_size: received.size,
      checksum: received.md5,
      os_hash_algo: 'sha512',
      os_hash_value: received.sha512,
      min_ram: 0,
      min_disk: 0,
      upload_id: key.uploadId,
      created_at: now,
      updated_at: now,
      deleted_at: null,
      properties: new Map(),
      tags: new Set(),
    }),
  )
  return id
}

/** These bytes can be made again, so a lost file is no loss. */
async function restoreData(
  folder: string,
  key: { readonly imageId: string; readonly uploadId: string },
): Promise<void> {
  const file = await openData(folder, key)
  if (file) return file.close()
  const bytes = miniImage()
  await receiveData(folder, key, bytes, bytes.length)
}

/** A UUID (version 8: made as we like) that is always the same for the same name. */
function uuidFrom(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
