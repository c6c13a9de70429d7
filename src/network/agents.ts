// Network agents and availability zones. Each compute host has three agents, which live as long as the host is there.
// Who may not see them finds none.
import { createHash } from 'node:crypto'
import { isoMicros } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import type { NetworkDeps } from './deps.ts'
import { onlyFields } from './listing.ts'
import type { View } from './resource.ts'
import { pickViews } from './view-filters.ts'

const kinds = [
  {
    agent_type: 'DHCP agent',
    binary: 'neutron-dhcp-agent',
    topic: 'dhcp_agent',
    availability_zone: 'nova',
    configurations: { dhcp_driver: 'neutron.agent.linux.dhcp.Dnsmasq' },
  },
  {
    agent_type: 'L3 agent',
    binary: 'neutron-l3-agent',
    topic: 'l3_agent',
    availability_zone: 'nova',
    configurations: { agent_mode: 'legacy', handle_internal_only_routers: true },
  },
  {
    agent_type: 'Open vSwitch agent',
    binary: 'neutron-openvswitch-agent',
    topic: 'N/A',
    availability_zone: null,
    configurations: { tunnel_types: ['vxlan'], bridge_mappings: { public: 'br-ex' } },
  },
] as const

export function listAgents(call: Call<NetworkDeps>): Reply {
  const seen = call.allows('get_agent') ? agentViews(call) : []
  return json(200, { agents: pickViews(call.query, seen) })
}

export function showAgent(call: Call<NetworkDeps>): Reply {
  const found = agentViews(call).find(agent => agent.id === call.params.id)
  if (!found || !call.allows('get_agent')) throw fault('NetworkAgentNotFound', { id: call.params.id })
  return json(200, { agent: onlyFields(found, call.query.many('fields')) })
}

export const listZones = (call: Call<NetworkDeps>): Reply =>
  json(200, {
    availability_zones: pickViews(
      call.query,
      call.deps.hosts().length === 0
        ? []
        : ['network', 'router'].map(resource => ({ name: 'nova', resource, state: 'available' })),
    ),
  })

const agentViews = ({ deps }: Call<NetworkDeps>): readonly View[] => {
  const now = deps.clock.now()
  const seen = isoMicros(now).slice(0, 19).replace('T', ' ')
  return deps.hosts().flatMap(host =>
    kinds.map(kind => ({
      id: agentId(host, kind.binary),
      ...kind,
      host,
      admin_state_up: true,
      alive: true,
      description: null,
      created_at: seen,
      started_at: seen,
      heartbeat_timestamp: seen,
      resource_versions: {},
      resources_synced: null,
    })),
  )
}

/** The same for the same host and agent, whenever one asks (a name-based UUID). */
function agentId(host: string, binary: string): string {
  const hex = createHash('sha1').update(`${binary} ${host}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
