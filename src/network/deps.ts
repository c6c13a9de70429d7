// What the network service is given by main.
import type { Clock } from '../base/time.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Store } from '../platform/store/store.ts'
import type { PortEvent } from './events.ts'
import type { NetworkReads } from './store.ts'

export interface NetworkDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Hosts whose agents are there: ports can be bound to them. */
  hosts(): readonly string[]
  /** Told what happened to a server's port, after the change is committed. Must not wait. */
  onPortEvent(event: PortEvent): void
  readonly reads: NetworkReads
}
