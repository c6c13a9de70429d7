// GET /volumes and /volumes/detail: filtered, sorted, a page at a time. Pages go by key: the next one begins after the
// marker's own values.
import { fault } from '../model/errors.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { dbOf, findVolume, listedProject, type VolumeCall } from './access.ts'
import { isTrue } from './input.ts'
import { volumeFilters } from './list-filters.ts'
import { has } from './negotiate.ts'
import { collectionLinks, isAfter, readPage, readSorts, sortValue } from './paging.ts'
import { withDetails } from './store.ts'
import { volumeSummaryView, volumeView } from './views.ts'

const sortKeys = ['name', 'status', 'size', 'availability_zone', 'bootable', 'created_at', 'id'] as const

export const listVolumes = (call: VolumeCall): Promise<Reply> => list(call, false)
export const listVolumeDetails = (call: VolumeCall): Promise<Reply> => list(call, true)

async function list(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  call.enforce('volume:get_all')
  const { query } = call
  const page = readPage(query)
  const sorts = readSorts(query, sortKeys)
  const conditions = volumeFilters(call)
  const project = listedProject(call, isTrue(query.one('all_tenants')))
  const db = dbOf(call)
  let matching = db.selectFrom('volumes').where(eb => eb.and(conditions.map(condition => condition(eb))))
  if (project !== null) matching = matching.where('project_id', '=', project)
  let rows = matching
  if (page.marker !== undefined) {
    const marker = await findVolume(call, 'volume:get', page.marker)
    rows = rows.where(
      isAfter('volumes', sorts, marker as unknown as Readonly<Record<string, string | number | null>>),
    ) // its columns
  }
  for (const { key, direction } of sorts) rows = rows.orderBy(sortValue(key, 'volumes'), direction)
  const found = page.limit === 0 ? [] : await rows.selectAll().limit(page.limit).offset(page.offset).execute()
  const volumes = await withDetails(db, found)
  return json(200, {
    volumes: volumes.map(volume =>
      isDetailed ? volumeView(call, volume, { isRead: true }) : volumeSummaryView(call, volume),
    ),
    ...collectionLinks(call, 'volumes_links', isDetailed ? 'volumes/detail' : 'volumes', page, found),
    ...(has(call, 'counts') && isTrue(query.one('with_count'))
      ? {
          count: Number(
            (await matching.select(eb => eb.fn.countAll().as('count')).executeTakeFirst())?.count ?? 0,
          ),
        }
      : {}),
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
