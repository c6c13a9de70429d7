// Allocation pools of a subnet: the default ones, what is wrong with given ones, and the addresses in them as
// distances ("positions") from the subnet's first address. Pure.
import { fault } from '../model/errors.ts'
import { type Cidr, contains, formatCidr, formatIp, isHostAddress, parseCidr, parseIp } from './addresses.ts'
import type { AllocationPool } from './schemas/subnets.ts'
import type { SubnetsTable } from './tables.ts'

/** Positions from `from` to `to`, both included. */
export interface Range {
  readonly from: number
  readonly to: number
}

interface Span {
  readonly from: bigint
  readonly to: bigint
}

/** What a subnet has when no pools are given: every host address but the gateway's. */
export function defaultPools(cidr: Cidr, gateway: string | null): readonly AllocationPool[] {
  const tiny = cidr.last - cidr.first < 2n
  const from = tiny ? cidr.first : cidr.first + 1n
  const to = tiny || cidr.version === 6 ? cidr.last : cidr.last - 1n
  const hole = gateway === null ? undefined : parseIp(gateway)
  const spans =
    hole && hole.version === cidr.version && hole.value >= from && hole.value <= to
      ? [
          { from, to: hole.value - 1n },
          { from: hole.value + 1n, to },
        ]
      : [{ from, to }]
  return spans.filter(span => span.from <= span.to).map(span => poolOf(cidr, span))
}

/** Refuses pools that are turned around, outside the prefix or over each other. Answers them in order. */
export function checkPools(cidr: Cidr, pools: readonly AllocationPool[]): readonly AllocationPool[] {
  const spans = pools.map(pool => {
    const start = parseIp(pool.start)
    const end = parseIp(pool.end)
    const shown = `${pool.start}-${pool.end}`
    if (!start || !end || start.version !== end.version || start.version !== cidr.version)
      throw fault('SubnetPoolInvalid', { pool: shown })
    if (end.value < start.value) throw fault('SubnetPoolInvalid', { pool: shown })
    if (!isHostAddress(cidr, start) || !isHostAddress(cidr, end))
      throw fault('SubnetPoolOutOfBounds', { pool: shown, cidr: formatCidr(cidr) })
    if (start.value - cidr.first > BigInt(Number.MAX_SAFE_INTEGER))
      throw fault('NotImplementedHere', {
        what: 'a pool that begins 2^53 addresses into its prefix or later',
      })
    return { from: start.value, to: end.value }
  })
  spans.sort((one, other) => (one.from < other.from ? -1 : 1))
  spans.forEach((span, index) => {
    const next = spans[index + 1]
    if (next && next.from <= span.to)
      throw fault('SubnetPoolsOverlap', {
        one: shown(poolOf(cidr, span)),
        other: shown(poolOf(cidr, next)),
        cidr: formatCidr(cidr),
      })
  })
  return spans.map(span => poolOf(cidr, span))
}

/** Refuses a gateway that would be handed out to a port. */
export function checkGateway(cidr: Cidr, pools: readonly AllocationPool[], gateway: string): void {
  const ip = parseIp(gateway)
  if (!ip || ip.version !== cidr.version)
    throw fault('NetworkInvalidInput', { reason: `gateway_ip '${gateway}' does not match the ip_version` })
  // A gateway outside the prefix is allowed (force_gateway_on_subnet is gone); inside it must be a host's address.
  if (contains(cidr, ip) && !isHostAddress(cidr, ip) && cidr.version === 4)
    throw fault('NetworkInvalidInput', { reason: 'Gateway is not valid on subnet' })
  const hit = pools.find(pool => inSpan(spanOf(pool), ip.value))
  if (hit) throw fault('SubnetGatewayConflict', { ip: gateway, pool: shown(hit) })
}

/** The prefix of a row, which was checked when it was written. */
export function cidrOf(subnet: Pick<SubnetsTable, 'cidr'>): Cidr {
  const cidr = parseCidr(subnet.cidr)
  if (!cidr) throw new Error(`subnet with the prefix ${subnet.cidr}`)
  return cidr
}

export const poolsOf = (subnet: Pick<SubnetsTable, 'allocation_pools_json'>): readonly AllocationPool[] =>
  JSON.parse(subnet.allocation_pools_json) as AllocationPool[] // written by us

/** IPv6 addresses that machines make for themselves from the router's announcements. */
export const isAutoAddressed = (subnet: Pick<SubnetsTable, 'ipv6_address_mode'>): boolean =>
  subnet.ipv6_address_mode === 'slaac' || subnet.ipv6_address_mode === 'dhcpv6-stateless'

/** Where `address` is in the subnet; null beyond what a number holds exactly. */
export function positionOf(cidr: Cidr, address: string): number | null {
  const ip = parseIp(address)
  if (!ip) return null
  const distance = ip.value - cidr.first
  return distance >= 0n && distance <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(distance) : null
}

export const addressAt = (cidr: Cidr, position: number): string =>
  formatIp({ version: cidr.version, value: cidr.first + BigInt(position) })

/** The pools as positions, in order; what lies beyond 2^53 addresses is left out. */
export function rangesOf(subnet: SubnetsTable): readonly Range[] {
  const { first } = cidrOf(subnet)
  const highest = BigInt(Number.MAX_SAFE_INTEGER)
  return poolsOf(subnet).flatMap(pool => {
    const { from, to } = spanOf(pool)
    if (from - first > highest) return []
    return [{ from: Number(from - first), to: Number(to - first > highest ? highest : to - first) }]
  })
}

/** How many addresses the pools hold. */
export const sizeOf = (subnet: SubnetsTable): bigint =>
  poolsOf(subnet).reduce((sum, pool) => {
    const { from, to } = spanOf(pool)
    return sum + to - from + 1n
  }, 0n)

const shown = (pool: AllocationPool) => `${pool.start}-${pool.end}`

const poolOf = ({ version }: Cidr, { from, to }: Span): AllocationPool => ({
  start: formatIp({ version, value: from }),
  end: formatIp({ version, value: to }),
})

const spanOf = (pool: AllocationPool): Span => ({
  from: parseIp(pool.start)?.value ?? 0n,
  to: parseIp(pool.end)?.value ?? -1n,
})

const inSpan = (span: Span, value: bigint) => value >= span.from && value <= span.to
