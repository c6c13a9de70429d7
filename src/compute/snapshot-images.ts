// The image a snapshot becomes is made before the snapshot is accepted, so that its id can be told and a refusal of the
// image service is the caller's answer. In between nobody answers for it but a row: a start after a crash removes it.
import { newUuid } from '../base/ids.ts'
import type { Log } from '../platform/journal/log.ts'
import { type Store, tables } from '../platform/store/store.ts'
import { type Acceptance, accept, behalfOf } from './accept.ts'
import type { ComputeCall } from './api/call.ts'
import type { ImageNeighbour, OnBehalf } from './neighbours/neighbours.ts'
import { flavorOf, imageOf, type ServerRow } from './store/servers.ts'
import { addSnapshotImage, dropSnapshotImage, snapshotImages } from './store/snapshot-images.ts'
import type { ComputeTables } from './tables.ts'

export interface SnapshotImage {
  readonly name: string
  /** Properties the caller asked for. */
  readonly metadata: Readonly<Record<string, string>>
  /** Properties that say what it is kept as, where it is no plain snapshot. */
  readonly kept?: Readonly<Record<string, string>>
}

/** Makes the queued image and accepts the work on it, or leaves neither; answers the image's id. */
export async function acceptSnapshot(
  call: ComputeCall,
  server: ServerRow,
  { name, metadata, kept = {} }: SnapshotImage,
  acceptance: Pick<Acceptance, 'kind' | 'action' | 'name' | 'patch'> & { readonly args?: object },
): Promise<string> {
  const { store, clock, neighbours } = call.deps
  const on = behalfOf(call)
  const imageId = newUuid()
  await store.transaction<ComputeTables, void>(tx => addSnapshotImage(tx, imageId, clock.now()))
  try {
    await neighbours.image.create(on, {
      id: imageId,
      name,
      projectId: server.project_id,
      properties: { ...snapshotProperties(server, metadata), ...kept },
      minDiskGb: minDiskOf(server),
      diskFormat: 'raw',
    })
    await accept(call, {
      ...acceptance,
      server,
      args: { ...acceptance.args, imageId },
      also: tx => dropSnapshotImage(tx, imageId),
    })
  } catch (error) {
    await removeUnaccepted({ store, image: neighbours.image, log: call.log }, on, [imageId])
    throw error
  }
  return imageId
}

/** A disk kept as an image needs the room it had (nova/utils.py, get_system_metadata_from_image). */
const minDiskOf = (server: ServerRow): number => Math.max(imageOf(server).minDiskGb, flavorOf(server).rootGb)

/** What a snapshot inherits: the properties of the image the server came from, and where it comes from itself. */
const snapshotProperties = (
  server: ServerRow,
  asked: Readonly<Record<string, string>>,
): Record<string, string> => ({
  ...imageOf(server).properties,
  image_type: 'snapshot',
  instance_uuid: server.id,
  user_id: server.user_id,
  base_image_ref: server.image_id,
  ...asked,
})

/** What an earlier process left; to be read before anybody is served. */
export const unacceptedImages = (store: Store): Promise<readonly string[]> =>
  snapshotImages(tables<ComputeTables>(store))

/**
 * Removes those of the images that are still nobody's: an acceptance whose answer was lost on its way from the database
 * keeps its image. One that cannot be removed now is left to the next start.
 */
export async function removeUnaccepted(
  { store, image, log }: { readonly store: Store; readonly image: ImageNeighbour; readonly log: Log },
  on: OnBehalf,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return
  try {
    for (const id of await snapshotImages(tables<ComputeTables>(store), ids)) {
      await image.remove(on, id)
      await store.transaction<ComputeTables, void>(tx => dropSnapshotImage(tx, id))
    }
  } catch (error) {
    log.warning('images of snapshots nobody accepted could not be removed', { error })
  }
}
