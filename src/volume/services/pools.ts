// What the backend can do, as the scheduler sees it and as it is asked: GET /scheduler-stats/get_pools, /capabilities.
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { isTrue } from '../input.ts'
import { refuseUnknownFilters } from '../listing.ts'
import { has } from '../negotiate.ts'
import { withSpecs } from '../store.ts'
import { findTypeByRef } from '../types.ts'
import { backendName } from '../zones.ts'
import { capabilitiesOf, poolOf, unmetSpecs } from './scheduling.ts'
import { readServices } from './state.ts'

async function capabilities(call: VolumeCall) {
  const found = await dbOf(call)
    .selectFrom('volumes')
    .select(eb => [eb.fn.countAll().as('count'), eb.fn.sum('size').as('size')])
    .executeTakeFirst()
  return capabilitiesOf(call.deps.host, Number(found?.size ?? 0), Number(found?.count ?? 0))
}

export async function listPools(call: VolumeCall): Promise<Reply> {
  call.enforce('scheduler_extension:scheduler_stats:get_pools')
  const name = poolOf(call.deps.host)
  if (has(call, 'poolFilters')) refuseUnknownFilters(call, 'pool', ['detail'])
  const isShown = !has(call, 'poolFilters') || (await isWanted(call, name))
  const isDetailed = isTrue(call.query.one('detail'))
  const pool = isDetailed
    ? {
        name,
        capabilities: { ...(await capabilities(call)), timestamp: isoMicros(call.deps.clock.now()) },
      }
    : { name }
  return json(200, { pools: isShown ? [pool] : [] })
}

/** 3.28: by name; 3.35: by the volume type it must be able to hold. */
async function isWanted(call: VolumeCall, name: string): Promise<boolean> {
  const wanted = call.query.one('name')
  if (wanted !== undefined && wanted !== name) return false
  const ref = has(call, 'poolTypeFilter') ? call.query.one('volume_type') : undefined
  if (ref === undefined) return true
  const [type] = await withSpecs(dbOf(call), [await findTypeByRef(call, ref)])
  return unmetSpecs(call.deps.host, type?.extraSpecs ?? {}).length === 0
}

export async function showCapabilities(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:capabilities')
  const host = call.params.host! // in the route's path
  const services = await readServices(dbOf(call), call.deps.host)
  const service = services.find(
    one => one.binary === 'cinder-volume' && (one.host === host || poolOf(call.deps.host) === host),
  )
  if (!service) throw fault('VolumeBackendNotFound', { host })
  const { vendor_name, volume_backend_name, driver_version, storage_protocol } = await capabilities(call)
  return json(200, {
    namespace: `OS::Storage::Capabilities::${host}`,
    vendor_name,
    volume_backend_name,
    pool_name: backendName,
    driver_version,
    storage_protocol,
    display_name: 'Capabilities of files',
    description: 'What volumes that are files of one folder can do',
    visibility: 'public',
    replication_targets: [],
    properties: {
      thin_provisioning: {
        title: 'Thin Provisioning',
        description: 'Sets thin provisioning.',
        type: 'boolean',
      },
      multiattach: {
        title: 'Multiattach',
        description: 'Sets whether a volume can have several attachments.',
        type: 'boolean',
      },
    },
  })
}
