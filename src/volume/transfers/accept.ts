// POST …/{id}/accept: whoever knows the key of a transfer gets the volume, and its snapshots unless they stay behind
// (cinder/transfer/api.py, API.accept).
import { timingSafeEqual } from 'node:crypto'
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { lockVolume, setVolume, type VolumeTransaction } from '../store.ts'
import type { VolumeRow } from '../tables.ts'
import { checkVolumeSize, release, reserve } from '../usage.ts'
import type { VolumeTransferRow } from './tables.ts'
import { keyHash, transferSummaryView } from './transfers.ts'

interface AcceptBody {
  readonly accept: { readonly auth_key: string | number }
}

export async function acceptTransfer(call: VolumeCall): Promise<Reply> {
  call.enforce('volume:accept_transfer')
  const id = call.params.id! // in the route's path
  const key = String((call.body as AcceptBody).accept.auth_key) // as its schema says
  const transfer = await dbOf(call)
    .selectFrom('volume_transfers')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!transfer) throw fault('VolumeTransferNotFound', { transfer: id })
  if (!isKey(transfer, key))
    throw fault('VolumeTransferKeyInvalid', {
      reason: `Attempt to transfer ${id} with invalid auth key.`,
    })
  const projectId = call.auth.project?.id ?? ''
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const volume = await lockVolume(tx, transfer.volume_id)
    const { numDeletedRows } = await tx.deleteFrom('volume_transfers').where('id', '=', id).executeTakeFirst()
    if (!volume || numDeletedRows === 0n) throw fault('VolumeTransferNotFound', { transfer: id })
    if (volume.group_id !== null)
      throw fault('VolumeInvalid', {
        reason: `Volume ${volume.id} must not be part of a consistency group.`,
      })
    await checkVolumeSize(tx, projectId, volume.size)
    await moveVolume(tx, volume, { projectId, userId: call.auth.userId, now })
    if (transfer.no_snapshots === 0)
      await moveSnapshots(tx, volume, { projectId, userId: call.auth.userId, now })
  })
  return json(202, { transfer: transferSummaryView(call, transfer) })
}

function isKey({ salt, key_hash }: VolumeTransferRow, key: string): boolean {
  return timingSafeEqual(Buffer.from(keyHash(salt, key)), Buffer.from(key_hash))
}

interface NewOwner {
  readonly projectId: string
  readonly userId: string
  readonly now: number
}

async function moveVolume(tx: VolumeTransaction, volume: VolumeRow, to: NewOwner): Promise<void> {
  const counts = { volumes: 1, gigabytes: volume.size }
  await reserve(tx, to.projectId, counts, volume.type_id)
  await release(tx, volume.project_id, counts, volume.type_id)
  await setVolume(tx, volume.id, {
    project_id: to.projectId,
    user_id: to.userId,
    status: 'available',
    updated_at: to.now,
  })
}

async function moveSnapshots(tx: VolumeTransaction, volume: VolumeRow, to: NewOwner): Promise<void> {
  const moved = await tx
    .selectFrom('volume_snapshots')
    .select('size')
    .where('volume_id', '=', volume.id)
    .execute()
  if (moved.length === 0) return
  const counts = { snapshots: moved.length, gigabytes: moved.reduce((sum, { size }) => sum + size, 0) }
  await reserve(tx, to.projectId, counts, volume.type_id)
  await release(tx, volume.project_id, counts, volume.type_id)
  await tx
    .updateTable('volume_snapshots')
    .set({ project_id: to.projectId, user_id: to.userId, updated_at: to.now })
    .where('volume_id', '=', volume.id)
    .execute()
}
