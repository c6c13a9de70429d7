// A port from what was asked for: address on the wire, addresses on the subnets, groups, binding. Servers, routers and
// floating addresses all get theirs here.
import { randomBytes } from 'node:crypto'
import { newUuid } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import { allocate } from './allocate.ts'
import { bind } from './binding.ts'
import { ensureDefaultGroup } from './default-group.ts'
import { portEvents } from './events.ts'
import type { PortFacts } from './port-view.ts'
import type { AddressPair, DhcpOption, FixedIpRequest } from './schemas/ports.ts'
import { type Change, flag, standardColumns } from './store.ts'
import type { NetworksTable, PortsTable, SubnetsTable } from './tables.ts'
import { reserve } from './usage.ts'

export interface NewPort {
  readonly projectId: string
  readonly network: NetworksTable
  readonly subnets: readonly SubnetsTable[]
  readonly name?: string
  readonly description?: string
  readonly adminStateUp?: boolean
  readonly macAddress?: string
  readonly fixedIps?: readonly FixedIpRequest[]
  readonly deviceId?: string
  readonly deviceOwner?: string
  /** Not given: the network's own setting. */
  readonly portSecurity?: boolean
  /** Not given: the project's default group. */
  readonly securityGroups?: readonly string[]
  readonly addressPairs?: readonly { readonly ip_address?: string; readonly mac_address?: string }[]
  readonly dhcpOptions?: readonly DhcpOption[]
  readonly hostId?: string
  readonly vnicType?: string
  readonly profile?: Readonly<Record<string, unknown>>
  /** Instead of what the binding gives; ports of floating addresses have N/A. */
  readonly status?: string
}

export async function insertPort(change: Change, wanted: NewPort): Promise<PortFacts> {
  await reserve(change, wanted.projectId, 'port')
  const row = await insertRow(change, wanted)
  const fixedIps = await allocate(change, row, wanted.subnets, wanted.fixedIps)
  const securityGroups = await chooseGroups(change, wanted, row)
  await linkGroups(change, row.id, securityGroups)
  if (row.status === 'ACTIVE') change.events.push(...portEvents(['network-vif-plugged'], row))
  else if (row.vif_type === 'binding_failed')
    change.events.push(...portEvents(['network-vif-plugged'], row, 'failed'))
  return { row, fixedIps, securityGroups, tags: [] }
}

export async function linkGroups(change: Change, portId: string, groups: readonly string[]): Promise<void> {
  if (groups.length === 0) return
  await change.tx
    .insertInto('port_security_groups')
    .values(groups.map(group => ({ port_id: portId, security_group_id: group })))
    .execute()
}

/** Pairs as kept: without a MAC address of their own they have the port's. */
export function addressPairs(
  pairs: NonNullable<NewPort['addressPairs']>,
  macAddress: string,
): readonly AddressPair[] {
  return pairs.map(pair => {
    if (pair.ip_address === undefined) throw fault('AddressPairMissingIp')
    return { mac_address: pair.mac_address ?? macAddress, ip_address: pair.ip_address }
  })
}

const macTriesMax = 16

async function insertRow(change: Change, wanted: NewPort): Promise<PortsTable> {
  const { network } = wanted
  const security = wanted.portSecurity ?? network.port_security_enabled === 1
  if (!security && (wanted.addressPairs?.length ?? 0) > 0) throw fault('AddressPairsNeedPortSecurity')
  for (let tries = 1; ; tries += 1) {
    const macAddress = wanted.macAddress ?? randomMac()
    const unbound = {
      id: newUuid(),
      ...standardColumns(change, wanted.projectId, wanted.description ?? ''),
      name: wanted.name ?? '',
      network_id: network.id,
      mac_address: macAddress,
      admin_state_up: flag(wanted.adminStateUp ?? true),
      device_id: wanted.deviceId ?? '',
      device_owner: wanted.deviceOwner ?? '',
      port_security_enabled: flag(security),
      host_id: wanted.hostId ?? '',
      vnic_type: wanted.vnicType ?? 'normal',
      profile_json: JSON.stringify(wanted.profile ?? {}),
      allowed_address_pairs_json: JSON.stringify(addressPairs(wanted.addressPairs ?? [], macAddress)),
      extra_dhcp_opts_json: JSON.stringify(wanted.dhcpOptions ?? []),
    }
    const binding = bind(unbound, change)
    const row: PortsTable = { ...unbound, ...binding, status: wanted.status ?? binding.status }
    const { numInsertedOrUpdatedRows } = await change.tx
      .insertInto('ports')
      .values(row)
      .onConflict(conflict => conflict.columns(['network_id', 'mac_address']).doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows === 1n) return row
    if (wanted.macAddress !== undefined)
      throw fault('MacAddressInUse', { network: network.id, mac: macAddress })
    if (tries >= macTriesMax) throw fault('MacAddressGenerationFailure', { network: network.id })
  }
}

/** [DEFAULT]base_mac: fa:16:3e, and three random octets. */
const randomMac = (): string =>
  `fa:16:3e:${randomBytes(3)
    .toString('hex')
    .replace(/..(?=.)/g, '$&:')}`

async function chooseGroups(change: Change, wanted: NewPort, row: PortsTable): Promise<readonly string[]> {
  const asked = wanted.securityGroups
  if (asked !== undefined) {
    if (asked.length > 0 && row.port_security_enabled === 0) throw fault('PortSecurityNeeded')
    return [...asked].sort()
  }
  const isService = row.device_owner.startsWith('network:')
  if (isService || row.port_security_enabled === 0) return []
  return [await ensureDefaultGroup(change, wanted.projectId)]
}
