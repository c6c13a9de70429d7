// A group is done when its volumes are, and a group snapshot when its snapshots are: whoever ends the work on one of
// them looks whether it was the last.
import type { Ending } from '../job.ts'
import type { VolumeTransaction } from '../store.ts'
import { release } from '../usage.ts'

/** After the work on a volume. */
export const followGroupOf =
  (volumeId: string): Ending =>
  async tx => {
    const volume = await tx
      .selectFrom('volumes')
      .select('group_id')
      .where('id', '=', volumeId)
      .executeTakeFirst()
    if (volume && volume.group_id !== null) await followGroup(tx, volume.group_id)
  }

/** A group that is made of another's volumes is there when they are; one that is deleted goes with the last. */
export async function followGroup(tx: VolumeTransaction, id: string): Promise<void> {
  const group = await tx
    .updateTable('volume_groups')
    .set(eb => ({ status: eb.ref('status') }))
    .where('id', '=', id)
    .returning('status')
    .executeTakeFirst()
  if (group?.status !== 'creating' && group?.status !== 'deleting') return
  const volumes = await tx.selectFrom('volumes').select('status').where('group_id', '=', id).execute()
  const any = (status: string) => volumes.some(volume => volume.status === status)
  if (group.status === 'deleting') {
    if (volumes.length === 0) await removeGroup(tx, id)
    else if (!any('deleting')) await setGroup(tx, id, 'error')
    return
  }
  if (!any('creating')) await setGroup(tx, id, any('error') ? 'error' : 'available')
}

const setGroup = (tx: VolumeTransaction, id: string, status: 'available' | 'error') =>
  tx.updateTable('volume_groups').set({ status }).where('id', '=', id).execute()

/** Takes a group without volumes away, and what it counted for. */
export async function removeGroup(tx: VolumeTransaction, id: string): Promise<void> {
  await tx.deleteFrom('volume_group_volume_types').where('group_id', '=', id).execute()
  const gone = await tx
    .deleteFrom('volume_groups')
    .where('id', '=', id)
    .returning('project_id')
    .executeTakeFirst()
  if (gone) await release(tx, gone.project_id, { groups: 1 })
}

/** After the work on a snapshot. */
export const followGroupSnapshotOf =
  (snapshotId: string): Ending =>
  async tx => {
    const snapshot = await tx
      .selectFrom('volume_snapshots')
      .select('group_snapshot_id')
      .where('id', '=', snapshotId)
      .executeTakeFirst()
    if (snapshot && snapshot.group_snapshot_id !== null)
      await followGroupSnapshot(tx, snapshot.group_snapshot_id)
  }

export async function followGroupSnapshot(tx: VolumeTransaction, id: string): Promise<void> {
  const whole = await tx
    .updateTable('volume_group_snapshots')
    .set(eb => ({ status: eb.ref('status') }))
    .where('id', '=', id)
    .returning('status')
    .executeTakeFirst()
  if (whole?.status !== 'creating' && whole?.status !== 'deleting') return
  const parts = await tx
    .selectFrom('volume_snapshots')
    .select('status')
    .where('group_snapshot_id', '=', id)
    .execute()
  const any = (status: string) => parts.some(part => part.status === status)
  if (whole.status === 'deleting') {
    if (parts.length === 0) await tx.deleteFrom('volume_group_snapshots').where('id', '=', id).execute()
    else if (!any('deleting')) await setWhole(tx, id, 'error')
    return
  }
  if (!any('creating')) await setWhole(tx, id, any('error') ? 'error' : 'available')
}

const setWhole = (tx: VolumeTransaction, id: string, status: 'available' | 'error') =>
  tx.updateTable('volume_group_snapshots').set({ status }).where('id', '=', id).execute()
