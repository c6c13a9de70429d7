// What operations are given: stores, other services, hosts, the scheduler, logs; nothing is reached for.
import type { Clock } from '../../base/time.ts'
import type { Bus } from '../../platform/bus/bus.ts'
import type { Log } from '../../platform/journal/log.ts'
import type { Notifier } from '../../platform/journal/notifications.ts'
import type { Store } from '../../platform/store/store.ts'
import type { ComputeSettings } from '../deps.ts'
import type { Neighbours } from '../neighbours/neighbours.ts'
import type { LiveTurns } from './live-turns.ts'
import type { SchedulingTurns } from './scheduling-turn.ts'
import type { VolumeNews } from './volume-news.ts'

export interface WorkDeps {
  readonly store: Store
  readonly clock: Clock
  readonly settings: ComputeSettings
  readonly notifier: Notifier
  readonly neighbours: Neighbours
  readonly bus: Bus
  readonly conductorHost: string
  readonly logs: { readonly conductor: Log; readonly scheduler: Log; compute(host: string): Log }
  /** Numbers in [0, 1), for the scheduler's choice among equals. */
  random(): number
  readonly scheduling: SchedulingTurns
  readonly liveTurns: LiveTurns
  readonly volumeNews: VolumeNews
  sleep(ms: number): Promise<void>
}
