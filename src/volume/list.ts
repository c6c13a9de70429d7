// GET /volumes and /volumes/detail: filtered, sorted, a page at a time. Pages go by key: the next one begins after the
// marker's own values.
import { fault } from '../model/errors.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { dbOf, findVolume, listedProject, type VolumeCall } from './access.ts'
import { isTrue } from './input.ts'
import { volumeFilters } from './list-filters.ts'
import { inProject, listRows } from './listing.ts'
import { readSorts } from './paging.ts'
import { withDetails } from './store.ts'
import { volumeSummaryView, volumeView } from './views.ts'

const sortKeys = ['name', 'status', 'size', 'availability_zone', 'bootable', 'created_at', 'id'] as const

export const listVolumes = (call: VolumeCall): Promise<Reply> => list(call, false)
export const listVolumeDetails = (call: VolumeCall): Promise<Reply> => list(call, true)

async function list(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  call.enforce('volume:get_all')
  const project = listedProject(call, isTrue(call.query.one('all_tenants')))
  const { rows, tail } = await listRows(call, {
    table: 'volumes',
    sorts: readSorts(call.query, sortKeys),
    conditions: [inProject(project), ...volumeFilters(call)],
    marker: id => findVolume(call, 'volume:get', id),
  })
  const volumes = await withDetails(dbOf(call), rows)
  return json(200, {
    volumes: volumes.map(volume =>
      isDetailed ? volumeView(call, volume, { isRead: true }) : volumeSummaryView(call, volume),
    ),
    ...(await tail('volumes', isDetailed ? 'volumes/detail' : 'volumes')),
  })
}

/** GET /volumes/summary: how many there are and how large they are together. */
export async function summariseVolumes(call: VolumeCall): Promise<Reply> {
  call.enforce('volume:get_all')
  const project = listedProject(call, isTrue(call.query.one('all_tenants')))
  let rows = dbOf(call).selectFrom('volumes')
  if (project !== null) rows = rows.where('project_id', '=', project)
  const found = await rows
    .select(eb => [eb.fn.countAll().as('count'), eb.fn.coalesce(eb.fn.sum('size'), eb.lit(0)).as('size')])
    .executeTakeFirst()
  if (!found) throw fault('VolumeBadRequest', { reason: 'Nothing to count.' })
  return json(200, {
    'volume-summary': { total_count: Number(found.count), total_size: Number(found.size) },
  })
}
