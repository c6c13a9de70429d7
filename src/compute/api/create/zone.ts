// Where a create wants its servers: a zone, `zone:host:node` of an administrator, or host and hypervisor_hostname (2.74).
import { fault } from '../../../model/errors.ts'
import { tables } from '../../../platform/store/store.ts'
import { defaultZone, zonesOfHosts } from '../../store/aggregates.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'

interface Place {
  readonly host: string | null
  readonly node: string | null
}

export interface WantedZone {
  /** The zone the servers are pinned to; null for any. */
  readonly zone: string | null
  /** Named with the zone: the scheduler's filters are not asked. */
  readonly force: Place | null
  /** Named by themselves: filters are asked about that host only. */
  readonly requested: Place | null
}

interface Asked {
  readonly availability_zone?: string
  readonly host?: string
  readonly hypervisor_hostname?: string
}

export async function readZone(call: ComputeCall, asked: Asked): Promise<WantedZone> {
  const { zone, force } = parseZone(call, asked.availability_zone)
  const requested =
    asked.host === undefined && asked.hypervisor_hostname === undefined
      ? null
      : { host: asked.host ?? null, node: asked.hypervisor_hostname ?? null }
  if (requested) {
    call.enforce('compute:servers:create:requested_destination')
    if (force) throw fault('HostWithForcedZone')
    await checkKnown(call, requested)
  }
  if (zone !== null) await checkZone(call, zone)
  return { zone, force, requested }
}

function parseZone(call: ComputeCall, text: string | undefined): Pick<WantedZone, 'zone' | 'force'> {
  if (text === undefined || text === '') return { zone: null, force: null }
  if (!text.includes(':')) return { zone: text, force: null }
  const parts = text.split(':')
  if (parts.length > 3) throw fault('ZoneFormatInvalid', { zone: text })
  call.enforce('os_compute_api:servers:create:forced_host')
  const [zone, host, node] = parts
  return { zone: zone || null, force: { host: host || null, node: node || null } }
}

/** Zones are those of aggregates with hosts, and the default one while some host is in none of them. */
async function checkZone(call: ComputeCall, zone: string): Promise<void> {
  const db = tables<ComputeTables>(call.deps.store)
  const [byHost, nodes] = await Promise.all([
    zonesOfHosts(db),
    db.selectFrom('compute_nodes').select('host').execute(),
  ])
  if (!nodes.some(({ host }) => (byHost.get(host) ?? defaultZone) === zone)) throw fault('ZoneNotAvailable')
}

async function checkKnown(call: ComputeCall, place: Place): Promise<void> {
  let query = tables<ComputeTables>(call.deps.store).selectFrom('compute_nodes').select('id')
  if (place.host !== null) query = query.where('host', '=', place.host)
  if (place.node !== null) query = query.where('node', '=', place.node)
  if (!(await query.executeTakeFirst())) throw fault('HostUnknown', { host: place.host ?? place.node })
}
