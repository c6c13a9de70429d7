// Which addresses a port gets. The primary key (subnet, address) decides who has one; a cursor for each subnet says
// where to look next, so that taking an address costs the same whether ten are taken or ten thousand.
import { sql } from 'kysely'
import { fault } from '../model/errors.ts'
import { contains, eui64, isHostAddress, parseIp } from './addresses.ts'
import { addressAt, cidrOf, isAutoAddressed, positionOf, type Range, rangesOf } from './pools.ts'
import type { FixedIp, FixedIpRequest } from './schemas/ports.ts'
import type { Change } from './store.ts'
import type { SubnetsTable } from './tables.ts'

/** [DEFAULT]max_fixed_ips_per_port. */
export const fixedIpsMax = 5

export const tooManyAddresses = () =>
  fault('NetworkInvalidInput', { reason: 'Exceeded maximum amount of fixed ips per port' })

export interface AddressedPort {
  readonly id: string
  readonly network_id: string
  readonly mac_address: string
  readonly device_owner: string
}

/** Routers name their own addresses, also where others make theirs from announcements. */
export const isRouterPort = (port: Pick<AddressedPort, 'device_owner'>): boolean =>
  port.device_owner.startsWith('network:router_')

/**
 * Takes addresses for a port and answers them in order. Without `requested`: one IPv4, one IPv6 where the network has
 * such subnets. Auto-addressed subnets give theirs in any case, except to routers and to ports that ask for none ([]).
 * Throws NoMoreIpAddresses, IpAddressInUse, InvalidIpForNetwork, InvalidIpForSubnet, IpOnAutoAddressSubnet.
 */
export async function allocate(
  change: Change,
  port: AddressedPort,
  subnets: readonly SubnetsTable[],
  requested: readonly FixedIpRequest[] | undefined,
  firstOrdinal = 0,
): Promise<readonly FixedIp[]> {
  const taken: FixedIp[] = []
  const add = async (subnet: SubnetsTable, address: string) => {
    if (!(await take(change, port, subnet, address, firstOrdinal + taken.length)))
      throw fault('IpAddressInUse', { ip: address, subnet: subnet.id })
    taken.push({ subnet_id: subnet.id, ip_address: address })
  }
  const addAny = async (candidates: readonly SubnetsTable[]): Promise<boolean> => {
    for (const subnet of candidates) {
      const address = await takeNext(change, port, subnet, firstOrdinal + taken.length)
      if (address === undefined) continue
      taken.push({ subnet_id: subnet.id, ip_address: address })
      return true
    }
    return false
  }
  const auto = isRouterPort(port) ? [] : subnets.filter(isAutoAddressed)
  if (requested) {
    if (requested.length > fixedIpsMax) throw tooManyAddresses()
    for (const request of requested) {
      const wanted = resolve(port, subnets, request)
      if (wanted.address !== undefined) await add(wanted.subnet, wanted.address)
      else if (auto.includes(wanted.subnet))
        continue // given below, as to every port
      else if (!(await addAny([wanted.subnet])))
        throw fault('NoMoreIpAddressesInSubnet', { id: wanted.subnet.id })
    }
    if (requested.length === 0) return taken
  } else
    for (const version of [4, 6]) {
      const candidates = subnets.filter(
        subnet => subnet.ip_version === version && (isRouterPort(port) || !isAutoAddressed(subnet)),
      )
      if (candidates.length > 0 && !(await addAny(candidates)))
        throw fault('NoMoreIpAddresses', { id: port.network_id })
    }
  for (const subnet of auto) await add(subnet, eui64(cidrOf(subnet), port.mac_address))
  return taken
}

/** What one request means on this network: a subnet, and the address when it names one. */
function resolve(
  port: AddressedPort,
  subnets: readonly SubnetsTable[],
  request: FixedIpRequest,
): { readonly subnet: SubnetsTable; readonly address?: string } {
  const { subnet_id: id, ip_address: address } = request
  if (id === undefined && address === undefined)
    throw fault('NetworkInvalidInput', { reason: 'IP allocation requires subnet_id or ip_address' })
  const ip = address === undefined ? undefined : parseIp(address)
  const subnet =
    id === undefined
      ? subnets.find(candidate => ip && contains(cidrOf(candidate), ip))
      : subnets.find(candidate => candidate.id === id)
  if (!subnet) {
    if (id === undefined) throw fault('InvalidIpForNetwork', { ip: address })
    throw fault('NetworkInvalidInput', {
      reason: `Failed to create port on network ${port.network_id}, because fixed_ips included invalid subnet ${id}`,
    })
  }
  if (address === undefined) return { subnet }
  const prefix = cidrOf(subnet)
  if (!ip || !isHostAddress(prefix, ip)) throw fault('InvalidIpForSubnet', { ip: address })
  if (isAutoAddressed(subnet) && !isRouterPort(port)) {
    if (address !== eui64(prefix, port.mac_address))
      throw fault('IpOnAutoAddressSubnet', { ip: address, subnet: subnet.id })
    return { subnet }
  }
  return { subnet, address }
}

/** Puts the address down for the port; false when somebody has it. */
async function take(
  { tx }: Change,
  port: AddressedPort,
  subnet: SubnetsTable,
  address: string,
  ordinal: number,
  position = positionOf(cidrOf(subnet), address),
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('ip_allocations')
    .values({ subnet_id: subnet.id, ip_address: address, port_id: port.id, position, ordinal })
    .onConflict(conflict => conflict.columns(['subnet_id', 'ip_address']).doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

/** Takes the next free address after the subnet's cursor; undefined when the pools are exhausted. */
async function takeNext(
  change: Change,
  port: AddressedPort,
  subnet: SubnetsTable,
  ordinal: number,
): Promise<string | undefined> {
  const ranges = rangesOf(subnet)
  if (ranges.length === 0) return undefined
  const prefix = cidrOf(subnet)
  // Holding the cursor's row, this transaction is the only one that looks for a free address here.
  const cursor = await change.tx
    .updateTable('subnet_cursors')
    .set(eb => ({ position: eb('position', '+', 1) }))
    .where('subnet_id', '=', subnet.id)
    .returning('position')
    .executeTakeFirst()
  if (!cursor) throw fault('SubnetNotFound', { id: subnet.id })
  const hint = cursor.position - 1
  let candidate = firstIn(ranges, hint) ?? ranges[0]?.from
  while (candidate !== undefined) {
    const address = addressAt(prefix, candidate)
    if (await take(change, port, subnet, address, ordinal, candidate)) {
      if (candidate !== hint) await moveCursor(change, subnet.id, candidate + 1)
      return address
    }
    // Taken, by somebody who asked for just this one or since the cursor came round.
    candidate = await nextFree(change, subnet, ranges, candidate)
  }
  return undefined
}

const firstIn = (ranges: readonly Range[], position: number): number | undefined =>
  ranges.flatMap(({ from, to }) => (position <= to ? [Math.max(position, from)] : []))[0]

/** The first free position after `position`, going round once. */
async function nextFree(
  change: Change,
  subnet: SubnetsTable,
  ranges: readonly Range[],
  position: number,
): Promise<number | undefined> {
  const ahead = ranges.flatMap(({ from, to }) =>
    position < to ? [{ from: Math.max(from, position + 1), to }] : [],
  )
  const behind = ranges.flatMap(({ from, to }) =>
    from < position ? [{ from, to: Math.min(to, position - 1) }] : [],
  )
  for (const range of [...ahead, ...behind]) {
    const found = await firstFree(change, subnet, range)
    if (found !== undefined) return found
  }
  return undefined
}

/** The first position of `range` nobody has: its own first, or the first right behind a taken one. */
async function firstFree(
  { tx }: Change,
  subnet: SubnetsTable,
  { from, to }: Range,
): Promise<number | undefined> {
  const first = await tx
    .selectFrom('ip_allocations')
    .select('position')
    .where('subnet_id', '=', subnet.id)
    .where('position', '=', from)
    .executeTakeFirst()
  if (!first) return from
  const gap = await tx
    .selectFrom('ip_allocations as one')
    .select(eb => eb('one.position', '+', 1).as('free'))
    .where('one.subnet_id', '=', subnet.id)
    .where('one.position', '>=', from)
    .where('one.position', '<', to)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('ip_allocations as other')
            .select(sql`1`.as('one'))
            .whereRef('other.subnet_id', '=', 'one.subnet_id')
            .where('other.position', '=', sql<number>`one.position + 1`),
        ),
      ),
    )
    .orderBy('one.position')
    .limit(1)
    .executeTakeFirst()
  return gap === undefined ? undefined : Number(gap.free)
}

const moveCursor = ({ tx }: Change, subnetId: string, position: number) =>
  tx.updateTable('subnet_cursors').set({ position }).where('subnet_id', '=', subnetId).execute()
