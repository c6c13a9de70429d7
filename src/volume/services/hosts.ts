// /os-hosts: where volumes are, how many of whom, and switching a backend off (cinder/api/contrib/hosts.py).
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import type { VolumeTransaction } from '../store.ts'
import { zone } from '../zones.ts'
import { readServices, type ServiceState, writeService } from './state.ts'

/** Those that are switched on, as upstream lists them. */
const enabledServices = async (call: VolumeCall): Promise<ServiceState[]> =>
  (await readServices(dbOf(call), call.deps.host)).filter(({ isDisabled }) => !isDisabled)

export async function listVolumeHosts(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:hosts')
  const wanted = call.query.one('zone')
  const services = wanted === undefined || wanted === zone ? await enabledServices(call) : []
  return json(200, {
    hosts: services.map(({ binary, host }) => ({
      host_name: host,
      service: binary,
      zone,
      'service-status': 'available',
      'service-state': 'enabled',
      'last-update': isoMicros(call.deps.clock.now()),
    })),
  })
}

async function findBackend(call: VolumeCall): Promise<ServiceState> {
  const host = call.params.host! // in the route's path
  const found = (await enabledServices(call)).find(
    service => service.binary === 'cinder-volume' && service.host === host,
  )
  if (!found) throw fault('VolumeHostNotFound', { host })
  return found
}

/** What each project has on it: everything lies on the one backend. */
export async function showVolumeHost(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:hosts')
  const { host } = await findBackend(call)
  const db = dbOf(call)
  const sums = (table: 'volume_snapshots' | 'volumes') =>
    db
      .selectFrom(table)
      .select(eb => ['project_id', eb.fn.countAll().as('count'), eb.fn.sum('size').as('size')])
      .groupBy('project_id')
      .orderBy('project_id')
      .execute()
  const [volumes, snapshots] = await Promise.all([sums('volumes'), sums('volume_snapshots')])
  const resource = (project: string, isCounted: (row: { readonly project_id: string }) => boolean) => {
    const total = (rows: typeof volumes, key: 'count' | 'size') =>
      String(rows.filter(isCounted).reduce((sum, row) => sum + Number(row[key]), 0))
    return {
      resource: {
        host,
        project,
        volume_count: total(volumes, 'count'),
        total_volume_gb: total(volumes, 'size'),
        snapshot_count: total(snapshots, 'count'),
        total_snapshot_gb: total(snapshots, 'size'),
      },
    }
  }
  return json(200, {
    host: [
      resource('(total)', () => true),
      ...volumes.map(({ project_id }) => resource(project_id, row => row.project_id === project_id)),
    ],
  })
}

/** `{"status": "disable"}` switches the backend of that name off. */
export async function updateVolumeHost(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:hosts')
  const service = await findBackend(call)
  let isEnabled = !service.isDisabled
  for (const [name, value] of Object.entries(call.body as Readonly<Record<string, string>>)) {
    if (name.toLowerCase().trim() !== 'status')
      throw fault('VolumeBadRequest', { reason: `Invalid update setting: '${name}'` })
    const word = value.toLowerCase().trim()
    if (word !== 'enable' && word !== 'disable')
      throw fault('VolumeBadRequest', { reason: `Invalid status: '${value}'` })
    isEnabled = word === 'enable'
  }
  const now = call.deps.clock.now()
  await call.deps.store.accept((tx: VolumeTransaction) =>
    writeService(tx, service, { disabled: Number(!isEnabled) }, now),
  )
  return json(200, { host: service.host, status: isEnabled ? 'enabled' : 'disabled' })
}
