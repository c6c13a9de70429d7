// Whose volumes and snapshots a caller sees: those of their project, administrators all. What somebody cannot see does
// not exist for them (404).
import { fault } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import type { Call } from '../platform/http/call.ts'
import { tables } from '../platform/store/store.ts'
import type { VolumeDeps } from './deps.ts'
import { readSnapshot, readVolume, type Snapshot, type Volume, withDetails, withMetadata } from './store.ts'
import type { VolumeSnapshotRow, VolumeTables } from './tables.ts'

export type VolumeCall = Call<VolumeDeps>

export const dbOf = (call: VolumeCall) => tables<VolumeTables>(call.deps.store)

/** Whether somebody's thing is there for the caller. */
export const sees = (call: VolumeCall, projectId: string): boolean =>
  call.auth.isAdmin || call.auth.project?.id === projectId

/** The volume with this id, for a caller who is about to do `rule` to it. */
export async function findVolume(call: VolumeCall, rule: PolicyRule, id: string): Promise<Volume> {
  const row = await readVolume(dbOf(call), id)
  if (!row || !sees(call, row.project_id)) throw fault('VolumeNotFound', { volume: id })
  call.enforce(rule, { projectId: row.project_id })
  const [volume] = await withDetails(dbOf(call), [row])
  return volume! // one row, one volume
}

export async function findSnapshotRow(
  call: VolumeCall,
  rule: PolicyRule,
  id: string,
): Promise<VolumeSnapshotRow> {
  const row = await readSnapshot(dbOf(call), id)
  if (!row || !sees(call, row.project_id)) throw fault('VolumeSnapshotNotFound', { snapshot: id })
  call.enforce(rule, { projectId: row.project_id })
  return row
}

export async function findSnapshot(call: VolumeCall, rule: PolicyRule, id: string): Promise<Snapshot> {
  const [snapshot] = await withMetadata(dbOf(call), [await findSnapshotRow(call, rule, id)])
  return snapshot! // one row, one snapshot
}

/** The project whose things a list holds; null for everybody's. */
export function listedProject(call: VolumeCall, all: boolean): string | null {
  if (!(call.auth.isAdmin && all)) return call.auth.project?.id ?? ''
  return call.query.one('project_id') ?? call.query.one('tenant_id') ?? null
}

/** The statuses as Cinder's sentences list them (cinder/utils.py, build_or_str). */
export const orList = (words: readonly string[]): string => words.join(' or ')
