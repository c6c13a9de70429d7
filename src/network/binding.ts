// Binding a port to a host: what Nova plugs there, and whether the port works (ml2's openvswitch driver).
import { fault } from '../model/errors.ts'
import type { Change } from './store.ts'
import type { PortsTable } from './tables.ts'

export interface Binding {
  readonly vif_type: 'unbound' | 'ovs' | 'binding_failed'
  readonly status: 'ACTIVE' | 'DOWN'
}

type Bindable = Pick<PortsTable, 'id' | 'host_id' | 'vnic_type' | 'device_owner' | 'admin_state_up'>

/** A port works when it is bound to a host with an agent, and is a server's or a router's. */
export function bind(port: Bindable, { hosts, complaints }: Pick<Change, 'hosts' | 'complaints'>): Binding {
  const up = port.admin_state_up === 1
  const isRouters = port.device_owner.startsWith('network:router_')
  // Routers run in this service, whether or not there is a host yet to name for them.
  if (port.host_id === '') return { vif_type: 'unbound', status: isRouters && up ? 'ACTIVE' : 'DOWN' }
  if (!hosts.includes(port.host_id) || port.vnic_type !== 'normal') {
    complaints.push(`Failed to bind port ${port.id} on host ${port.host_id} for vnic_type ${port.vnic_type}`)
    return { vif_type: 'binding_failed', status: 'DOWN' }
  }
  const used = isRouters || port.device_owner.startsWith('compute:')
  return { vif_type: 'ovs', status: used && up ? 'ACTIVE' : 'DOWN' }
}

/** `binding:vif_details` of a bound port. */
export const vifDetails = (vifType: string): Readonly<Record<string, unknown>> =>
  vifType === 'ovs'
    ? {
        connectivity: 'l2',
        port_filter: true,
        ovs_hybrid_plug: false,
        datapath_type: 'system',
        bridge_name: 'br-int',
      }
    : {}

/** Ports of routers and floating addresses come and go with them, not by the port API. */
export function refuseServicePort(port: Pick<PortsTable, 'id' | 'device_owner'>): void {
  const owners = ['network:router_interface', 'network:router_gateway', 'network:floatingip']
  if (owners.includes(port.device_owner))
    throw fault('PortOwnedByService', { id: port.id, reason: `has device owner ${port.device_owner}` })
}
