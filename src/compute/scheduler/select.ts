// Chooses hosts for servers: a snapshot in, hosts or reasons out. No I/O, no clock; chance only through `random`.
// The shapes: snapshot.ts (HostState, Request, Settings) and selection.ts (Selection, Refusal, Cause).
import type { Selection } from './selection.ts'
import type { HostState, Request, Settings } from './snapshot.ts'

/** Places all servers of `request` or none. Hosts of equal weight are taken in the order of the snapshot. */
export function select(
  _hosts: readonly HostState[],
  _request: Request,
  _settings: Settings,
  _random: () => number,
): Selection {
  throw new Error('being written')
}
