// Routers: create, change, delete, and how they look. Interfaces and gateways have files of their own.
import { type Kysely, type SqlBool, sql } from 'kysely'
import { newUuid } from '../base/ids.ts'
import { pythonRepr } from '../base/python.ts'
import { isoSeconds } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, find } from './access.ts'
import { contains, parseIp } from './addresses.ts'
import { bodyItem, bodyItems, readCreate, readUpdate } from './attributes.ts'
import type { NetworkDeps } from './deps.ts'
import { cidrOf } from './pools.ts'
import { addressesOf } from './port-view.ts'
import { flagColumn, type Resource, standardAttributes, textColumn, type View } from './resource.ts'
import { clearGateway, setGateway } from './router-gateway.ts'
import { interfacesOf, type RouterInterface } from './router-ports.ts'
import {
  type GatewayInfo,
  type RouterValues,
  routerAttributes,
  routes as routesOf,
} from './schemas/routers.ts'
import type { HostRoute } from './schemas/subnets.ts'
import { type Change, change, flag, optionalFlag, standardColumns } from './store.ts'
import type { NetworkTables, RoutersTable } from './tables.ts'
import { dropTags, tagsOf } from './tags.ts'
import { release, reserve } from './usage.ts'

export const routers: Resource<RoutersTable> = {
  member: 'router',
  collection: 'routers',
  table: 'routers',
  notFound: 'RouterNotFound',
  columns: {
    ...standardAttributes,
    name: textColumn('name'),
    status: textColumn('status'),
    admin_state_up: flagColumn('admin_state_up'),
  },
  filters: {
    // Every router is on one host, without a standby.
    distributed: no,
    ha: no,
    flavor_id: () => sql<SqlBool>`1 = 0`,
  },
  visible: project => sql<SqlBool>`project_id = ${project}`,
  views: routerViews,
}

function no(values: readonly string[]) {
  return values.some(value => /^(false|0)$/i.test(value)) ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`
}

export async function createRouters(call: Call<NetworkDeps>): Promise<Reply> {
  const { items, bulk } = bodyItems(call.body, routers.member, routers.collection)
  const wanted = items.map(item => readCreate(routerAttributes, item, call.auth))
  for (const { projectId, rules, values } of wanted) {
    authorise(call, 'create_router', projectId, [
      ...rules,
      ...gatewayRules('create_router', values.external_gateway_info),
    ])
    if (values.distributed) throw fault('NotImplementedHere', { what: 'distributed routers' })
    if (values.ha) throw fault('NotImplementedHere', { what: 'highly available routers' })
  }
  const views = await change(call.deps, call.log, async changing => {
    const rows: RoutersTable[] = []
    for (const { projectId, values } of wanted)
      rows.push(await insertRouter(changing, projectId, values, gateway => seen(changing, call, gateway)))
    return routerViews(changing.tx, rows, call)
  })
  return json(201, bulk ? { routers: views } : { router: views[0] })
}

/** Adds a router; `check` refuses a gateway network that the caller may not use. */
export async function insertRouter(
  change: Change,
  projectId: string,
  values: RouterValues,
  check: (gateway: GatewayInfo) => Promise<void> = async () => {},
): Promise<RoutersTable> {
  await reserve(change, projectId, 'router')
  const row: RoutersTable = {
    id: newUuid(),
    ...standardColumns(change, projectId, values.description),
    name: values.name,
    admin_state_up: flag(values.admin_state_up),
    status: 'ACTIVE',
    external_network_id: null,
    gateway_port_id: null,
    enable_snat: 1,
    routes_json: '[]',
  }
  await change.tx.insertInto('routers').values(row).execute()
  const gateway = values.external_gateway_info
  if (gateway) await check(gateway)
  const routed = gateway ? await setGateway(change, row, gateway) : row
  if (values.routes.length === 0) return routed
  const routes_json = await checkedRoutes(change, routed, values.routes)
  await change.tx.updateTable('routers').set({ routes_json }).where('id', '=', row.id).execute()
  return { ...routed, routes_json }
}

export async function updateRouter(call: Call<NetworkDeps>): Promise<Reply> {
  const before = await find(tables<NetworkTables>(call.deps.store), routers, call.params.id!, call.auth)
  const { values, rules } = readUpdate(routerAttributes, bodyItem(call.body, routers.member))
  const gateway = values.external_gateway_info
  authorise(call, 'update_router', before.project_id, [...rules, ...gatewayRules('update_router', gateway)])
  const view = await change(call.deps, call.log, async changing => {
    let row = await lockRouter(changing, before.id)
    if (gateway) {
      await seen(changing, call, gateway)
      row = await setGateway(changing, row, gateway)
    } else if (gateway === null) row = await clearGateway(changing, row)
    const columns = {
      name: values.name,
      description: values.description,
      admin_state_up: optionalFlag(values.admin_state_up),
      status: values.admin_state_up === undefined ? undefined : values.admin_state_up ? 'ACTIVE' : 'DOWN',
      routes_json: values.routes && (await checkedRoutes(changing, row, values.routes)),
    }
    if (Object.values(columns).some(value => value !== undefined))
      row = await changing.tx
        .updateTable('routers')
        .set(columns)
        .where('id', '=', row.id)
        .returningAll()
        .executeTakeFirstOrThrow()
    return (await routerViews(changing.tx, [row], call))[0]
  })
  return json(200, { router: view })
}

/** `PUT /routers/{id}/add_extraroutes` and `remove_extraroutes`: some routes more or less, whatever the others are. */
export const changeRoutes =
  (direction: 'add' | 'remove') =>
  async (call: Call<NetworkDeps>): Promise<Reply> => {
    const before = await find(tables<NetworkTables>(call.deps.store), routers, call.params.id!, call.auth)
    authorise(call, 'update_router', before.project_id)
    const { values } = readUpdate({ routes: { parse: routesOf } }, bodyItem(call.body, routers.member))
    const view = await change(call.deps, call.log, async changing => {
      const row = await lockRouter(changing, before.id)
      const key = (route: HostRoute) => `${route.destination} ${route.nexthop}`
      const given = new Map((values.routes ?? []).map(route => [key(route), route]))
      const others = readRoutes(row).filter(route => !given.has(key(route)))
      const routes = direction === 'add' ? [...others, ...given.values()] : others
      const routes_json = await checkedRoutes(changing, row, routes)
      await changing.tx.updateTable('routers').set({ routes_json }).where('id', '=', row.id).execute()
      return (await routerViews(changing.tx, [{ ...row, routes_json }], call))[0]
    })
    return json(200, { router: view })
  }

export async function deleteRouter(call: Call<NetworkDeps>): Promise<Reply> {
  const before = await find(tables<NetworkTables>(call.deps.store), routers, call.params.id!, call.auth)
  authorise(call, 'delete_router', before.project_id)
  await change(call.deps, call.log, async changing => {
    await release(changing, before.project_id, 'router')
    const row = await lockRouter(changing, before.id)
    if ((await interfacesOf(changing.tx, row.id)).length > 0) throw fault('RouterInUse', { id: row.id })
    await clearGateway(changing, row)
    await changing.tx.deleteFrom('routers').where('id', '=', row.id).execute()
    await dropTags(changing, [row.id])
  })
  return empty(204)
}

/** The router as it is now, with a new revision; others who change it wait until this change is done. */
export async function lockRouter({ tx, now }: Change, id: string): Promise<RoutersTable> {
  const row = await tx
    .updateTable('routers')
    .set(eb => ({ updated_at: now, revision_number: eb('revision_number', '+', 1) }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw fault('RouterNotFound', { id })
  return row
}

export const readRoutes = (router: RoutersTable): readonly HostRoute[] =>
  JSON.parse(router.routes_json) as HostRoute[] // written by us

function gatewayRules(
  action: 'create_router' | 'update_router',
  gateway: GatewayInfo | null | undefined,
): readonly PolicyRule[] {
  if (!gateway) return []
  return [
    ...(gateway.enable_snat === undefined ? [] : [`${action}:external_gateway_info:enable_snat` as const]),
    ...(gateway.external_fixed_ips === undefined
      ? []
      : [`${action}:external_gateway_info:external_fixed_ips` as const]),
  ]
}

async function seen(change: Change, call: Call<NetworkDeps>, gateway: GatewayInfo): Promise<void> {
  const network = await change.tx
    .selectFrom('networks')
    .select(['project_id', 'shared', 'external'])
    .where('id', '=', gateway.network_id)
    .executeTakeFirst()
  const visible =
    network &&
    (call.auth.isAdmin || network.shared || network.external || network.project_id === call.auth.project?.id)
  if (!visible) throw fault('NetworkNotFound', { id: gateway.network_id })
}

// neutron/db/extraroute_db.py: a next hop is a neighbour on one of the router's networks, and not the router itself.
async function checkedRoutes(
  { tx }: Change,
  router: RoutersTable,
  routes: readonly HostRoute[],
): Promise<string> {
  const interfaces = await interfacesOf(tx, router.id)
  const gatewayIps = router.gateway_port_id
    ? (await addressesOf(tx, [router.gateway_port_id]))(router.gateway_port_id)
    : []
  const gatewaySubnets =
    gatewayIps.length === 0
      ? []
      : await tx
          .selectFrom('subnets')
          .select('cidr')
          .where(
            'id',
            'in',
            gatewayIps.map(ip => ip.subnet_id),
          )
          .execute()
  const prefixes = [...interfaces, ...gatewaySubnets].map(cidrOf)
  const own = [...interfaces, ...gatewayIps].map((ip: Pick<RouterInterface, 'ip_address'>) => ip.ip_address)
  for (const { nexthop } of routes) {
    const ip = parseIp(nexthop)
    if (!ip || !prefixes.some(prefix => contains(prefix, ip)))
      throw fault('RouterInvalidRoutes', {
        routes: pythonRepr(routes),
        reason: 'the nexthop is not connected with router',
      })
    if (own.includes(nexthop))
      throw fault('RouterInvalidRoutes', {
        routes: pythonRepr(routes),
        reason: 'the nexthop is used by router',
      })
  }
  return JSON.stringify(routes)
}

async function routerViews(
  db: Kysely<NetworkTables>,
  rows: readonly RoutersTable[],
  call: Pick<Call<NetworkDeps>, 'allows' | 'deps'>,
): Promise<readonly View[]> {
  const tags = await tagsOf(
    db,
    rows.map(row => row.id),
  )
  const addresses = await addressesOf(
    db,
    rows.flatMap(row => (row.gateway_port_id === null ? [] : [row.gateway_port_id])),
  )
  const zones = call.deps.hosts().length > 0 ? ['nova'] : []
  return rows.map(row => ({
    id: row.id,
    name: row.name,
    tenant_id: row.project_id,
    project_id: row.project_id,
    admin_state_up: row.admin_state_up === 1,
    status: row.status,
    external_gateway_info:
      row.gateway_port_id === null
        ? null
        : {
            network_id: row.external_network_id,
            external_fixed_ips: addresses(row.gateway_port_id),
            enable_snat: row.enable_snat === 1,
          },
    description: row.description,
    availability_zones: zones,
    availability_zone_hints: [],
    routes: readRoutes(row),
    flavor_id: null,
    ...(call.allows('get_router:distributed') ? { distributed: false, ha: false } : {}),
    tags: tags(row.id),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
    revision_number: row.revision_number,
  }))
}
