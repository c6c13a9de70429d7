// The end of moving a volume: what was copied to a second volume takes the place of the first, whose id stays
// (cinder/volume/manager.py, migrate_volume_completion and finish_volume_migration).
import { readJson } from '../base/json.ts'
import type { VolumeCall } from './access.ts'
import { followAttachments } from './attachments.ts'
import { fileName } from './files.ts'
import { setVolume, type Volume, type VolumeTransaction } from './store.ts'
import { release } from './usage.ts'
import { removeVolume } from './volumes.ts'

/** The file is moved first: asked again after a crash, it is where it belongs already. */
export async function completeMove(call: VolumeCall, volume: Volume, fresh: Volume): Promise<void> {
  const { store, clock, files } = call.deps
  const now = clock.now()
  await files.rename({ kind: 'volume', id: fresh.id }, { kind: 'volume', id: volume.id })
  const connection = fresh.attachments.map(({ id, connection_info }) => ({
    id,
    connection_info: connection_info === null ? null : renamed(connection_info, volume.id),
  }))
  await store.accept(async (tx: VolumeTransaction) => {
    await tx.deleteFrom('volume_attachments').where('volume_id', '=', volume.id).execute()
    for (const { id, connection_info } of connection) // a server or two
      await tx
        .updateTable('volume_attachments')
        .set({ volume_id: volume.id, connection_info })
        .where('id', '=', id)
        .execute()
    await tx.deleteFrom('volume_properties').where('owner_id', '=', fresh.id).execute()
    await tx.deleteFrom('volumes').where('id', '=', fresh.id).execute()
    await release(tx, volume.project_id, { volumes: 1, gigabytes: volume.size })
    await setVolume(tx, volume.id, {
      size: fresh.size,
      type_id: fresh.type_id,
      written_bytes: fresh.written_bytes,
      migration_status: 'success',
      previous_status: null,
      updated_at: now,
    })
    await followAttachments(tx, volume.id, now)
  })
}

const renamed = (connection: string, id: string): string =>
  JSON.stringify({
    ...readJson<Record<string, unknown>>(connection),
    name: fileName({ kind: 'volume', id }),
    volume_id: id,
  })

/** The volume is as it was; the one that was made for it goes. */
export async function forgetMove(call: VolumeCall, volume: Volume, fresh: Volume): Promise<void> {
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await setVolume(tx, volume.id, { migration_status: 'error', updated_at: now })
    await setVolume(tx, fresh.id, { migration_status: null, updated_at: now })
  })
  await removeVolume(call, fresh.id, { isForced: true, isCascade: false })
}
