// What the conductor may ask of a host, and how it is asked: one message a driver call, the caller's ids in it.

import type { ConsoleProtocol } from '../model/consoles.ts'
import type { PowerState } from '../model/server-states.ts'
import type { LogContext } from '../platform/journal/log.ts'
import type { ErrorMessage, Failure } from './failures.ts'
import type { ImageSnapshot, NetworkInfo, Vif } from './snapshots.ts'
import type {
  ConsoleEndpoint,
  Diagnostics,
  DiskParcel,
  MachineSpec,
  MachineVolume,
  Sending,
} from './virt/driver.ts'

/** Calls by name: what goes to the host and what comes back. */
export interface HostCalls {
  spawn: {
    readonly args: { readonly spec: MachineSpec; readonly disk: DiskParcel | null; readonly powerOn: boolean }
    readonly result: null
  }
  destroy: { readonly args: null; readonly result: null }
  start: { readonly args: null; readonly result: null }
  stop: { readonly args: null; readonly result: null }
  reboot: { readonly args: { readonly type: 'SOFT' | 'HARD' }; readonly result: null }
  pause: { readonly args: null; readonly result: null }
  unpause: { readonly args: null; readonly result: null }
  suspend: { readonly args: null; readonly result: null }
  resume: { readonly args: null; readonly result: null }
  rescue: { readonly args: { readonly image: ImageSnapshot }; readonly result: null }
  unrescue: { readonly args: null; readonly result: null }
  setPassword: { readonly args: { readonly password: string }; readonly result: null }
  attachInterface: { readonly args: { readonly vif: Vif }; readonly result: null }
  detachInterface: { readonly args: { readonly vif: Vif }; readonly result: null }
  attachVolume: { readonly args: { readonly volume: MachineVolume }; readonly result: null }
  detachVolume: { readonly args: { readonly volumeId: string }; readonly result: null }
  setVolumes: { readonly args: { readonly volumes: readonly MachineVolume[] }; readonly result: null }
  swapVolume: {
    readonly args: { readonly oldVolumeId: string; readonly volume: MachineVolume }
    readonly result: null
  }
  extendVolume: {
    readonly args: { readonly volumeId: string; readonly sizeGb: number }
    readonly result: null
  }
  injectNetworkInfo: { readonly args: { readonly network: NetworkInfo }; readonly result: null }
  crashDump: { readonly args: null; readonly result: null }
  snapshot: { readonly args: null; readonly result: DiskParcel }
  pack: { readonly args: null; readonly result: DiskParcel }
  diagnostics: { readonly args: null; readonly result: Diagnostics }
  consoleEndpoint: {
    readonly args: { readonly protocol: ConsoleProtocol }
    readonly result: ConsoleEndpoint | null
  }
  checkIncoming: {
    readonly args: { readonly spec: MachineSpec; readonly blockMigration: boolean | null }
    readonly result: null
  }
  checkOutgoing: { readonly args: { readonly blockMigration: boolean | null }; readonly result: null }
  receive: { readonly args: { readonly spec: MachineSpec }; readonly result: null }
  send: { readonly args: { readonly toHost: string }; readonly result: Sending }
  abortSend: { readonly args: null; readonly result: null }
  completeSend: { readonly args: null; readonly result: null }
  consoleOutput: { readonly args: { readonly lines: number | null }; readonly result: string }
  power: { readonly args: null; readonly result: PowerState | null }
  /** About the host, not a server. `fail`: what is asked for in place of fetching that image. */
  cacheImages: {
    readonly args: {
      readonly images: readonly { readonly image: ImageSnapshot; readonly fail: Failure | null }[]
    }
    readonly result: Readonly<Record<string, 'cached' | 'existing' | 'error'>>
  }
}

export type HostCallName = keyof HostCalls

export interface HostMessage<Name extends HostCallName = HostCallName> {
  readonly call: Name
  /** Null where it is about the host itself. */
  readonly server: string | null
  readonly args: HostCalls[Name]['args']
  readonly context: LogContext
  /** A failure asked for at this point, to be raised instead of doing the work. */
  readonly fail: Failure | null
}

export type HostAnswer<Name extends HostCallName = HostCallName> =
  | { readonly result: HostCalls[Name]['result'] }
  | { readonly error: ErrorMessage }

export const hostTopic = (host: string): string => `compute.${host}`
