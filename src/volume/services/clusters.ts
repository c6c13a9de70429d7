// GET /clusters and POST /workers/cleanup. Services are one each here, in no cluster; what one of them left undone is
// done when the process starts, or when somebody asks for it (cinder/api/v3/clusters.py, workers.py).
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { isTrue, readFlag } from '../input.ts'
import { has } from '../negotiate.ts'
import { readServices } from './state.ts'

const filters = ['name', 'binary', 'is_up', 'disabled', 'num_hosts', 'num_down_hosts'] as const
const replicationFilters = ['replication_status', 'frozen', 'active_backend_id'] as const

export function listClusters(call: VolumeCall): Reply {
  call.enforce('clusters:get_all')
  const known: readonly string[] = has(call, 'clusterFailover')
    ? [...filters, ...replicationFilters]
    : filters
  const unknown = call.query.names.filter(name => !known.includes(name))
  if (unknown.length > 0)
    throw fault('VolumeInputInvalid', { reason: `Invalid filter keys: ${unknown.join(', ')}` })
  for (const name of ['disabled', 'is_up'] as const) {
    const value = call.query.one(name)
    if (value !== undefined) readFlag(name, value)
  }
  return json(200, { clusters: [] })
}

export function showCluster(call: VolumeCall): Reply {
  call.enforce('clusters:get')
  throw fault('VolumeClusterNotFound', { cluster: call.params.id })
}

export function updateCluster(call: VolumeCall): Reply {
  call.enforce('clusters:update')
  const { action } = call.params
  if (action !== 'enable' && action !== 'disable') throw fault('RouteNotFound')
  throw fault('VolumeClusterNotFound', { cluster: (call.body as { readonly name: string }).name }) // its schema's
}

interface CleanupBody {
  readonly cluster_name?: string | null
  readonly service_id?: number | string | null
  readonly host?: string | null
  readonly binary?: string
  readonly is_up?: boolean | string
  readonly disabled?: boolean | string
  readonly resource_id?: string | null
}

/** Without `is_up` only services that are down are meant, and a service that answers is none of them. */
export async function cleanUp(call: VolumeCall): Promise<Reply> {
  call.enforce('workers:cleanup')
  const given = (call.body ?? {}) as CleanupBody // as its schema says
  const isPlaced = given.service_id != null || given.cluster_name != null || given.host != null
  if (given.resource_id && !isPlaced) await requirePending(call, given.resource_id)
  const isUp = isTrue(String(given.is_up ?? false))
  const services = (await readServices(dbOf(call), call.deps.host))
    .map((service, index) => ({ ...service, id: index + 1 }))
    .filter(
      service =>
        isUp &&
        !given.cluster_name &&
        service.binary !== 'cinder-backup' &&
        (given.service_id == null || String(service.id) === String(given.service_id)) &&
        (!given.host || service.host === given.host) &&
        (given.binary === undefined || service.binary === given.binary) &&
        (given.disabled === undefined || service.isDisabled === isTrue(String(given.disabled))),
    )
  if (services.length > 0) call.deps.work.wake()
  return json(202, {
    cleaning: services.map(({ id, host, binary }) => ({ id, host, binary, cluster_name: null })),
    unavailable: [],
  })
}

async function requirePending(call: VolumeCall, id: string): Promise<void> {
  const job = await dbOf(call)
    .selectFrom('volume_jobs')
    .select('seq')
    .where('subject_id', '=', id)
    .executeTakeFirst()
  if (!job)
    throw fault('VolumeInputInvalid', { reason: `There is no resource with UUID ${id} pending cleanup.` })
}
