// Metadata of volumes and of snapshots: read, added to, replaced, taken away, all at once or one name at a time.
import { createHash } from 'node:crypto'
import { fault } from '../model/errors.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { findSnapshot, findVolume, type VolumeCall } from './access.ts'
import { has } from './negotiate.ts'
import {
  dropProperties,
  lockSnapshot,
  lockVolume,
  type Named,
  putProperties,
  type VolumeTransaction,
} from './store.ts'

type Change = 'get' | 'create' | 'update' | 'delete'

/** Whose metadata, how it is found for what is to be done to it, and how it is held meanwhile. */
interface Owner {
  readonly what: 'Volume' | 'Snapshot'
  find(call: VolumeCall, change: Change): Promise<{ readonly id: string; readonly metadata: Named }>
  lock(tx: VolumeTransaction, id: string): Promise<unknown>
  gone(id: string): Error
}

const ofVolume: Owner = {
  what: 'Volume',
  find: (call, change) => findVolume(call, `volume:${change}_volume_metadata`, call.params.volume_id!), // in the route's path
  lock: lockVolume,
  gone: id => fault('VolumeNotFound', { volume: id }),
}
const ofSnapshot: Owner = {
  what: 'Snapshot',
  find: (call, change) =>
    findSnapshot(
      call,
      change === 'delete'
        ? 'volume:delete_snapshot_metadata'
        : change === 'get'
          ? 'volume:get_snapshot_metadata'
          : 'volume:update_snapshot_metadata',
      call.params.snapshot_id!, // in the route's path
    ),
  lock: lockSnapshot,
  gone: id => fault('VolumeSnapshotNotFound', { snapshot: id }),
}

const handlers = (owner: Owner) => {
  /** Writes under the owner's lock; answers all metadata afterwards. */
  async function write(call: VolumeCall, change: Change, metadata: Named, isWhole: boolean): Promise<Named> {
    const { id } = await owner.find(call, change)
    await call.deps.store.accept(async (tx: VolumeTransaction) => {
      if (!(await owner.lock(tx, id))) throw owner.gone(id)
      if (isWhole) await dropProperties(tx, id, 'metadata')
      await putProperties(tx, id, 'metadata', metadata)
    })
    return (await owner.find(call, change)).metadata
  }
  const given = (call: VolumeCall) => (call.body as { readonly metadata: Named }).metadata // as its schema says
  const unknown = (id: string, key: string) => fault('VolumeMetadataNotFound', { what: owner.what, id, key })

  return {
    async list(call: VolumeCall): Promise<Reply> {
      const { metadata } = await owner.find(call, 'get')
      return json(200, { metadata }, has(call, 'etag') ? { ETag: etagOf(metadata) } : {})
    },
    async create(call: VolumeCall): Promise<Reply> {
      await write(call, 'create', given(call), false)
      return json(200, { metadata: given(call) })
    },
    replace: async (call: VolumeCall): Promise<Reply> =>
      json(200, { metadata: await write(call, 'update', given(call), true) }),
    async show(call: VolumeCall): Promise<Reply> {
      const { id, metadata } = await owner.find(call, 'get')
      const key = call.params.key! // in the route's path
      if (!Object.hasOwn(metadata, key)) throw unknown(id, key)
      return json(200, { meta: { [key]: metadata[key] } })
    },
    async update(call: VolumeCall): Promise<Reply> {
      const { meta } = call.body as { readonly meta: Named } // as its schema says
      const key = call.params.key! // in the route's path
      if (!Object.hasOwn(meta, key))
        throw fault('VolumeBadRequest', { reason: 'Request body and URI mismatch' })
      await write(call, 'update', meta, false)
      return json(200, { meta })
    },
    async remove(call: VolumeCall): Promise<Reply> {
      const { id } = await owner.find(call, 'delete')
      const key = call.params.key! // in the route's path
      const dropped = await call.deps.store.accept((tx: VolumeTransaction) =>
        dropProperties(tx, id, 'metadata', key),
      )
      if (dropped === 0) throw unknown(id, key)
      return empty(200)
    },
  }
}

/** Changes with what is shown; 3.15 and later. */
const etagOf = (metadata: Named): string =>
  createHash('md5').update(JSON.stringify({ metadata })).digest('hex')

export const volumeMetadata = handlers(ofVolume)
export const snapshotMetadata = handlers(ofSnapshot)
