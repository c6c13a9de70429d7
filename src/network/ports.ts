// Ports: create, delete, and how lists find them. Changing one is in update-port.ts, its looks in port-view.ts.
import { type Kysely, type SqlBool, sql } from 'kysely'
import { fault } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, find, projectOf } from './access.ts'
import { bodyItems, type Created, readCreate } from './attributes.ts'
import { refuseServicePort } from './binding.ts'
import type { NetworkDeps } from './deps.ts'
import { portEvents } from './events.ts'
import { insertPort, type NewPort } from './new-port.ts'
import { type PortFacts, portView, portViews } from './port-view.ts'
import { flagColumn, type Resource, standardAttributes, textColumn } from './resource.ts'
import { type DhcpOption, type PortValues, portAttributes } from './schemas/ports.ts'
import { type Change, change, isForeignKeyViolation } from './store.ts'
import type { NetworksTable, NetworkTables, PortsTable } from './tables.ts'
import { dropTags } from './tags.ts'
import { release } from './usage.ts'

const hasAddress = (condition: ReturnType<typeof sql>) =>
  sql<SqlBool>`exists (select 1 from ip_allocations where ip_allocations.port_id = ports.id and ${condition})`

export const ports: Resource<PortsTable> = {
  member: 'port',
  collection: 'ports',
  table: 'ports',
  notFound: 'PortNotFound',
  columns: {
    ...standardAttributes,
    name: textColumn('name'),
    network_id: textColumn('network_id'),
    mac_address: { column: 'mac_address', kind: 'lower' },
    admin_state_up: flagColumn('admin_state_up'),
    status: textColumn('status'),
    device_id: textColumn('device_id'),
    device_owner: textColumn('device_owner'),
    port_security_enabled: flagColumn('port_security_enabled'),
    'binding:vnic_type': textColumn('vnic_type'),
    'binding:host_id': { ...textColumn('host_id'), seenWith: 'get_port:binding' },
    'binding:vif_type': { ...textColumn('vif_type'), seenWith: 'get_port:binding' },
  },
  filters: {
    fixed_ips: fixedIpsFilter,
    ip_address: values => hasAddress(sql`ip_allocations.ip_address in (${sql.join([...values])})`),
    subnet_id: values => hasAddress(sql`ip_allocations.subnet_id in (${sql.join([...values])})`),
    security_groups: values =>
      sql<SqlBool>`exists (select 1 from port_security_groups where port_security_groups.port_id = ports.id and port_security_groups.security_group_id in (${sql.join([...values])}))`,
  },
  visible: project =>
    sql<SqlBool>`(project_id = ${project} or network_id in (select id from networks where project_id = ${project}))`,
  views: portViews,
}

export async function createPorts(call: Call<NetworkDeps>): Promise<Reply> {
  const { items, bulk } = bodyItems(call.body, ports.member, ports.collection)
  const wanted: NewPort[] = []
  for (const item of items) wanted.push(await admit(call, readCreate(portAttributes, item, call.auth)))
  try {
    const made = await change(call.deps, call.log, async changing => {
      await refuseForeignGroups(changing.tx, call, wanted)
      const facts: PortFacts[] = []
      for (const port of wanted) facts.push(await insertPort(changing, port))
      return facts
    })
    const views = made.map(facts => portView(facts, call))
    return json(201, bulk ? { ports: views } : { port: views[0] })
  } catch (error) {
    // What a port needs was there a moment ago: its network, a subnet or a group was deleted since.
    if (isForeignKeyViolation(error)) throw await missing(call, wanted, error)
    throw error
  }
}

/** Checks one port of a create against its network; reads only. */
async function admit(call: Call<NetworkDeps>, created: Created<PortValues>): Promise<NewPort> {
  const { values, projectId } = created
  const [network] = await call.deps.reads.network(values.network_id)
  if (!network || !seesNetwork(call, network)) throw fault('NetworkNotFound', { id: values.network_id })
  const { isAdmin } = call.auth
  if (!isAdmin && network.project_id !== projectId && network.shared === 0)
    throw fault('NetworkTenantForbidden', { project: projectId, resource: 'port' })
  const rules: PolicyRule[] = [...created.rules]
  if (values.device_owner.startsWith('network:')) rules.push('create_port:device_owner')
  if (values.fixed_ips?.some(ip => ip.ip_address !== undefined))
    rules.push('create_port:fixed_ips:ip_address')
  authorise(call, 'create_port', projectId, rules, [network.project_id])
  return {
    projectId,
    network,
    subnets: await call.deps.reads.subnetsOf(network.id),
    name: values.name,
    description: values.description,
    adminStateUp: values.admin_state_up,
    macAddress: values.mac_address,
    fixedIps: values.fixed_ips,
    deviceId: values.device_id,
    deviceOwner: values.device_owner,
    portSecurity: values.port_security_enabled,
    securityGroups: values.security_groups === null ? [] : values.security_groups,
    addressPairs: values.allowed_address_pairs,
    dhcpOptions: dhcpOptions([], values.extra_dhcp_opts ?? []),
    hostId: values['binding:host_id'] ?? '',
    vnicType: values['binding:vnic_type'],
    profile: values['binding:profile'] ?? {},
  }
}

const seesNetwork = (call: Call<NetworkDeps>, network: NetworksTable): boolean =>
  call.auth.isAdmin ||
  network.project_id === projectOf(call.auth) ||
  network.shared === 1 ||
  network.external === 1

export async function deletePort(call: Call<NetworkDeps>): Promise<Reply> {
  const row = await find(tables<NetworkTables>(call.deps.store), ports, call.params.id!, call.auth)
  const [network] = await call.deps.reads.network(row.network_id)
  if (!call.allows('delete_port', { projectId: row.project_id }))
    authorise(call, 'delete_port', network?.project_id ?? row.project_id)
  refuseServicePort(row)
  await change(call.deps, call.log, changing => removePort(changing, row))
  return empty(204)
}

/** Takes a port away with all it has; floating addresses on it are free again. */
export async function removePort(change: Change, port: PortsTable): Promise<void> {
  const { tx } = change
  await release(change, port.project_id, 'port')
  await freeFloatingIps(change, port.id)
  const { numDeletedRows } = await tx.deleteFrom('ports').where('id', '=', port.id).executeTakeFirst()
  if (numDeletedRows === 0n) throw fault('PortNotFound', { id: port.id })
  await dropTags(change, [port.id])
  change.events.push(...portEvents(['network-vif-deleted'], port))
}

/** Parts floating addresses from a port, or from some of its addresses. */
export async function freeFloatingIps(
  { tx, now }: Change,
  portId: string,
  addresses?: readonly string[],
): Promise<void> {
  await tx
    .updateTable('floating_ips')
    .set(eb => ({
      fixed_port_id: null,
      fixed_ip_address: null,
      router_id: null,
      status: 'DOWN',
      updated_at: now,
      revision_number: eb('revision_number', '+', 1),
    }))
    .where('fixed_port_id', '=', portId)
    .$if(addresses !== undefined, query => query.where('fixed_ip_address', 'in', addresses ?? []))
    .execute()
}

type GivenOption = {
  readonly opt_name: string
  readonly opt_value: string | null
  readonly ip_version?: 4 | 6
}

/** DHCP options after a change: null takes one away, a name given again replaces it. */
export function dhcpOptions(
  before: readonly DhcpOption[],
  given: readonly GivenOption[],
): readonly DhcpOption[] {
  const key = (option: { readonly opt_name: string; readonly ip_version?: number }) =>
    `${option.opt_name} ${option.ip_version ?? 4}`
  const options = new Map(before.map(option => [key(option), option]))
  for (const { opt_name, opt_value, ip_version = 4 } of given)
    if (opt_value === null) options.delete(`${opt_name} ${ip_version}`)
    else options.set(`${opt_name} ${ip_version}`, { opt_name, opt_value, ip_version })
  return [...options.values()]
}

/** Groups must be the port's project's or the caller's; administrators may name any. */
export async function refuseForeignGroups(
  db: Kysely<NetworkTables>,
  call: Call<NetworkDeps>,
  wanted: readonly { readonly projectId: string; readonly securityGroups?: readonly string[] }[],
): Promise<void> {
  const ids = [...new Set(wanted.flatMap(port => port.securityGroups ?? []))]
  if (ids.length === 0) return
  const found = await db
    .selectFrom('security_groups')
    .select(['id', 'project_id'])
    .where('id', 'in', ids)
    .execute()
  const projects = new Map(found.map(group => [group.id, group.project_id]))
  for (const { projectId, securityGroups } of wanted)
    for (const id of securityGroups ?? []) {
      const owner = projects.get(id)
      const mayUse = call.auth.isAdmin || owner === projectId || owner === projectOf(call.auth)
      if (owner === undefined || !mayUse) throw fault('NetworkSecurityGroupNotFound', { id })
    }
}

async function missing(
  call: Call<NetworkDeps>,
  wanted: readonly NewPort[],
  cause: unknown,
): Promise<unknown> {
  for (const { network } of wanted)
    if ((await call.deps.reads.network(network.id)).length === 0)
      return fault('NetworkNotFound', { id: network.id }, { cause })
  await refuseForeignGroups(tables<NetworkTables>(call.deps.store), call, wanted)
  return fault('SubnetNotFound', { id: wanted[0]?.subnets[0]?.id ?? '' }, { cause })
}

/** `fixed_ips=ip_address=10.0.0.3`, `fixed_ips=subnet_id=…`, `fixed_ips=ip_address_substr=10.0`; all must hold. */
function fixedIpsFilter(values: readonly string[]) {
  const given = values
    .flatMap(value => value.split(','))
    .map(value => {
      const equals = value.indexOf('=')
      return { name: value.slice(0, Math.max(equals, 0)), value: value.slice(equals + 1) }
    })
  const of = (name: string) => given.filter(item => item.name === name).map(item => item.value)
  const unknown = given.find(item => !['ip_address', 'subnet_id', 'ip_address_substr'].includes(item.name))
  if (unknown)
    throw fault('NetworkBadFilterValue', {
      name: 'fixed_ips',
      value: unknown.name,
      reason: 'is not ip_address, subnet_id or ip_address_substr',
    })
  const conditions = [
    ...(of('ip_address').length > 0
      ? [sql`ip_allocations.ip_address in (${sql.join(of('ip_address'))})`]
      : []),
    ...(of('subnet_id').length > 0 ? [sql`ip_allocations.subnet_id in (${sql.join(of('subnet_id'))})`] : []),
    ...of('ip_address_substr').map(
      part => sql`ip_allocations.ip_address like ${`%${part.replace(/[%_\\]/g, '\\$&')}%`} escape '\\'`,
    ),
  ]
  return hasAddress(sql.join(conditions, sql` and `))
}
