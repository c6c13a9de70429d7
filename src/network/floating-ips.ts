// Floating addresses: allocate, associate with a port, part again, release, and how they look.
import { type Kysely, type SqlBool, sql } from 'kysely'
import { newUuid } from '../base/ids.ts'
import { isoSeconds } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, find } from './access.ts'
import { bodyItem, bodyItems, readCreate, readUpdate } from './attributes.ts'
import type { NetworkDeps } from './deps.ts'
import { portEvents } from './events.ts'
import { type Association, associate } from './floating-association.ts'
import { networks } from './networks.ts'
import { insertPort } from './new-port.ts'
import { removePort } from './ports.ts'
import { type Resource, standardAttributes, textColumn, type View } from './resource.ts'
import { type FloatingIpValues, floatingIpAttributes } from './schemas/routers.ts'
import { type Change, change, standardColumns } from './store.ts'
import type { FloatingIpsTable, NetworkTables } from './tables.ts'
import { dropTags, tagsOf } from './tags.ts'
import { release, reserve } from './usage.ts'

export const floatingIps: Resource<FloatingIpsTable> = {
  member: 'floatingip',
  collection: 'floatingips',
  table: 'floating_ips',
  notFound: 'FloatingIpNotFound',
  columns: {
    ...standardAttributes,
    floating_network_id: textColumn('floating_network_id'),
    floating_ip_address: textColumn('floating_ip_address'),
    port_id: textColumn('fixed_port_id'),
    fixed_ip_address: textColumn('fixed_ip_address'),
    router_id: textColumn('router_id'),
    status: textColumn('status'),
  },
  filters: {
    subnet_id: values =>
      sql<SqlBool>`floating_port_id in (select port_id from ip_allocations where subnet_id in (${sql.join([...values])}))`,
  },
  visible: project => sql<SqlBool>`project_id = ${project}`,
  views: floatingIpViews,
}

export async function createFloatingIps(call: Call<NetworkDeps>): Promise<Reply> {
  const { items, bulk } = bodyItems(call.body, floatingIps.member, floatingIps.collection)
  const wanted = items.map(item => readCreate(floatingIpAttributes, item, call.auth))
  for (const { projectId, rules } of wanted) authorise(call, 'create_floatingip', projectId, rules)
  const views = await change(call.deps, call.log, async changing => {
    const rows: FloatingIpsTable[] = []
    for (const { projectId, values } of wanted)
      rows.push(await insertFloatingIp(changing, call, projectId, values))
    return floatingIpViews(changing.tx, rows)
  })
  return json(201, bulk ? { floatingips: views } : { floatingip: views[0] })
}

async function insertFloatingIp(
  change: Change,
  call: Call<NetworkDeps>,
  projectId: string,
  values: FloatingIpValues,
): Promise<FloatingIpsTable> {
  const network = await find(change.tx, networks, values.floating_network_id, call.auth)
  if (network.external === 0)
    throw fault('FloatingIpBadRequest', { reason: `Network ${network.id} is not a valid external network` })
  await reserve(change, projectId, 'floatingip')
  const subnets = await change.tx
    .selectFrom('subnets')
    .selectAll()
    .where('network_id', '=', network.id)
    .where('ip_version', '=', 4)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  if (subnets.length === 0)
    throw fault('FloatingIpBadRequest', {
      reason: `Network ${network.id} does not contain any IPv4 subnet`,
    })
  const address = values.floating_ip_address ?? undefined
  const subnet = values.subnet_id ?? undefined
  const id = newUuid()
  const { row: port, fixedIps } = await insertPort(change, {
    projectId: '',
    network,
    subnets,
    fixedIps:
      address === undefined && subnet === undefined
        ? undefined
        : [{ ip_address: address, subnet_id: subnet }],
    deviceId: id,
    deviceOwner: 'network:floatingip',
    portSecurity: false,
    status: 'N/A',
  })
  const row: FloatingIpsTable = {
    id,
    ...standardColumns(change, projectId, values.description),
    floating_network_id: network.id,
    floating_ip_address: fixedIps[0]!.ip_address, // an IPv4 subnet gave one, or allocation was refused
    floating_port_id: port.id,
    fixed_port_id: null,
    fixed_ip_address: null,
    router_id: null,
    status: 'DOWN',
  }
  await change.tx.insertInto('floating_ips').values(row).execute()
  if (values.port_id === undefined || values.port_id === null) {
    if (values.fixed_ip_address) throw fault('FloatingIpBadRequest', { reason: portMissing })
    return row
  }
  return write(change, row, await associate(change, call, row, values.port_id, values.fixed_ip_address))
}

const portMissing = 'fixed_ip_address cannot be specified without a port_id'

export async function updateFloatingIp(call: Call<NetworkDeps>): Promise<Reply> {
  const before = await find(tables<NetworkTables>(call.deps.store), floatingIps, call.params.id!, call.auth)
  const { values } = readUpdate(floatingIpAttributes, bodyItem(call.body, floatingIps.member))
  authorise(call, 'update_floatingip', before.project_id)
  const view = await change(call.deps, call.log, async changing => {
    const current = await changing.tx
      .updateTable('floating_ips')
      .set(eb => ({
        description: values.description,
        updated_at: changing.now,
        revision_number: eb('revision_number', '+', 1),
      }))
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirst()
    if (!current) throw fault('FloatingIpNotFound', { id: before.id })
    const row = await reassociate(changing, call, current, values)
    return (await floatingIpViews(changing.tx, [row]))[0]
  })
  return json(200, { floatingip: view })
}

const nowhere: Association = { fixed_port_id: null, fixed_ip_address: null, router_id: null, status: 'DOWN' }

async function reassociate(
  change: Change,
  call: Call<NetworkDeps>,
  current: FloatingIpsTable,
  values: Partial<FloatingIpValues>,
): Promise<FloatingIpsTable> {
  const port = values.port_id === undefined ? current.fixed_port_id : values.port_id
  if (port === null) {
    if (values.fixed_ip_address) throw fault('FloatingIpBadRequest', { reason: portMissing })
    return current.fixed_port_id === null ? current : write(change, current, nowhere)
  }
  if (values.port_id === undefined && values.fixed_ip_address === undefined) return current
  return write(change, current, await associate(change, call, current, port, values.fixed_ip_address))
}

export async function deleteFloatingIp(call: Call<NetworkDeps>): Promise<Reply> {
  const row = await find(tables<NetworkTables>(call.deps.store), floatingIps, call.params.id!, call.auth)
  authorise(call, 'delete_floatingip', row.project_id)
  await change(call.deps, call.log, async changing => {
    await release(changing, row.project_id, 'floatingip')
    const gone = await changing.tx
      .deleteFrom('floating_ips')
      .where('id', '=', row.id)
      .returningAll()
      .executeTakeFirst()
    if (!gone) throw fault('FloatingIpNotFound', { id: row.id })
    const port = await changing.tx
      .selectFrom('ports')
      .selectAll()
      .where('id', '=', gone.floating_port_id)
      .executeTakeFirst()
    if (port) await removePort(changing, port)
    await dropTags(changing, [row.id])
    await tellServers(changing, [gone.fixed_port_id])
  })
  return empty(204)
}

/** Writes an association down; the servers it leaves and reaches are told. */
async function write(
  change: Change,
  before: FloatingIpsTable,
  association: Association,
): Promise<FloatingIpsTable> {
  await change.tx.updateTable('floating_ips').set(association).where('id', '=', before.id).execute()
  await tellServers(change, [before.fixed_port_id, association.fixed_port_id])
  return { ...before, ...association }
}

async function tellServers(change: Change, portIds: readonly (string | null)[]): Promise<void> {
  const ids = [...new Set(portIds)].filter(id => id !== null)
  if (ids.length === 0) return
  const rows = await change.tx
    .selectFrom('ports')
    .select(['id', 'device_id', 'device_owner'])
    .where('id', 'in', ids)
    .execute()
  for (const port of rows) change.events.push(...portEvents(['network-changed'], port))
}

async function floatingIpViews(
  db: Kysely<NetworkTables>,
  rows: readonly FloatingIpsTable[],
): Promise<readonly View[]> {
  const tags = await tagsOf(
    db,
    rows.map(row => row.id),
  )
  const portIds = rows.flatMap(row => (row.fixed_port_id === null ? [] : [row.fixed_port_id]))
  const ports =
    portIds.length === 0
      ? []
      : await db
          .selectFrom('ports')
          .select([
            'id',
            'name',
            'network_id',
            'mac_address',
            'admin_state_up',
            'status',
            'device_id',
            'device_owner',
          ])
          .where('id', 'in', portIds)
          .execute()
  const details = new Map(
    ports.map(({ id, admin_state_up, ...port }) => [id, { ...port, admin_state_up: admin_state_up === 1 }]),
  )
  return rows.map(row => ({
    id: row.id,
    tenant_id: row.project_id,
    project_id: row.project_id,
    floating_ip_address: row.floating_ip_address,
    floating_network_id: row.floating_network_id,
    router_id: row.router_id,
    port_id: row.fixed_port_id,
    fixed_ip_address: row.fixed_ip_address,
    status: row.status,
    description: row.description,
    port_details: row.fixed_port_id === null ? null : (details.get(row.fixed_port_id) ?? null),
    tags: tags(row.id),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
    revision_number: row.revision_number,
  }))
}
