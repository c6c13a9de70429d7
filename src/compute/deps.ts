// What the compute service is given by main: everything with an effect, and what it may ask of others.
import type { Clock } from '../base/time.ts'
import type { Bus } from '../platform/bus/bus.ts'
import type { Client } from '../platform/http/client.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Notifier } from '../platform/journal/notifications.ts'
import type { Store } from '../platform/store/store.ts'
import type { Neighbours } from './neighbours/neighbours.ts'

/** Settings Nova has under names of its own; defaults are Nova's. */
export interface ComputeSettings {
  readonly allowResizeToSameHost: boolean
  /** [DEFAULT]reclaim_instance_interval: seconds a deleted server can be restored; 0 deletes at once. */
  readonly reclaimSeconds: number
  /** [DEFAULT]shelved_offload_time: seconds a shelved server keeps its host; 0 offloads at once, -1 never. */
  readonly shelvedOffloadSeconds: number
  /** [DEFAULT]resize_confirm_window: seconds after which a resize is confirmed by itself; 0 never. */
  readonly resizeConfirmSeconds: number
  /** [DEFAULT]sync_power_state_interval: how often machines are compared with their servers; 0 or less never. */
  readonly syncPowerStateSeconds: number
  /** Enabled scheduler filters, in order; undefined for Nova's defaults. */
  readonly filters: readonly string[] | undefined
}

export const defaultComputeSettings: ComputeSettings = {
  allowResizeToSameHost: false,
  reclaimSeconds: 0,
  shelvedOffloadSeconds: 0,
  resizeConfirmSeconds: 0,
  syncPowerStateSeconds: 600,
  filters: undefined,
}

/** An operation that a transaction wrote, or may have written. */
export interface Promised {
  readonly operationId: string
  readonly serverId: string
  readonly kind: string
}

/** The conductor as the API sees it: told that an operation was accepted, after the commit; or that it may have been. */
export interface Conductor {
  /** Resolves when this process has nothing more to do with the operation: it has ended, or the process is stopping. */
  ended(operationId: string): Promise<void>
  wake(operation: Promised): void
  /** Resolves when the first step of an operation is over, the operation has ended, or the process is stopping. */
  begun(operationId: string): Promise<void>
}

/** Brings images to hosts: told, after the commit, that there is or may be something to do. */
export interface ImageCachingRunner {
  wake(): void
}

export interface ComputeDeps {
  readonly store: Store
  readonly clock: Clock
  readonly settings: ComputeSettings
  readonly notifier: Notifier
  /** Calls to the other five services. */
  readonly neighbours: Neighbours
  readonly client: Client
  readonly conductor: Conductor
  readonly imageCaching: ImageCachingRunner
  /** The network service's news of a server's ports, whichever way they come. */
  onPortEvent(event: { readonly name: string; readonly serverId: string }): void
  /** What the volume service tells of a server's volumes, for whoever waits for it. */
  onVolumeNews(serverId: string, volumeId: string): void
  /** To ask a host while the caller waits (console text). */
  readonly bus: Bus
  /** Name of the machine the API runs on: publisher id and event host of `api_*`. */
  readonly apiHost: string
  readonly log: Log
}
