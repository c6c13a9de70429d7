// Ports of servers as compute sees them at the network service: which are ours, what we write on them.
import { fault } from '../../../model/errors.ts'
import type { RequestedNetwork } from '../../snapshots.ts'
import type { Viewer } from '../neighbours.ts'

export type Port = Readonly<Record<string, unknown>>

/** Ports we make carry this, so that we delete those and only let go of the ones users brought. */
export const oursPrefix = 'compute:'
export const keptKey = 'faultline_kept'
/** The tag a port was asked for with. It stays with the port, wherever the server goes. */
const tagKey = 'faultline_tag'

/** What a port has once its server lets it go. */
export const released = {
  device_id: '',
  device_owner: '',
  'binding:host_id': '',
  'binding:profile': {},
} as const

/** Refuses ports the network service could not bind to their host. */
export function checkBound(ports: readonly Port[]): void {
  for (const port of ports)
    if (port['binding:vif_type'] === 'binding_failed') throw fault('PortBindingFailed', { port: port.id })
}

export const profileOf = (port: Port) => port['binding:profile'] as Record<string, unknown> | undefined // neutron's documented shape

export const isOurs = (port: Port): boolean => !profileOf(port)?.[keptKey]

export const tagOf = (port: Port): string | null => {
  const tag = profileOf(port)?.[tagKey]
  return typeof tag === 'string' ? tag : null
}

export const tagOfWanted = ({ tag }: Pick<RequestedNetwork, 'tag'>) => (tag === null ? {} : { [tagKey]: tag })

/** Refuses networks the viewer may not have ports on; `missing`: how one they cannot see is refused. */
export function checkNetwork(
  network: Readonly<Record<string, unknown>> | undefined,
  id: string,
  { projectId, isAdmin }: Viewer,
  missing: 'BootNetworkNotFound' | 'AttachNetworkNotFound',
): void {
  const isOwn = isAdmin || network?.project_id === projectId
  if (!network || !(isOwn || network.shared === true || network['router:external'] === true))
    throw fault(missing, { network: id })
  if (network['router:external'] === true && network.shared !== true && !isOwn)
    throw fault('ExternalNetworkForbidden', { network: id })
  if (!Array.isArray(network.subnets) || network.subnets.length === 0)
    throw fault('NetworkRequiresSubnet', { network: id })
}
