// The sentence for event details: how many hosts could take the server, and why the others could not, so that the
// counts add up to the number of hosts.
import { sumOf, type WordingOptions } from '../../model/refusals.ts'
import type { NoHost, Placed } from './selection.ts'

type Told = Placed | Omit<NoHost, 'sum' | 'upstreamReason'>

/**
 * `0 of 12 hosts can take it: 8 have too little memory (need 8192 MB, best has 4096 MB), 3 are disabled, 1 is down`.
 * When some servers of the request fit: `2 of 5 servers fit; then 0 of 12 hosts can take another: …`.
 */
export function explain(selection: Told, options: WordingOptions = {}): string {
  const { hosts, refusals } = selection
  const head = `${hosts - refusals.length} of ${hosts} hosts can take `
  const start =
    selection.kind === 'no-host' && selection.fitted > 0
      ? `${selection.fitted} of ${selection.servers} servers fit; then ${head}another`
      : `${head}it`
  return sumOf(
    start,
    refusals.map(({ host, first }) => ({ host, ...first })),
    options,
  )
}
