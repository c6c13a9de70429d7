// `/os-hosts` (up to 2.42): hosts by name. What it could do to a host, no driver of ours does: 501, as with libvirt.
import { readJson } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import { zonesOfHosts } from '../store/aggregates.ts'
import { computeBinary, listHypervisors, listServices } from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import { zoneOfService } from './availability-zones.ts'
import type { ComputeCall } from './call.ts'

const topicOf = (binary: string) => binary.replace(/^nova-/, '')

export const listHosts = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hosts:list')
  const db = tables<ComputeTables>(call.deps.store)
  const zones = await zonesOfHosts(db)
  const wanted = { zone: call.query.one('zone'), service: call.query.one('service') }
  const hosts = (await listServices(db))
    .map(service => ({
      host_name: service.host,
      service: topicOf(service.binary),
      zone: zoneOfService(service, zones),
    }))
    .filter(host => !wanted.zone || host.zone === wanted.zone)
    .filter(host => !wanted.service || host.service === wanted.service)
  return json(200, { hosts })
}

export const showHost = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hosts:show')
  const host = call.params.host! // in the route's path
  const db = tables<ComputeTables>(call.deps.store)
  const found = (await listHypervisors(db)).find(({ node }) => node.host === host)
  if (!found) throw fault('ComputeHostNotFound', { host })
  const servers = await db
    .selectFrom('servers')
    .select(['project_id', 'flavor_json'])
    .where('host', '=', host)
    .where('deleted', '=', 0)
    .orderBy('seq')
    .execute()
  const taken = servers.map(({ project_id, flavor_json }) => {
    const flavor = readJson<FlavorSnapshot>(flavor_json)
    return { project: project_id, cpu: flavor.vcpus, memory: flavor.memoryMb, disk: diskOf(flavor) }
  })
  const resource = (project: string, cpu: number, memory_mb: number, disk_gb: number) => ({
    resource: { host, project, cpu, memory_mb, disk_gb },
  })
  const sumOf = (project: string, of: readonly (typeof taken)[number][]) =>
    resource(
      project,
      of.reduce((total, one) => total + one.cpu, 0),
      of.reduce((total, one) => total + one.memory, 0),
      of.reduce((total, one) => total + one.disk, 0),
    )
  const { node } = found
  return json(200, {
    host: [
      resource('(total)', node.vcpus, node.memory_mb, node.local_gb),
      resource('(used_now)', node.vcpus_used, node.memory_mb_used, node.local_gb_used),
      sumOf('(used_max)', taken),
      ...[...Map.groupBy(taken, one => one.project)].map(([project, of]) => sumOf(project, of)),
    ],
  })
}

const diskOf = (flavor: FlavorSnapshot) => flavor.rootGb + flavor.ephemeralGb

async function computeHostInPath(call: ComputeCall): Promise<void> {
  const host = call.params.host! // in the route's path
  const services = await listServices(tables<ComputeTables>(call.deps.store), { host, binary: computeBinary })
  if (services.length === 0) throw fault('ComputeHostNotFound', { host })
}

export const updateHost = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-hosts:update')
  await computeHostInPath(call)
  throw fault('FeatureNotSupported')
}

const powerAction =
  (rule: PolicyRule) =>
  async (call: ComputeCall): Promise<Reply> => {
    call.enforce(rule)
    await computeHostInPath(call)
    throw fault('FeatureNotSupported')
  }

export const startupHost = powerAction('os_compute_api:os-hosts:start')
export const shutdownHost = powerAction('os_compute_api:os-hosts:shutdown')
export const rebootHost = powerAction('os_compute_api:os-hosts:reboot')

/** `PUT /os-hosts/{host}`: one of the two, or both. */
export const updateHostBody = {
  type: 'object',
  properties: {
    status: { type: 'string', enum: ['enable', 'disable', 'Enable', 'Disable', 'ENABLE', 'DISABLE'] },
    maintenance_mode: {
      type: 'string',
      enum: ['enable', 'disable', 'Enable', 'Disable', 'ENABLE', 'DISABLE'],
    },
  },
  minProperties: 1,
  additionalProperties: false,
}
