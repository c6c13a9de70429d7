// Provider segments: what kind of wire a network runs on, under which number, and how large its frames may be.
// No two networks share one; a unique column decides, so that two requests at once cannot both get it.
import { randomInt } from 'node:crypto'
import { fault } from '../model/errors.ts'
import type { NetworkType, NetworkValues } from './schemas/networks.ts'

export interface Segment {
  readonly network_type: NetworkType
  readonly physical_network: string | null
  readonly segmentation_id: number | null
  readonly segment_key: string | null
}

/** What networks of projects are made of, as in DevStack ([ml2]tenant_network_types). */
const ownNetworkType = 'vxlan'
const physicalMtu = 1500
/** Bytes an overlay's headers take. */
const overhead: Readonly<Record<NetworkType, number>> = {
  local: 0,
  flat: 0,
  vlan: 0,
  gre: 42,
  vxlan: 50,
  geneve: 58,
}
/** Fits the 24 bits of VXLAN and Geneve. */
const tunnelIdMax = 2 ** 24 - 1

export const mtuOf = (type: NetworkType): number => physicalMtu - overhead[type]

/** True when the number was ours to choose, so that another may be tried. */
export const isChosen = (values: NetworkValues): boolean =>
  values['provider:network_type'] !== 'flat' &&
  (values['provider:segmentation_id'] === undefined || values['provider:segmentation_id'] === null)

/** The segment asked for, or one of the ordinary kind with a random number. */
export function segmentFor(values: NetworkValues): Segment {
  const physical = values['provider:physical_network'] ?? null
  const asked = values['provider:segmentation_id'] ?? null
  const type = values['provider:network_type']
  if (type === undefined) {
    if (physical !== null || asked !== null) refuse('network_type required')
    return tunnel(ownNetworkType, null)
  }
  switch (type) {
    case 'local':
      if (physical !== null) refuse('provider:physical_network specified for local network')
      if (asked !== null) refuse('provider:segmentation_id specified for local network')
      return { network_type: type, physical_network: null, segmentation_id: null, segment_key: null }
    case 'flat':
      if (physical === null) refuse('physical_network required for flat provider network')
      if (asked !== null) refuse('segmentation_id prohibited for flat provider network')
      return {
        network_type: type,
        physical_network: physical,
        segmentation_id: null,
        segment_key: `flat:${physical}`,
      }
    case 'vlan': {
      if (physical === null) refuse('physical_network required for VLAN provider network')
      if (asked !== null && asked > 4094) refuse('segmentation_id out of range (1 through 4094)')
      const id = asked ?? randomInt(1, 4095)
      return {
        network_type: type,
        physical_network: physical,
        segmentation_id: id,
        segment_key: `vlan:${physical}:${id}`,
      }
    }
    default:
      if (physical !== null) refuse(`provider:physical_network specified for ${type} network`)
      return tunnel(type, asked)
  }
}

function tunnel(type: 'gre' | 'vxlan' | 'geneve', asked: number | null): Segment {
  const id = asked ?? randomInt(1, tunnelIdMax + 1)
  return { network_type: type, physical_network: null, segmentation_id: id, segment_key: `${type}:${id}` }
}

/** The refusal for a segment that another network has. */
export function segmentTaken({
  network_type,
  physical_network: physical,
  segmentation_id: segment,
}: Segment) {
  if (network_type === 'flat') return fault('NetworkFlatInUse', { physical })
  if (network_type === 'vlan') return fault('NetworkVlanInUse', { segment, physical })
  return fault('NetworkTunnelInUse', { segment })
}

function refuse(reason: string): never {
  throw fault('NetworkInvalidInput', { reason })
}
