// What goes with a volume or a snapshot in the database, and what its project gets back.
import { followGroup, followGroupSnapshot } from './groups/follow.ts'
import type { VolumeTransaction } from './store.ts'
import type { VolumeRow } from './tables.ts'
import { release } from './usage.ts'

/** Takes away the row of a volume that has no snapshots left. */
export async function dropVolume(
  tx: VolumeTransaction,
  volume: Pick<VolumeRow, 'group_id' | 'id' | 'project_id' | 'size' | 'type_id'>,
): Promise<void> {
  await release(tx, volume.project_id, { volumes: 1, gigabytes: volume.size }, volume.type_id)
  await tx.deleteFrom('volume_attachments').where('volume_id', '=', volume.id).execute()
  await tx.deleteFrom('volume_properties').where('owner_id', '=', volume.id).execute()
  await tx.deleteFrom('volume_transfers').where('volume_id', '=', volume.id).execute()
  await tx.deleteFrom('volumes').where('id', '=', volume.id).execute()
  if (volume.group_id !== null) await followGroup(tx, volume.group_id)
}

export async function removeSnapshotRow(tx: VolumeTransaction, id: string): Promise<void> {
  const gone = await tx
    .deleteFrom('volume_snapshots')
    .where('id', '=', id)
    .returning(['project_id', 'size', 'volume_id', 'group_snapshot_id'])
    .executeTakeFirst()
  if (!gone) return
  await tx.deleteFrom('volume_properties').where('owner_id', '=', id).execute()
  const { type_id } = await tx
    .selectFrom('volumes')
    .select('type_id')
    .where('id', '=', gone.volume_id)
    .executeTakeFirstOrThrow()
  await release(tx, gone.project_id, { snapshots: 1, gigabytes: gone.size }, type_id)
  if (gone.group_snapshot_id !== null) await followGroupSnapshot(tx, gone.group_snapshot_id)
}
