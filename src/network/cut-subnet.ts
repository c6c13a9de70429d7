// Which prefix a new subnet gets: the one it names, or one cut from a subnet pool
// (neutron/db/db_base_plugin_v2.py, create_subnet; neutron/ipam/subnet_alloc.py).
import { fault } from '../model/errors.ts'
import type { Auth } from '../platform/http/auth.ts'
import { find } from './access.ts'
import { type Cidr, formatCidr, parseCidr } from './addresses.ts'
import { cidrOf } from './pools.ts'
import { freePrefixes, takeAny } from './prefix-space.ts'
import type { SubnetValues } from './schemas/subnets.ts'
import type { Change } from './store.ts'
import { holdPool, prefixesOf, subnetPools } from './subnet-pools.ts'
import type { SubnetPoolsTable } from './tables.ts'

/** `values` with its `cidr` and the id of its pool, or null for a subnet of no pool. */
export async function withPrefix(
  change: Change,
  auth: Auth,
  projectId: string,
  values: SubnetValues,
): Promise<SubnetValues> {
  if (values.cidr && values.prefixlen !== undefined)
    refuse('cidr and prefixlen must not be supplied together')
  const poolId = await poolFor(change, values)
  if (poolId === null) return values
  if (values.allocation_pools !== undefined && !values.cidr)
    refuse('allocation_pools allowed only for specific subnet requests.')
  await find(change.tx, subnetPools, poolId, auth)
  const pool = await holdPool(change, poolId)
  if (pool.ip_version !== values.ip_version)
    refuse(`Cannot allocate IPv${values.ip_version} subnet from IPv${pool.ip_version} subnet pool`)
  await refuseStrangers(change, values, pool)
  const cidr = await cut(change, projectId, pool, values)
  return { ...values, subnetpool_id: pool.id, cidr: formatCidr(cidr) }
}

async function poolFor({ tx }: Change, values: SubnetValues): Promise<string | null> {
  const { subnetpool_id: named, use_default_subnetpool: useDefault } = values
  if (!useDefault) return named
  if (named !== null) refuse('subnetpool_id and use_default_subnetpool cannot both be specified')
  const pool = await tx
    .selectFrom('subnetpools')
    .select('id')
    .where('default_of', '=', values.ip_version)
    .executeTakeFirst()
  return pool?.id ?? refuse(`No default subnetpool found for IPv${values.ip_version}`)
}

/** Subnets of one network and version come from one pool. */
async function refuseStrangers({ tx }: Change, { network_id }: SubnetValues, pool: SubnetPoolsTable) {
  const stranger = await tx
    .selectFrom('subnets')
    .select('id')
    .where('network_id', '=', network_id)
    .where('ip_version', '=', pool.ip_version)
    .where(eb => eb.or([eb('subnetpool_id', 'is', null), eb('subnetpool_id', '!=', pool.id)]))
    .executeTakeFirst()
  if (stranger) throw fault('SubnetPoolAffinity')
}

async function cut(
  { tx }: Change,
  projectId: string,
  pool: SubnetPoolsTable,
  values: SubnetValues,
): Promise<Cidr> {
  const asked = values.cidr ? parseCidr(values.cidr) : undefined
  const bits = asked?.bits ?? values.prefixlen ?? pool.default_prefixlen
  if (bits < pool.min_prefixlen) throw fault('SubnetPoolMinPrefix', { bits, min: pool.min_prefixlen })
  if (bits > pool.max_prefixlen) throw fault('SubnetPoolMaxPrefix', { bits, max: pool.max_prefixlen })
  const others = await tx
    .selectFrom('subnets')
    .select(['cidr', 'project_id'])
    .where('subnetpool_id', '=', pool.id)
    .execute()
  refuseOverQuota(
    pool,
    bits,
    others.filter(({ project_id }) => project_id === projectId).map(other => cidrOf(other).bits),
  )
  const free = freePrefixes(prefixesOf(pool), others.map(cidrOf))
  if (asked) {
    if (free.some(one => one.version === asked.version && one.first <= asked.first && asked.last <= one.last))
      return asked
    throw fault('SubnetPoolAllocation', {
      reason: 'Cannot allocate requested subnet from the available set of prefixes',
    })
  }
  const cidr = takeAny(free, bits)
  if (cidr) return cidr
  throw fault('SubnetPoolAllocation', {
    reason: `Insufficient prefix space to allocate subnet size /${bits}`,
  })
}

/** A pool's quota counts addresses of IPv4, and /64 of IPv6. */
const quotaBits = { 4: 32, 6: 64 } as const

function refuseOverQuota(pool: SubnetPoolsTable, bits: number, own: readonly number[]): void {
  if (pool.default_quota === null) return
  const unitsOf = (length: number): number => 2 ** (quotaBits[pool.ip_version] - length)
  const used = own.reduce((sum, length) => sum + unitsOf(length), 0)
  if (used + unitsOf(bits) > pool.default_quota) throw fault('SubnetPoolQuotaExceeded')
}

function refuse(reason: string): never {
  throw fault('SubnetBadRequest', { reason })
}
