// What Nova is told about the ports of its servers (neutron/notifiers/nova.py → os-server-external-events).

export interface PortEvent {
  readonly name: 'network-changed' | 'network-vif-plugged' | 'network-vif-unplugged' | 'network-vif-deleted'
  readonly serverId: string
  /** The port's id. */
  readonly tag: string
  readonly status: 'completed' | 'failed'
}

/** Only ports of servers are reported. */
export function portEvents(
  names: readonly PortEvent['name'][],
  port: { readonly id: string; readonly device_id: string; readonly device_owner: string },
  status: PortEvent['status'] = 'completed',
): readonly PortEvent[] {
  if (!isServerPort(port)) return []
  return names.map(name => ({ name, serverId: port.device_id, tag: port.id, status }))
}

export const isServerPort = (port: { readonly device_id: string; readonly device_owner: string }): boolean =>
  port.device_owner.startsWith('compute:') && port.device_id !== ''
