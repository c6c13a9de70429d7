// Adds up the weighers over the hosts that are left. Raw numbers are kept between the servers of one request, since
// placing one changes one host.
import type { Ask } from './filters/filter.ts'
import type { Aggregate, HostState } from './snapshot.ts'
import { weighers } from './weighers/table.ts'
import type { Weigher } from './weighers/weigher.ts'

export interface Scale {
  /** Total weights of the hosts at `indexes`, in that order. */
  weigh(indexes: readonly number[]): Float64Array
  /** Host `index` is now `host`. */
  update(index: number, host: HostState): void
}

export function createScale(hosts: readonly HostState[], ask: Ask): Scale {
  const columns = weighers.flatMap(weigher => {
    const usual = ask.settings.multipliers[weigher.option] ?? weigher.multiplier
    const own = multipliersOf(hosts, weigher.option, usual)
    if (usual === 0 && own === null) return []
    return [{ weigher, usual, own, values: Float64Array.from(hosts, host => weigher.weigh(host, ask)) }]
  })
  return {
    weigh(indexes) {
      const totals = new Float64Array(indexes.length)
      for (const column of columns) addNormalised(totals, indexes, column)
      return totals
    },
    update(index, host) {
      for (const { weigher, values } of columns) values[index] = weigher.weigh(host, ask)
    },
  }
}

interface Column {
  readonly weigher: Weigher
  readonly usual: number
  /** A multiplier for each host, where some aggregate sets one. */
  readonly own: Float64Array | null
  readonly values: Float64Array
}

function addNormalised(totals: Float64Array, indexes: readonly number[], column: Column): void {
  const { values, own, usual } = column
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const index of indexes) {
    const value = values[index]! // indexes are those of the hosts the column was made from
    if (value < least) least = value
    if (value > most) most = value
  }
  const range = most - least
  // All alike: nobody gains (nova/weights.py, normalize).
  if (range === 0) return
  for (let at = 0; at < indexes.length; at += 1) {
    const index = indexes[at]! // at < length
    totals[at]! += (own === null ? usual : own[index]!) * ((values[index]! - least) / range)
  }
}

function multipliersOf(hosts: readonly HostState[], option: string, usual: number): Float64Array | null {
  if (!hosts.some(host => host.aggregates.some(({ metadata }) => metadata[option] !== undefined))) return null
  return Float64Array.from(hosts, host => fromAggregates(host.aggregates, option) ?? usual)
}

// Several aggregates of one host: the least wins. What is no number is passed over
// (nova/scheduler/utils.py, get_weight_multiplier).
function fromAggregates(aggregates: readonly Aggregate[], option: string): number | undefined {
  const values = aggregates
    .map(({ metadata }) => metadata[option]?.trim())
    .filter(text => text !== undefined && text !== '')
    .map(Number)
    .filter(value => Number.isFinite(value))
  return values.length === 0 ? undefined : Math.min(...values)
}
