// Transfers: a volume is offered to whoever knows the key, shown, listed, withdrawn (cinder/transfer/api.py). Accepting
// is accept.ts.
import { createHash, createHmac } from 'node:crypto'
import { newUuid } from '../../base/ids.ts'
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import { type VolumeStatus, volumeAllowedFrom } from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, findVolume, listedProject, sees, type VolumeCall } from '../access.ts'
import { hold } from '../actions/attach.ts'
import { isTrue } from '../input.ts'
import { type Condition, inProject, isLike, listRows } from '../listing.ts'
import { has } from '../negotiate.ts'
import { readSorts, selfLinks } from '../paging.ts'
import { lockVolume, setVolume, type VolumeTransaction } from '../store.ts'
import type { VolumeTransferRow } from './tables.ts'

/** A transfer the caller sees: the project that offers the volume does. */
async function findTransferRow(call: VolumeCall, id: string): Promise<VolumeTransferRow> {
  const row = await dbOf(call)
    .selectFrom('volume_transfers')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row || !sees(call, row.source_project_id)) throw fault('VolumeTransferNotFound', { transfer: id })
  return row
}

async function findTransfer(call: VolumeCall, rule: PolicyRule): Promise<VolumeTransferRow> {
  const row = await findTransferRow(call, call.params.id!) // in the route's path
  call.enforce(rule, { projectId: row.source_project_id })
  return row
}

export const listTransfers = (call: VolumeCall): Promise<Reply> => list(call, false)
export const listTransferDetails = (call: VolumeCall): Promise<Reply> => list(call, true)

/** Pages and orders are of 3.59, and of /volume-transfers; before, the oldest comes first. */
async function list(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  call.enforce('volume:get_all_transfers')
  const project = listedProject(call, isTrue(call.query.one('all_tenants')))
  const isPaged = has(call, 'transferPaging') && call.request.path.includes('/volume-transfers')
  const { rows, tail } = await listRows(call, {
    table: 'volume_transfers',
    sorts: isPaged
      ? readSorts(call.query, ['name', 'volume_id', 'created_at', 'id'])
      : [
          { key: 'created_at', direction: 'asc' },
          { key: 'id', direction: 'asc' },
        ],
    conditions: [inProject(project, 'source_project_id'), ...filters(call)],
    marker: id => findTransferRow(call, id),
  })
  const { count: _, ...links } = await tail('transfers', 'os-volume-transfer')
  return json(200, {
    transfers: rows.map(row => (isDetailed ? detailView(call, row) : transferSummaryView(call, row))),
    ...links,
  })
}

function filters(call: VolumeCall): Condition[] {
  const name = call.query.one('name') ?? call.query.one('display_name')
  const part = call.query.one('name~')
  const volume = call.query.one('volume_id')
  return [
    ...(name === undefined ? [] : [(eb => eb('name', '=', name)) satisfies Condition]),
    ...(part === undefined || !has(call, 'likeFilters') ? [] : [isLike('name', part)]),
    ...(volume === undefined ? [] : [(eb => eb('volume_id', '=', volume)) satisfies Condition]),
  ]
}

export const showTransfer = async (call: VolumeCall): Promise<Reply> =>
  json(200, { transfer: detailView(call, await findTransfer(call, 'volume:get_transfer')) })

export const transferSummaryView = (
  call: VolumeCall,
  transfer: Pick<VolumeTransferRow, 'id' | 'name' | 'volume_id'>,
) => ({
  id: transfer.id,
  volume_id: transfer.volume_id,
  name: transfer.name,
  links: selfLinks(call, 'os-volume-transfer', transfer.id),
})

/** What was accepted is gone, so that nothing that is shown has a project it went to. */
const detailView = (call: VolumeCall, transfer: VolumeTransferRow) => ({
  ...transferSummaryView(call, transfer),
  created_at: isoMicros(transfer.created_at),
  ...(has(call, 'transferSnapshots') ? { no_snapshots: transfer.no_snapshots === 1 } : {}),
  ...(has(call, 'transferProjects')
    ? {
        destination_project_id: null,
        source_project_id: transfer.source_project_id,
        accepted: false,
      }
    : {}),
})

interface CreateBody {
  readonly transfer: {
    readonly volume_id: string
    readonly name?: string | null
    readonly no_snapshots?: boolean | string
  }
}

/** [DEFAULT]volume_transfer_salt_length and volume_transfer_key_length. */
const saltChars = 8
const keyChars = 16

/** Characters anybody can type, from randomness of the system's. */
const randomText = (chars: number): string =>
  createHash('sha224')
    .update(crypto.getRandomValues(new Uint8Array(255)))
    .digest('hex')
    .slice(0, chars)

export const keyHash = (salt: string, key: string): string =>
  createHmac('sha1', salt).update(key).digest('hex')

export async function createTransfer(call: VolumeCall): Promise<Reply> {
  const { transfer: given } = call.body as CreateBody // as its schema says
  const { id: volumeId, project_id } = await findVolume(call, 'volume:create_transfer', given.volume_id)
  const isAlone = isTrue(String(given.no_snapshots ?? false))
  const salt = randomText(saltChars)
  const key = randomText(keyChars)
  const row: VolumeTransferRow = {
    id: newUuid(),
    volume_id: volumeId,
    name: given.name?.trim() ?? null,
    salt,
    key_hash: keyHash(salt, key),
    no_snapshots: Number(isAlone),
    source_project_id: project_id,
    created_at: call.deps.clock.now(),
  }
  await hold(call, volumeId, async (tx, volume, now) => {
    const allowed: readonly VolumeStatus[] = volumeAllowedFrom.transfer
    if (!allowed.includes(volume.status)) throw fault('VolumeInvalid', { reason: 'status must be available' })
    if (!isAlone) await requireSnapshots(tx, volumeId)
    await tx.insertInto('volume_transfers').values(row).execute()
    await setVolume(tx, volumeId, { status: 'awaiting-transfer', updated_at: now })
  })
  return json(202, { transfer: { ...detailView(call, row), auth_key: key } })
}

/** Snapshots that go with the volume have to be there. */
async function requireSnapshots(tx: VolumeTransaction, volumeId: string): Promise<void> {
  const busy = await tx
    .selectFrom('volume_snapshots')
    .select('id')
    .where('volume_id', '=', volumeId)
    .where('status', '<>', 'available')
    .executeTakeFirst()
  if (busy) throw fault('VolumeSnapshotInvalid', { reason: `snapshot: ${busy.id} status must be available` })
}

export async function deleteTransfer(call: VolumeCall): Promise<Reply> {
  const { id, volume_id } = await findTransfer(call, 'volume:delete_transfer')
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const volume = await lockVolume(tx, volume_id)
    await tx.deleteFrom('volume_transfers').where('id', '=', id).execute()
    if (volume?.status === 'awaiting-transfer')
      await setVolume(tx, volume_id, { status: 'available', updated_at: now })
  })
  return empty(202)
}
