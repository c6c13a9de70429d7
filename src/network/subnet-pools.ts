// Subnet pools: prefixes from which subnets are cut. Create, change, delete, and how they look
// (neutron/db/db_base_plugin_v2.py).
import { type Kysely, type SqlBool, sql } from 'kysely'
import { newUuid } from '../base/ids.ts'
import { isoSeconds } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, find } from './access.ts'
import type { Cidr } from './addresses.ts'
import { bodyItem, bodyItems, readCreate, readUpdate } from './attributes.ts'
import type { NetworkDeps } from './deps.ts'
import { covers, mergePrefixes, readPrefixes, writePrefixes } from './prefix-space.ts'
import {
  flagColumn,
  numberColumn,
  type Resource,
  standardAttributes,
  textColumn,
  type View,
} from './resource.ts'
import { type SubnetPoolValues, subnetPoolAttributes } from './schemas/subnet-pools.ts'
import { type Change, change, flag, isForeignKeyViolation, standardColumns } from './store.ts'
import type { NetworkTables, SubnetPoolsTable } from './tables.ts'
import { dropTags, tagsOf } from './tags.ts'
import { release, reserve } from './usage.ts'

export const subnetPools: Resource<SubnetPoolsTable> = {
  member: 'subnetpool',
  collection: 'subnetpools',
  table: 'subnetpools',
  notFound: 'SubnetPoolNotFound',
  columns: {
    ...standardAttributes,
    name: textColumn('name'),
    ip_version: numberColumn('ip_version'),
    default_prefixlen: numberColumn('default_prefixlen'),
    min_prefixlen: numberColumn('min_prefixlen'),
    max_prefixlen: numberColumn('max_prefixlen'),
    default_quota: numberColumn('default_quota'),
    shared: flagColumn('shared'),
    is_default: flagColumn('is_default'),
  },
  // Address scopes are not there: no pool is in one.
  filters: { address_scope_id: () => sql<SqlBool>`1 = 0` },
  visible: project => sql<SqlBool>`(project_id = ${project} or shared = 1)`,
  views: subnetPoolViews,
}

export async function createSubnetPools(call: Call<NetworkDeps>): Promise<Reply> {
  const { items, bulk } = bodyItems(call.body, subnetPools.member, subnetPools.collection)
  const wanted = items.map(item => readCreate(subnetPoolAttributes, item, call.auth))
  for (const { projectId, rules } of wanted) authorise(call, 'create_subnetpool', projectId, rules)
  const views = await change(call.deps, call.log, async changing => {
    const rows: SubnetPoolsTable[] = []
    for (const { projectId, values } of wanted) rows.push(await insertPool(changing, projectId, values))
    return subnetPoolViews(changing.tx, rows)
  })
  return json(201, bulk ? { subnetpools: views } : { subnetpool: views[0] })
}

async function insertPool(
  change: Change,
  projectId: string,
  values: SubnetPoolValues,
): Promise<SubnetPoolsTable> {
  const prefixes = mergePrefixes(ofOneVersion(values.prefixes))
  const version = prefixes[0]!.version // ofOneVersion refuses an empty list
  await reserve(change, projectId, 'subnetpool')
  if (values.is_default) await onlyDefault(change, version, null)
  const row: SubnetPoolsTable = {
    id: newUuid(),
    ...standardColumns(change, projectId, values.description),
    name: values.name,
    ip_version: version,
    prefixes_json: JSON.stringify(writePrefixes(prefixes)),
    ...lengths(version, values),
    default_quota: values.default_quota,
    shared: flag(values.shared),
    is_default: flag(values.is_default),
    default_of: values.is_default ? version : null,
  }
  await change.tx.insertInto('subnetpools').values(row).execute()
  return row
}

export async function updateSubnetPool(call: Call<NetworkDeps>): Promise<Reply> {
  const db = tables<NetworkTables>(call.deps.store)
  const { id, project_id } = await find(db, subnetPools, call.params.id!, call.auth)
  const { values, rules } = readUpdate(subnetPoolAttributes, bodyItem(call.body, subnetPools.member))
  authorise(call, 'update_subnetpool', project_id, rules)
  const view = await change(call.deps, call.log, async changing => {
    const before = await holdPool(changing, id)
    const version = before.ip_version
    if (values.is_default) await onlyDefault(changing, version, id)
    const row = await changing.tx
      .updateTable('subnetpools')
      .set(eb => ({
        name: values.name,
        description: values.description,
        prefixes_json: values.prefixes && JSON.stringify(grown(before, values.prefixes)),
        ...lengths(version, {
          min_prefixlen: values.min_prefixlen ?? before.min_prefixlen,
          max_prefixlen: values.max_prefixlen ?? before.max_prefixlen,
          default_prefixlen: values.default_prefixlen ?? before.default_prefixlen,
        }),
        default_quota: values.default_quota,
        ...(values.is_default === undefined
          ? {}
          : { is_default: flag(values.is_default), default_of: values.is_default ? version : null }),
        updated_at: changing.now,
        revision_number: eb('revision_number', '+', 1),
      }))
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    return (await subnetPoolViews(changing.tx, [row]))[0]
  })
  return json(200, { subnetpool: view })
}

export async function deleteSubnetPool(call: Call<NetworkDeps>): Promise<Reply> {
  const db = tables<NetworkTables>(call.deps.store)
  const { id, project_id } = await find(db, subnetPools, call.params.id!, call.auth)
  authorise(call, 'delete_subnetpool', project_id)
  try {
    await change(call.deps, call.log, async changing => {
      await release(changing, project_id, 'subnetpool')
      const { numDeletedRows } = await changing.tx
        .deleteFrom('subnetpools')
        .where('id', '=', id)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw fault('SubnetPoolNotFound', { id })
      await dropTags(changing, [id])
    })
  } catch (error) {
    if (isForeignKeyViolation(error)) throw fault('SubnetPoolInUse', {}, { cause: error })
    throw error
  }
  return empty(204)
}

/** The pool's row, held: whoever cuts subnets from it or changes it comes one after the other. */
export async function holdPool({ tx }: Change, id: string): Promise<SubnetPoolsTable> {
  const row = await tx
    .updateTable('subnetpools')
    .set(eb => ({ updated_at: eb.ref('updated_at') }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (!row) throw fault('SubnetPoolNotFound', { id })
  return row
}

export const prefixesOf = (pool: Pick<SubnetPoolsTable, 'prefixes_json'>): readonly Cidr[] =>
  readPrefixes(JSON.parse(pool.prefixes_json) as string[]) // written by us

function ofOneVersion(texts: readonly string[]): readonly Cidr[] {
  const prefixes = readPrefixes(texts)
  if (prefixes.length === 0) throw fault('SubnetPoolEmpty')
  if (new Set(prefixes.map(({ version }) => version)).size > 1) throw fault('SubnetPoolVersionsMixed')
  return prefixes
}

/** Prefixes come; none goes, because subnets may have been cut from it. */
function grown(before: SubnetPoolsTable, texts: readonly string[]): readonly string[] {
  const wanted = ofOneVersion(texts)
  if (wanted[0]!.version !== before.ip_version) throw fault('SubnetPoolVersionsMixed') // not empty
  if (!covers(wanted, prefixesOf(before))) throw fault('SubnetPoolShrinks')
  return writePrefixes(mergePrefixes(wanted))
}

const defaultLengths = { 4: { min: 8, max: 32 }, 6: { min: 64, max: 128 } } as const

type Lengths = Pick<SubnetPoolsTable, 'min_prefixlen' | 'max_prefixlen' | 'default_prefixlen'>

/** How long prefixes of subnets may be, and are when nobody says. */
function lengths(version: 4 | 6, given: Partial<Lengths>): Lengths {
  const { min, max } = defaultLengths[version]
  const low = given.min_prefixlen ?? min
  const high = given.max_prefixlen ?? max
  const usual = given.default_prefixlen ?? low
  if (low > max) throw fault('SubnetPoolPrefixUnsupported', { prefix: low, version })
  if (high > max) throw fault('SubnetPoolPrefixUnsupported', { prefix: high, version })
  const outOfOrder = (type: string, length: number, base: string, than: number) =>
    fault('SubnetPoolPrefixBounds', { type, length, base, than })
  if (low > high) throw outOfOrder('max_prefixlen', high, 'min_prefixlen', low)
  if (usual < low) throw outOfOrder('default_prefixlen', usual, 'min_prefixlen', low)
  if (usual > high) throw outOfOrder('default_prefixlen', usual, 'max_prefixlen', high)
  return { min_prefixlen: low, max_prefixlen: high, default_prefixlen: usual }
}

async function onlyDefault({ tx }: Change, version: 4 | 6, id: string | null): Promise<void> {
  const other = await tx
    .selectFrom('subnetpools')
    .select('id')
    .where('default_of', '=', version)
    .executeTakeFirst()
  if (other && other.id !== id)
    throw fault('NetworkInvalidInput', {
      reason:
        'A default subnetpool for this IP family has already been set. Only one default may exist per IP family',
    })
}

async function subnetPoolViews(
  db: Kysely<NetworkTables>,
  rows: readonly SubnetPoolsTable[],
): Promise<readonly View[]> {
  const tags = await tagsOf(
    db,
    rows.map(row => row.id),
  )
  return rows.map(row => ({
    id: row.id,
    name: row.name,
    tenant_id: row.project_id,
    project_id: row.project_id,
    // Neutron tells lengths as text.
    default_prefixlen: String(row.default_prefixlen),
    min_prefixlen: String(row.min_prefixlen),
    max_prefixlen: String(row.max_prefixlen),
    is_default: row.is_default === 1,
    shared: row.shared === 1,
    prefixes: JSON.parse(row.prefixes_json),
    ip_version: row.ip_version,
    default_quota: row.default_quota,
    address_scope_id: null,
    description: row.description,
    tags: tags(row.id),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
    revision_number: row.revision_number,
  }))
}
