// A group made of another's volumes, or of a snapshot of all of them (POST /groups/action, create-from-src). Each
// volume is made by a job; the group is there when the last of them is.
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { newVolumeRow } from '../create.ts'
import type { CreateArgs } from '../jobs.ts'
import type { Db, VolumeTransaction } from '../store.ts'
import type { VolumeRow } from '../tables.ts'
import { checkVolumeSize, reserve } from '../usage.ts'
import { addJobs, type NewJob } from '../work.ts'
import { type Api, findGroup, findGroupSnapshot, readGroup, volumeTypesOf } from './access.ts'
import { insertGroup, newGroupRow } from './groups.ts'
import type { VolumeGroupRow } from './tables.ts'

interface FromSourceBody {
  readonly 'create-from-src': {
    readonly name?: string | null
    readonly description?: string | null
    readonly group_snapshot_id?: string
    readonly source_group_id?: string
  }
}

export async function createGroupFromSource(call: VolumeCall): Promise<Reply> {
  const { 'create-from-src': given } = call.body as FromSourceBody // as its schema says
  const group = await makeGroupFromSource(call, {
    name: given.name ?? null,
    description: given.description ?? null,
    snapshotId: given.group_snapshot_id ?? null,
    groupId: given.source_group_id ?? null,
    api: 'groups',
  })
  return json(202, { group: { id: group.id, name: group.name } })
}

export interface GroupSource {
  readonly name: string | null
  readonly description: string | null
  /** One of the two. */
  readonly snapshotId: string | null
  readonly groupId: string | null
  readonly api: Api
}

export async function makeGroupFromSource(call: VolumeCall, given: GroupSource): Promise<VolumeGroupRow> {
  const source = await sourceOf(call, given)
  call.enforce('group:create')
  const row: VolumeGroupRow = {
    ...newGroupRow(call, {
      name: given.name?.trim() ?? null,
      description: given.description?.trim() ?? null,
      groupTypeId: source.groupTypeId,
      status: 'creating',
    }),
    group_snapshot_id: given.snapshotId,
    source_group_id: given.groupId,
  }
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const parts = await partsOf(tx, given)
    await reserve(tx, row.project_id, { groups: 1 })
    await insertGroup(tx, row, source.typeIds)
    await insertParts(tx, call, row, parts)
  })
  call.deps.work.wake()
  return row
}

async function sourceOf(call: VolumeCall, { snapshotId, groupId, api }: GroupSource) {
  const db = dbOf(call)
  const ofSnapshot =
    snapshotId === null
      ? null
      : (await findGroupSnapshot(call, 'group:get_group_snapshot', snapshotId, api)).group_id
  const group =
    ofSnapshot === null
      ? await findGroup(call, 'group:get', groupId ?? '', api)
      : await readGroup(db, ofSnapshot)
  if (!group) throw fault('VolumeGroupNotFound', { group: ofSnapshot })
  const types = (await volumeTypesOf(db, [group.id])).get(group.id) ?? []
  return { groupTypeId: group.group_type_id, typeIds: types.map(({ type_id }) => type_id) }
}

/** A volume that is to be made, and what of. */
interface Part {
  readonly volume: VolumeRow
  readonly size: number
  readonly sourceId: string
  readonly source: 'snapshot' | 'volume'
}

async function partsOf(tx: Db, { snapshotId, groupId }: GroupSource): Promise<Part[]> {
  const parts = snapshotId === null ? await clones(tx, groupId ?? '') : await copies(tx, snapshotId)
  if (parts.length === 0)
    throw fault('VolumeGroupInvalid', {
      reason: `${snapshotId === null ? 'Source Group' : 'GroupSnapshot'} is empty. No group will be created.`,
    })
  return parts
}

async function clones(tx: Db, groupId: string): Promise<Part[]> {
  const volumes = await tx
    .updateTable('volumes')
    .set(eb => ({ status: eb.ref('status') }))
    .where('group_id', '=', groupId)
    .returningAll()
    .execute()
  const busy = volumes.find(({ status }) => status !== 'available' && status !== 'in-use')
  if (busy)
    throw fault('VolumeGroupInvalid', {
      reason: `Volume ${busy.id} of the source group is ${busy.status}.`,
    })
  return volumes.map(volume => ({ volume, size: volume.size, sourceId: volume.id, source: 'volume' }))
}

async function copies(tx: Db, groupSnapshotId: string): Promise<Part[]> {
  const snapshots = await tx
    .updateTable('volume_snapshots')
    .set(eb => ({ status: eb.ref('status') }))
    .where('group_snapshot_id', '=', groupSnapshotId)
    .returningAll()
    .execute()
  if (snapshots.length === 0) return []
  const busy = snapshots.find(({ status }) => status !== 'available')
  if (busy)
    throw fault('VolumeGroupInvalid', {
      reason: `Snapshot ${busy.id} of the group snapshot is ${busy.status}.`,
    })
  const volumes = await tx
    .selectFrom('volumes')
    .selectAll()
    .where(
      'id',
      'in',
      snapshots.map(({ volume_id }) => volume_id),
    )
    .execute()
  const byId = new Map(volumes.map(volume => [volume.id, volume]))
  return snapshots.map(({ id, size, volume_id }) => ({
    volume: byId.get(volume_id)!, // a snapshot has its volume
    size,
    sourceId: id,
    source: 'snapshot',
  }))
}

async function insertParts(
  tx: VolumeTransaction,
  call: VolumeCall,
  group: VolumeGroupRow,
  parts: readonly Part[],
): Promise<void> {
  await checkVolumeSize(tx, group.project_id, Math.max(...parts.map(({ size }) => size)))
  const rows = parts.map(({ volume, size, source, sourceId }) => ({
    ...newVolumeRow({
      projectId: group.project_id,
      userId: group.user_id,
      name: null,
      description: null,
      size,
      typeId: volume.type_id,
      isMultiattach: volume.multiattach === 1,
      now: group.created_at,
    }),
    snapshot_id: source === 'snapshot' ? sourceId : null,
    source_volid: source === 'volume' ? sourceId : null,
    bootable: volume.bootable,
    group_id: group.id,
  }))
  for (const [typeId, ofType] of Map.groupBy(rows, ({ type_id }) => type_id)) {
    const gigabytes = ofType.reduce((sum, { size }) => sum + size, 0)
    await reserve(tx, group.project_id, { volumes: ofType.length, gigabytes }, typeId)
  }
  await tx.insertInto('volumes').values(rows).execute()
  const jobs = rows.map((row, index): NewJob => {
    const { source, sourceId } = parts[index]! // as many
    return {
      kind: 'create',
      subject: row.id,
      source: sourceId,
      args: { source } satisfies CreateArgs,
    }
  })
  await addJobs(tx, call, jobs)
}
