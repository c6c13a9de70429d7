// GET /manageable_volumes and /manageable_snapshots (3.8; before, os-volume-manage and os-snapshot-manage): the files
// that are there, those somebody has as volume or snapshot and those nobody owns.
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { fileName, gibibyte } from '../files.ts'
import { has } from '../negotiate.ts'
import { readPage } from '../paging.ts'
import { requireBackendNamed } from './backend.ts'

interface Manageable {
  readonly reference: { readonly 'source-name': string }
  readonly size: number
  readonly safe_to_manage: boolean
  readonly reason_not_safe: string | null
  readonly cinder_id: string | null
  readonly extra_info: string | null
  readonly source_reference?: { readonly 'source-name': string }
}

/** Files as long as whole gibibytes, rounded up. */
export const gibOf = (bytes: number): number => Math.ceil(bytes / gibibyte)

const free = (name: string, size: number): Manageable => ({
  reference: { 'source-name': name },
  size,
  safe_to_manage: true,
  reason_not_safe: null,
  cinder_id: null,
  extra_info: null,
})
const taken = (name: string, row: { readonly id: string; readonly size: number }): Manageable => ({
  ...free(name, row.size),
  safe_to_manage: false,
  reason_not_safe: 'already managed',
  cinder_id: row.id,
})

export const listManageableVolumes = (call: VolumeCall): Promise<Reply> => listVolumes(call, false)
export const listManageableVolumeDetails = (call: VolumeCall): Promise<Reply> => listVolumes(call, true)
export const listManageableSnapshots = (call: VolumeCall): Promise<Reply> => listSnapshots(call, false)
export const listManageableSnapshotDetails = (call: VolumeCall): Promise<Reply> => listSnapshots(call, true)

async function listVolumes(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  call.enforce('volume_extension:list_manageable')
  requireHost(call)
  const rows = await dbOf(call).selectFrom('volumes').select(['id', 'size']).execute()
  const all = [
    ...rows.map(row => taken(fileName({ kind: 'volume', id: row.id }), row)),
    ...(await freeFiles(call, name => !isSnapshotName(name))),
  ]
  return json(200, { 'manageable-volumes': paged(call, all).map(one => view(one, isDetailed)) })
}

async function listSnapshots(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  call.enforce('snapshot_extension:list_manageable')
  requireHost(call)
  const rows = await dbOf(call).selectFrom('volume_snapshots').select(['id', 'size', 'volume_id']).execute()
  const all = [
    ...rows.map(row => ({
      ...taken(fileName({ kind: 'snapshot', id: row.id }), row),
      source_reference: { 'source-name': fileName({ kind: 'volume', id: row.volume_id }) },
    })),
    ...(await freeFiles(call, isSnapshotName)),
  ]
  return json(200, { 'manageable-snapshots': paged(call, all).map(one => view(one, isDetailed)) })
}

const isSnapshotName = (name: string): boolean => name.startsWith('snapshot-')

async function freeFiles(call: VolumeCall, isWanted: (name: string) => boolean): Promise<Manageable[]> {
  const found = await call.deps.files.listExisting()
  return found.filter(({ name }) => isWanted(name)).map(({ name, bytes }) => free(name, gibOf(bytes)))
}

/** The backend has to be named, from 3.17 on it or its cluster (cinder/api/common.py, get_cluster_host). */
function requireHost(call: VolumeCall): void {
  const cluster = has(call, 'manageableClusters') ? call.query.one('cluster') : undefined
  requireBackendNamed(call, { host: call.query.one('host'), cluster }, 'manageableClusters')
}

const view = (one: Manageable, isDetailed: boolean) =>
  isDetailed
    ? one
    : {
        reference: one.reference,
        size: one.size,
        safe_to_manage: one.safe_to_manage,
        ...(one.source_reference ? { source_reference: one.source_reference } : {}),
      }

/** Sorted by reference or size, descending unless told otherwise; the marker is a reference. */
function paged(call: VolumeCall, all: readonly Manageable[]): readonly Manageable[] {
  const { query } = call
  const [key = 'reference', direction = query.one('sort_dir') ?? 'desc'] = (
    query.one('sort') ??
    query.one('sort_key') ??
    'reference'
  ).split(':')
  if (key !== 'reference' && key !== 'size')
    throw fault('VolumeBadRequest', { reason: `Invalid sort keys passed: ${key}` })
  if (direction !== 'asc' && direction !== 'desc')
    throw fault('VolumeBadRequest', { reason: `Invalid sort dirs passed: ${direction}` })
  const page = readPage(query)
  const nameOf = (one: Manageable) => one.reference['source-name']
  const order = (a: Manageable, b: Manageable) =>
    (key === 'size' ? a.size - b.size : 0) || (nameOf(a) < nameOf(b) ? -1 : 1)
  const sorted = all.toSorted((a, b) => (direction === 'asc' ? order(a, b) : order(b, a)))
  let start = page.offset
  if (page.marker !== undefined) {
    const marker = page.marker
    const at = sorted.findIndex(one => nameOf(one) === marker || marker.includes(`'${nameOf(one)}'`))
    if (at < 0) throw fault('VolumeInputInvalid', { reason: `marker not found: ${marker}` })
    start += at + 1
  }
  return sorted.slice(start, start + page.limit)
}
