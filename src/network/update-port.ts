// Changing a port: names and state, addresses, groups, and the binding that Nova sets when a server comes or goes.
import { fault } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, find } from './access.ts'
import { allocate, fixedIpsMax, isRouterPort, tooManyAddresses } from './allocate.ts'
import { bodyItem, readUpdate } from './attributes.ts'
import { bind } from './binding.ts'
import type { NetworkDeps } from './deps.ts'
import { isServerPort, portEvents } from './events.ts'
import { addressPairs, linkGroups } from './new-port.ts'
import { isAutoAddressed } from './pools.ts'
import { type PortFacts, portFacts, portView } from './port-view.ts'
import { dhcpOptions, freeFloatingIps, ports, refuseForeignGroups } from './ports.ts'
import {
  type AddressPair,
  type DhcpOption,
  type FixedIp,
  type FixedIpRequest,
  type PortValues,
  portAttributes,
} from './schemas/ports.ts'
import { type Change, change, flag } from './store.ts'
import type { NetworkTables, PortsTable, SubnetsTable } from './tables.ts'

type Changes = Partial<PortValues>

export async function updatePort(call: Call<NetworkDeps>): Promise<Reply> {
  const before = await find(tables<NetworkTables>(call.deps.store), ports, call.params.id!, call.auth)
  const { values, rules } = readUpdate(portAttributes, bodyItem(call.body, ports.member))
  await admit(call, before, values, rules)
  const subnets = values.fixed_ips ? await call.deps.reads.subnetsOf(before.network_id) : []
  const facts = await change(call.deps, call.log, async changing => {
    const securityGroups = values.security_groups === null ? [] : values.security_groups
    await refuseForeignGroups(changing.tx, call, [{ projectId: before.project_id, securityGroups }])
    // Everything below goes by the row as it is now, which nobody else changes until this is done.
    const row = await writeRow(changing, before.id, values)
    const [kept] = await portFacts(changing.tx, [row])
    const after = await changeParts(changing, kept!, subnets, { ...values, security_groups: securityGroups }) // one row, one port
    tell(changing, before, kept!, after)
    return after
  })
  return json(200, { port: portView(facts, call) })
}

async function admit(
  call: Call<NetworkDeps>,
  before: PortsTable,
  values: Changes,
  given: readonly PolicyRule[],
): Promise<void> {
  const [network] = await call.deps.reads.network(before.network_id)
  const owner = network?.project_id ?? before.project_id
  const rules = [...given]
  if (values.device_owner?.startsWith('network:')) rules.push('update_port:device_owner')
  if (values.fixed_ips?.some(ip => ip.ip_address !== undefined))
    rules.push('update_port:fixed_ips:ip_address')
  const mayUpdate = call.allows('update_port', { projectId: before.project_id })
  authorise(call, 'update_port', mayUpdate ? before.project_id : owner, rules, [owner])
}

/** The columns of the port itself; binding and status follow from them. */
async function writeRow(change: Change, id: string, values: Changes): Promise<PortsTable> {
  const { tx, now } = change
  const current = await tx
    .updateTable('ports')
    .set(eb => ({ updated_at: now, revision_number: eb('revision_number', '+', 1) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!current) throw fault('PortNotFound', { id })
  const mac = values.mac_address ?? current.mac_address
  if (mac !== current.mac_address && current.host_id !== '')
    throw fault('PortBound', { id, vifType: current.vif_type, old: current.mac_address, new: mac })
  const security = values.port_security_enabled ?? current.port_security_enabled === 1
  const pairs = values.allowed_address_pairs
    ? addressPairs(values.allowed_address_pairs, mac)
    : (JSON.parse(current.allowed_address_pairs_json) as AddressPair[]) // written by us
  if (!security && pairs.length > 0) throw fault('AddressPairsNeedPortSecurity')
  const options = JSON.parse(current.extra_dhcp_opts_json) as DhcpOption[] // written by us
  const profile = values['binding:profile']
  const next: PortsTable = {
    ...current,
    name: values.name ?? current.name,
    description: values.description ?? current.description,
    admin_state_up: flag(values.admin_state_up ?? current.admin_state_up === 1),
    mac_address: mac,
    device_id: values.device_id ?? current.device_id,
    device_owner: values.device_owner ?? current.device_owner,
    port_security_enabled: flag(security),
    host_id: values['binding:host_id'] === undefined ? current.host_id : (values['binding:host_id'] ?? ''),
    vnic_type: values['binding:vnic_type'] ?? current.vnic_type,
    profile_json: profile === undefined ? current.profile_json : JSON.stringify(profile ?? {}),
    allowed_address_pairs_json: JSON.stringify(pairs),
    extra_dhcp_opts_json: JSON.stringify(dhcpOptions(options, values.extra_dhcp_opts ?? [])),
  }
  const bound = current.status === 'N/A' ? next : { ...next, ...bind(next, change) }
  await refuseTakenMac(change, current, bound)
  const { id: _, ...columns } = bound
  await tx.updateTable('ports').set(columns).where('id', '=', id).execute()
  return bound
}

async function refuseTakenMac({ tx }: Change, before: PortsTable, after: PortsTable): Promise<void> {
  if (before.mac_address === after.mac_address) return
  const other = await tx
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', after.network_id)
    .where('mac_address', '=', after.mac_address)
    .executeTakeFirst()
  if (other) throw fault('MacAddressInUse', { network: after.network_id, mac: after.mac_address })
}

/** What is kept beside the row: addresses and groups. */
async function changeParts(
  change: Change,
  before: PortFacts,
  subnets: readonly SubnetsTable[],
  values: Changes,
): Promise<PortFacts> {
  const { row } = before
  const fixedIps = values.fixed_ips
    ? await changeAddresses(change, before, subnets, values.fixed_ips)
    : before.fixedIps
  const securityGroups = values.security_groups ? [...values.security_groups].sort() : before.securityGroups
  if (securityGroups.length > 0 && row.port_security_enabled === 0)
    throw fault(values.security_groups ? 'PortSecurityNeeded' : 'PortHasSecurityGroups')
  if (values.security_groups) {
    await change.tx.deleteFrom('port_security_groups').where('port_id', '=', row.id).execute()
    await linkGroups(change, row.id, securityGroups)
  }
  return { ...before, fixedIps, securityGroups }
}

/**
 * Makes the port's addresses the ones asked for: those it has stay, the others go, what is missing is allocated.
 * Automatic addresses stay as long as any address does (neutron/db/ipam_backend_mixin.py, _get_changed_ips_for_port).
 */
async function changeAddresses(
  change: Change,
  { row, fixedIps }: PortFacts,
  subnets: readonly SubnetsTable[],
  requested: readonly FixedIpRequest[],
): Promise<readonly FixedIp[]> {
  if (requested.length > fixedIpsMax) throw tooManyAddresses()
  const isAuto = (ip: FixedIp) =>
    !isRouterPort(row) && subnets.some(subnet => subnet.id === ip.subnet_id && isAutoAddressed(subnet))
  const kept: FixedIp[] = requested.length === 0 ? [] : fixedIps.filter(isAuto)
  const wanted: FixedIpRequest[] = []
  const keep = (fits: (ip: FixedIp) => boolean): boolean => {
    const found = fixedIps.find(ip => fits(ip) && !kept.includes(ip))
    if (found) kept.push(found)
    return found !== undefined || kept.some(ip => fits(ip) && isAuto(ip))
  }
  // Addresses named first: a request for just a subnet must not take one that another names.
  for (const request of requested)
    if (
      request.ip_address !== undefined &&
      !keep(
        ip =>
          ip.ip_address === request.ip_address &&
          (request.subnet_id === undefined || request.subnet_id === ip.subnet_id),
      )
    )
      wanted.push(request)
  for (const request of requested)
    if (request.ip_address === undefined && !keep(ip => ip.subnet_id === request.subnet_id))
      wanted.push(request)
  const gone = fixedIps.filter(ip => !kept.includes(ip)).map(ip => ip.ip_address)
  if (gone.length > 0) {
    // A floating address that leads to one of these leads nowhere from now on.
    await freeFloatingIps(change, row.id, gone)
    await change.tx
      .deleteFrom('ip_allocations')
      .where('port_id', '=', row.id)
      .where('ip_address', 'in', gone)
      .execute()
  }
  if (wanted.length === 0) return kept
  // Behind every address the port was made with or given since.
  const firstOrdinal = row.revision_number * fixedIpsMax
  const missingAuto = subnets.filter(
    subnet => !isAutoAddressed(subnet) || !kept.some(ip => ip.subnet_id === subnet.id),
  )
  const added = await allocate(change, row, missingAuto, wanted, firstOrdinal)
  return [...kept, ...added]
}

/** What Nova hears of it. */
function tell(change: Change, was: PortsTable, before: PortFacts, after: PortFacts): void {
  const { row } = after
  const rebound = was.host_id !== row.host_id || was.device_id !== row.device_id
  if (row.status === 'ACTIVE' && (was.status !== 'ACTIVE' || rebound))
    change.events.push(...portEvents(['network-vif-plugged'], row))
  else if (row.vif_type === 'binding_failed' && (was.vif_type !== 'binding_failed' || rebound))
    change.events.push(...portEvents(['network-vif-plugged'], row, 'failed'))
  else if (was.status === 'ACTIVE' && row.status !== 'ACTIVE')
    change.events.push(...portEvents(['network-vif-unplugged'], isServerPort(row) ? row : was))
  const sameAddresses = JSON.stringify(before.fixedIps) === JSON.stringify(after.fixedIps)
  const sameGroups = JSON.stringify(before.securityGroups) === JSON.stringify(after.securityGroups)
  if (!sameAddresses || !sameGroups || was.mac_address !== row.mac_address)
    change.events.push(...portEvents(['network-changed'], row))
}
