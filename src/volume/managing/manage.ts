// POST /manageable_volumes and /manageable_snapshots: files that are there become volumes and snapshots; os-unmanage
// makes them files again.
import { newUuid } from '../../base/ids.ts'
import { isObject } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import { snapshotAllowedFrom, type VolumeStatus, volumeAllowedFrom } from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, findVolume, orList, type VolumeCall } from '../access.ts'
import { hold } from '../actions/attach.ts'
import { newVolumeRow } from '../create.ts'
import { readFlag } from '../input.ts'
import { has } from '../negotiate.ts'
import { isEnabled } from '../services/state.ts'
import {
  lockSnapshot,
  type Named,
  putProperties,
  readVolume,
  setVolume,
  type Volume,
  type VolumeTransaction,
} from '../store.ts'
import type { VolumeSnapshotRow } from '../tables.ts'
import { isEncrypted } from '../types/encryption.ts'
import { defaultTypeOf, findTypeByRef } from '../types.ts'
import { reserve } from '../usage.ts'
import { snapshotView, volumeView } from '../views.ts'
import { addJob } from '../work.ts'
import { isZone, zone } from '../zones.ts'
import { requireBackendNamed } from './backend.ts'
import type { ManageArgs } from './jobs.ts'
import { gibOf } from './manageable.ts'

type Ref = string | Readonly<Record<string, unknown>>

interface ManageBody {
  readonly volume: {
    readonly host?: string | null
    readonly cluster?: string | null
    readonly ref: Ref
    readonly name?: string | null
    readonly description?: string | null
    readonly volume_type?: string | null
    readonly availability_zone?: string | null
    readonly bootable?: boolean | string
    readonly metadata?: Named | null
  }
}

export async function manageVolume(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:volume_manage')
  const { volume: given } = call.body as ManageBody // as its schema says
  const cluster = has(call, 'migrateToCluster') ? given.cluster : undefined
  if (!given.host && !cluster) requireBackendNamed(call, { host: given.host, cluster }, 'migrateToCluster')
  const db = dbOf(call)
  const projectId = call.auth.project?.id ?? ''
  const type = given.volume_type
    ? await findTypeByRef(call, given.volume_type)
    : await defaultTypeOf(db, projectId)
  const file = await fileNamed(call, given.ref)
  if (await isManaged(call, file.name))
    throw fault('VolumeInvalid', {
      reason: 'Unable to manage existing volume. The volume is already managed',
    })
  if (await isEncrypted(db, type.id))
    throw fault('VolumeTypeInvalid', { reason: 'Managing to an encrypted volume type is not supported.' })
  requireBackendNamed(call, { host: given.host, cluster }, 'migrateToCluster')
  await requireVolumeService(call)
  const wantedZone = given.availability_zone ?? zone
  if (!isZone(wantedZone))
    throw fault('VolumeInputInvalid', { reason: `Availability zone '${wantedZone}' is invalid.` })
  const row = {
    ...newVolumeRow({
      projectId,
      userId: call.auth.userId,
      name: given.name?.trim() || null,
      description: given.description?.trim() || null,
      size: gibOf(file.bytes),
      typeId: type.id,
      isMultiattach: false,
      now: call.deps.clock.now(),
    }),
    status: 'managing' as const,
    bootable: Number(readFlag('bootable', given.bootable ?? false)),
  }
  const metadata = given.metadata ?? {}
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await reserve(tx, projectId, { volumes: 1, gigabytes: row.size }, type.id)
    await tx.insertInto('volumes').values(row).execute()
    await putProperties(tx, row.id, 'metadata', metadata)
    await addJob(tx, call, { kind: 'manage', subject: row.id, args: file satisfies ManageArgs })
  })
  call.deps.work.wake()
  const shown = {
    ...row,
    typeName: type.name,
    metadata,
    imageMetadata: {},
    adminMetadata: {},
    attachments: [],
    isInLegacyGroup: false,
  }
  return json(202, { volume: volumeView(call, shown) })
}

/** A disabled backend takes nothing over (cinder/volume/api.py, _get_service_by_host_cluster). */
async function requireVolumeService(call: VolumeCall): Promise<void> {
  if (!(await isEnabled(dbOf(call), call.deps.host, 'cinder-volume')))
    throw fault('ServiceUnavailable', { reason: 'The service is unavailable at this time: it is disabled.' })
}

/** The file a reference names; one that is not there has no bytes, and what is made of it ends in error. */
async function fileNamed(call: VolumeCall, ref: Ref): Promise<ManageArgs> {
  const name = isObject(ref) ? ref['source-name'] : ref
  if (typeof name !== 'string')
    throw fault('VolumeInputInvalid', { reason: 'Reference must contain source-name element.' })
  const found = (await call.deps.files.listExisting()).find(file => file.name === name)
  return { name, bytes: found?.bytes ?? 0 }
}

async function isManaged(call: VolumeCall, name: string): Promise<boolean> {
  const id = /^volume-(.+)$/.exec(name)?.[1]
  return id !== undefined && (await readVolume(dbOf(call), id)) !== undefined
}

interface ManageSnapshotBody {
  readonly snapshot: {
    readonly volume_id: string
    readonly ref: Ref
    readonly name?: string | null
    readonly description?: string | null
    readonly metadata?: Named | null
  }
}

export async function manageSnapshot(call: VolumeCall): Promise<Reply> {
  const { snapshot: given } = call.body as ManageSnapshotBody // as its schema says
  const volume = await findVolume(call, 'snapshot_extension:snapshot_manage', given.volume_id)
  const file = await fileNamed(call, given.ref)
  await requireVolumeService(call)
  const row: VolumeSnapshotRow = {
    id: newUuid(),
    volume_id: volume.id,
    project_id: call.auth.project?.id ?? volume.project_id,
    user_id: call.auth.userId,
    name: given.name ?? null,
    description: given.description ?? null,
    // Larger than its volume it could not have been, and without bytes it is not there: both end in error.
    size: file.bytes === 0 || gibOf(file.bytes) > volume.size ? 0 : volume.size,
    status: 'creating',
    written_bytes: 0,
    group_snapshot_id: null,
    progress: null,
    created_at: call.deps.clock.now(),
    updated_at: null,
  }
  const metadata = given.metadata ?? {}
  await hold(call, volume.id, async tx => {
    await reserve(tx, row.project_id, { snapshots: 1, gigabytes: row.size }, volume.type_id)
    await tx.insertInto('volume_snapshots').values(row).execute()
    await putProperties(tx, row.id, 'metadata', metadata)
    await addJob(tx, call, {
      kind: 'manage-snapshot',
      subject: row.id,
      source: volume.id,
      args: file satisfies ManageArgs,
    })
  })
  call.deps.work.wake()
  return json(202, { snapshot: snapshotView(call, { ...row, metadata }, { isDetailed: false }) })
}

/** `os-unmanage`: as deleting, but what the volume holds stays. */
export async function unmanageVolume(call: VolumeCall, { id }: Volume): Promise<Reply> {
  await hold(call, id, async (tx, volume, now) => {
    const allowed: readonly VolumeStatus[] = volumeAllowedFrom.delete
    const snapshot = await tx
      .selectFrom('volume_snapshots')
      .select('id')
      .where('volume_id', '=', id)
      .executeTakeFirst()
    const isFree = volume.attach_status !== 'attached' && volume.group_id === null && !snapshot
    if (!allowed.includes(volume.status) || !isFree)
      throw fault('VolumeInvalid', {
        reason: `Volume status must be ${orList(allowed)} and must not be migrating, attached, belong to a group, have snapshots, awaiting a transfer, or be disassociated from snapshots after volume transfer.`,
      })
    await setVolume(tx, id, { status: 'unmanaging', updated_at: now })
    await addJob(tx, call, { kind: 'unmanage', subject: id })
  })
  call.deps.work.wake()
  return empty(202)
}

export async function unmanageSnapshot(call: VolumeCall, id: string): Promise<void> {
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const snapshot = await lockSnapshot(tx, id)
    if (!snapshot) throw fault('VolumeSnapshotNotFound', { snapshot: id })
    const allowed: readonly string[] = snapshotAllowedFrom.delete
    if (!allowed.includes(snapshot.status) || snapshot.group_snapshot_id !== null)
      throw fault('VolumeSnapshotInvalid', {
        reason: `Snapshot status must be ${orList(allowed)} and must not be part of a group.`,
      })
    await tx
      .updateTable('volume_snapshots')
      .set({ status: 'unmanaging', updated_at: now })
      .where('id', '=', id)
      .execute()
    await addJob(tx, call, { kind: 'unmanage-snapshot', subject: id, source: snapshot.volume_id })
  })
  call.deps.work.wake()
}
