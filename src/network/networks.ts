// Networks: create, change, delete, and how they look.
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
import { removeFreeFloatingIps } from './free-floating-ips.ts'
import {
  flagColumn,
  numberColumn,
  type Resource,
  standardAttributes,
  textColumn,
  type View,
} from './resource.ts'
import { type NetworkValues, networkAttributes } from './schemas/networks.ts'
import { isChosen, mtuOf, segmentFor, segmentTaken } from './segments.ts'
import { type Change, change, flag, isForeignKeyViolation, optionalFlag, standardColumns } from './store.ts'
import type { NetworksTable, NetworkTables } from './tables.ts'
import { dropTags, tagsOf } from './tags.ts'
import { holdUsage, release, reserve } from './usage.ts'

const provider = (column: string) => ({ ...textColumn(column), seenWith: 'get_network:provider' as const })

export const networks: Resource<NetworksTable> = {
  member: 'network',
  collection: 'networks',
  table: 'networks',
  notFound: 'NetworkNotFound',
  columns: {
    ...standardAttributes,
    name: textColumn('name'),
    status: textColumn('status'),
    admin_state_up: flagColumn('admin_state_up'),
    shared: flagColumn('shared'),
    'router:external': flagColumn('external'),
    is_default: flagColumn('is_default'),
    mtu: numberColumn('mtu'),
    port_security_enabled: flagColumn('port_security_enabled'),
    'provider:network_type': provider('network_type'),
    'provider:physical_network': provider('physical_network'),
    'provider:segmentation_id': { ...provider('segmentation_id'), kind: 'number' },
  },
  visible: project => sql<SqlBool>`(project_id = ${project} or shared = 1 or external = 1)`,
  views: networkViews,
}

export async function createNetworks(call: Call<NetworkDeps>): Promise<Reply> {
  const { items, bulk } = bodyItems(call.body, networks.member, networks.collection)
  const wanted = items.map(item => readCreate(networkAttributes, item, call.auth))
  for (const { projectId, rules } of wanted) authorise(call, 'create_network', projectId, rules)
  const views = await change(call.deps, call.log, async changing => {
    const rows: NetworksTable[] = []
    for (const { projectId, values } of wanted) rows.push(await insertNetwork(changing, projectId, values))
    return networkViews(changing.tx, rows, call)
  })
  return json(201, bulk ? { networks: views } : { network: views[0] })
}

const segmentTriesMax = 10

/** Adds a network on a segment of its own. */
export async function insertNetwork(
  change: Change,
  projectId: string,
  values: NetworkValues,
): Promise<NetworksTable> {
  await reserve(change, projectId, 'network')
  if (values.is_default && !values['router:external'])
    throw fault('NetworkInvalidInput', { reason: 'only an external network can be the default one' })
  for (let tries = 1; ; tries += 1) {
    const segment = segmentFor(values)
    const row: NetworksTable = {
      id: newUuid(),
      ...standardColumns(change, projectId, values.description),
      name: values.name,
      admin_state_up: flag(values.admin_state_up),
      status: 'ACTIVE',
      shared: flag(values.shared),
      external: flag(values['router:external']),
      is_default: flag(values.is_default),
      mtu: values.mtu ?? mtuOf(segment.network_type),
      port_security_enabled: flag(values.port_security_enabled),
      ...segment,
    }
    const { numInsertedOrUpdatedRows } = await change.tx
      .insertInto('networks')
      .values(row)
      .onConflict(conflict => conflict.column('segment_key').doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows === 1n) {
      if (values.is_default) await onlyDefault(change, row.id)
      return row
    }
    if (!isChosen(values)) throw segmentTaken(segment)
    if (tries >= segmentTriesMax) throw fault('NetworkNoSegment')
  }
}

export async function updateNetwork(call: Call<NetworkDeps>): Promise<Reply> {
  const db = tables<NetworkTables>(call.deps.store)
  const before = await find(db, networks, call.params.id!, call.auth)
  const { values, rules } = readUpdate(networkAttributes, bodyItem(call.body, networks.member))
  authorise(call, 'update_network', before.project_id, rules)
  const view = await change(call.deps, call.log, async changing => {
    const { tx, now } = changing
    if (values.shared === false && before.shared) await refuseUnsharing(tx, before)
    if (values['router:external'] === false && before.external) await refuseWithGateways(tx, before)
    if (values.is_default && !(values['router:external'] ?? before.external === 1))
      throw fault('NetworkInvalidInput', { reason: 'only an external network can be the default one' })
    const row = await tx
      .updateTable('networks')
      .set(eb => ({
        name: values.name,
        description: values.description,
        admin_state_up: optionalFlag(values.admin_state_up),
        shared: optionalFlag(values.shared),
        external: optionalFlag(values['router:external']),
        is_default: optionalFlag(values.is_default),
        mtu: values.mtu,
        port_security_enabled: optionalFlag(values.port_security_enabled),
        updated_at: now,
        revision_number: eb('revision_number', '+', 1),
      }))
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw fault('NetworkNotFound', { id: before.id })
    if (values.is_default) await onlyDefault(changing, row.id)
    return (await networkViews(tx, [row], call))[0]
  })
  return json(200, { network: view })
}

export async function deleteNetwork(call: Call<NetworkDeps>): Promise<Reply> {
  const db = tables<NetworkTables>(call.deps.store)
  const row = await find(db, networks, call.params.id!, call.auth)
  authorise(call, 'delete_network', row.project_id)
  try {
    await change(call.deps, call.log, changing => removeNetwork(changing, row))
  } catch (error) {
    // A port came in between: the database said no.
    if (isForeignKeyViolation(error)) await refuseWithPorts(db, row.id)
    throw error
  }
  return empty(204)
}

async function removeNetwork(change: Change, { id, project_id }: NetworksTable): Promise<void> {
  const { tx } = change
  await holdUsage(change, [project_id], ['subnet'])
  await release(change, project_id, 'network')
  await removeFreeFloatingIps(change, id)
  await refuseWithPorts(tx, id)
  const gone = await tx
    .deleteFrom('subnets')
    .where('network_id', '=', id)
    .returning(['id', 'project_id'])
    .execute()
  for (const [project, subnets] of Map.groupBy(gone, subnet => subnet.project_id))
    await release(change, project, 'subnet', subnets.length)
  const { numDeletedRows } = await tx.deleteFrom('networks').where('id', '=', id).executeTakeFirst()
  if (numDeletedRows === 0n) throw fault('NetworkNotFound', { id })
  await dropTags(change, [id, ...gone.map(subnet => subnet.id)])
}

const portsNamedMax = 100

async function refuseWithPorts(db: Kysely<NetworkTables>, id: string): Promise<void> {
  const ports = await db
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', id)
    .limit(portsNamedMax)
    .execute()
  if (ports.length > 0) throw fault('NetworkInUse', { id, ports: ports.map(port => port.id).join(', ') })
}

async function refuseUnsharing(db: Kysely<NetworkTables>, network: NetworksTable): Promise<void> {
  const other = await db
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', network.id)
    .where('project_id', 'not in', [network.project_id, ''])
    .executeTakeFirst()
  if (other) throw fault('NetworkInvalidSharedSetting', { name: network.name })
}

async function refuseWithGateways(db: Kysely<NetworkTables>, { id }: NetworksTable): Promise<void> {
  const gateway = await db
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', id)
    .where('device_owner', 'in', ['network:router_gateway', 'network:floatingip'])
    .executeTakeFirst()
  if (gateway) throw fault('NetworkExternalInUse', { id })
}

// neutron/services/auto_allocate: there is one default external network at most.
async function onlyDefault(change: Change, id: string): Promise<void> {
  const other = await change.tx
    .selectFrom('networks')
    .select('id')
    .where('is_default', '=', 1)
    .where('id', '!=', id)
    .executeTakeFirst()
  if (other) throw fault('NetworkDefaultExternalExists', { id: other.id })
}

async function networkViews(
  db: Kysely<NetworkTables>,
  rows: readonly NetworksTable[],
  call: Pick<Call<NetworkDeps>, 'allows' | 'deps'>,
): Promise<readonly View[]> {
  const ids = rows.map(row => row.id)
  if (ids.length === 0) return []
  const tags = await tagsOf(db, ids)
  const subnets = await db
    .selectFrom('subnets')
    .select(['id', 'network_id'])
    .where('network_id', 'in', ids)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const byNetwork = Map.groupBy(subnets, subnet => subnet.network_id)
  const zones = call.deps.hosts().length > 0 ? ['nova'] : []
  const seesProvider = call.allows('get_network:provider')
  return rows.map(row => ({
    id: row.id,
    name: row.name,
    tenant_id: row.project_id,
    project_id: row.project_id,
    admin_state_up: row.admin_state_up === 1,
    mtu: row.mtu,
    status: row.status,
    subnets: byNetwork.get(row.id)?.map(subnet => subnet.id) ?? [],
    shared: row.shared === 1,
    availability_zone_hints: [],
    availability_zones: zones,
    ipv4_address_scope: null,
    ipv6_address_scope: null,
    'router:external': row.external === 1,
    ...(row.external === 1 ? { is_default: row.is_default === 1 } : {}),
    description: row.description,
    port_security_enabled: row.port_security_enabled === 1,
    ...(seesProvider
      ? {
          'provider:network_type': row.network_type,
          'provider:physical_network': row.physical_network,
          'provider:segmentation_id': row.segmentation_id,
        }
      : {}),
    tags: tags(row.id),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
    revision_number: row.revision_number,
  }))
}
