// What a hypervisor must do for us. Written for real machines: everything may take long, everything may be asked again
// after a crash (each method finds what it did before and goes on from there), nothing is remembered by the caller.
import type { ConsoleProtocol } from '../../model/consoles.ts'
import type { PowerState } from '../../model/server-states.ts'
import type { FlavorSnapshot, ImageSnapshot, InjectedFile, NetworkInfo, Vif } from '../snapshots.ts'

/** Everything a host needs to know to build a machine. */
export interface MachineSpec {
  readonly id: string
  /** `instance-0000002a`: the hypervisor's own name for it. */
  readonly name: string
  readonly hostname: string
  readonly flavor: FlavorSnapshot
  readonly image: ImageSnapshot
  readonly network: NetworkInfo
  readonly metadata: Readonly<Record<string, string>>
  readonly userData: string | null
  readonly configDrive: boolean
  readonly publicKey: string | null
  /** Files to be there at the first boot. */
  readonly files: readonly InjectedFile[]
}

export interface MachineState {
  readonly id: string
  readonly power: PowerState
}

export interface HostResources {
  readonly hypervisorType: string
  readonly hypervisorVersion: number
  readonly vcpus: number
  readonly memoryMb: number
  readonly diskGb: number
  readonly hostIp: string
  readonly cpuInfo: Readonly<Record<string, unknown>>
}

/** A machine's disk on its way to another host or into an image. The other end's driver knows what to do with it. */
export interface DiskParcel {
  readonly format: string
  readonly bytes: Uint8Array
}

/** Counters of a machine since it was started; amounts in MB, bytes, ns. Null: the hypervisor does not count it. */
export interface Diagnostics {
  readonly power: PowerState
  readonly hypervisor: string
  readonly hypervisorOs: string | null
  readonly uptimeSeconds: number | null
  readonly memory: { readonly maximumMb: number; readonly usedMb: number | null }
  readonly cpus: readonly { readonly timeNs: number | null; readonly utilisationPercent: number | null }[]
  readonly disks: readonly {
    readonly name: string
    readonly readBytes: number
    readonly readRequests: number
    readonly writeBytes: number
    readonly writeRequests: number
    readonly errors: number
  }[]
  readonly nics: readonly {
    readonly mac: string
    readonly rx: NicCounters
    readonly tx: NicCounters
  }[]
}

export interface NicCounters {
  readonly octets: number
  readonly errors: number
  readonly drop: number
  readonly packets: number
  readonly rate: number | null
}

/** A console as its host offers it. */
export interface ConsoleEndpoint {
  readonly host: string
  readonly port: number
  readonly tlsPort: number | null
  /** What the proxy must name to be let in; null where the port says it all. */
  readonly path: string | null
}

/** How far a machine is on its way to another host; bytes. */
export interface Sending {
  readonly state: 'running' | 'done' | 'cancelled'
  readonly memory: Sent
  /** Null where disks are not sent: they are on shared storage, or nobody counts. */
  readonly disk: Sent | null
}

export interface Sent {
  readonly total: number
  readonly processed: number
  readonly remaining: number
}

export interface Driver {
  resources(): Promise<HostResources>
  /** Machines that exist on this host, running or not. */
  list(): Promise<readonly MachineState[]>
  /** Builds and starts a machine; on `disk` when one is given, else on a copy of its image. */
  spawn(spec: MachineSpec, disk: DiskParcel | null, powerOn: boolean): Promise<void>
  /** Removes the machine and its disks; nothing to do when it is not there. */
  destroy(id: string): Promise<void>
  start(id: string): Promise<void>
  stop(id: string): Promise<void>
  reboot(id: string, type: 'SOFT' | 'HARD'): Promise<void>
  pause(id: string): Promise<void>
  unpause(id: string): Promise<void>
  suspend(id: string): Promise<void>
  resume(id: string): Promise<void>
  rescue(id: string, image: ImageSnapshot): Promise<void>
  unrescue(id: string): Promise<void>
  setPassword(id: string, password: string): Promise<void>
  /** Plugs a port into the machine, running or not; nothing to do when it is there. */
  attachInterface(id: string, vif: Vif): Promise<void>
  /** Unplugs a port; nothing to do when it is not there. */
  detachInterface(id: string, vif: Vif): Promise<void>
  /** Sends the machine an NMI: its kernel dumps its memory, where it is set up to. */
  crashDump(id: string): Promise<void>
  /** The disk as it is now, to be kept as an image. The machine goes on. */
  snapshot(id: string): Promise<DiskParcel>
  /** Stops the machine and packs its disk for another host; the machine stays, so that it can be started again. */
  pack(id: string): Promise<DiskParcel>
  /** How the machine is doing, by its host's counters. */
  diagnostics(id: string): Promise<Diagnostics>
  /** Where a proxy finds the machine's console; null when it has none of that kind. */
  consoleEndpoint(id: string, protocol: ConsoleProtocol): Promise<ConsoleEndpoint | null>
  /**
   * Refuses, by throwing, a running machine of another host that could not run here: its CPU, its disks.
   * `blockMigration`: whether disks are to be copied; null: whichever is right.
   */
  checkIncoming(spec: MachineSpec, blockMigration: boolean | null): Promise<void>
  /** Refuses, by throwing, to send a machine of ours while it runs. */
  checkOutgoing(id: string, blockMigration: boolean | null): Promise<void>
  /** Gets ready for a running machine of another host; `destroy` takes that back. One that came already stays. */
  receive(spec: MachineSpec): Promise<void>
  /**
   * Sends a machine, while it runs, to a host that is ready to receive it, and answers how far it is: at the end, or
   * after a while, and is then called again. Done means that it runs there, and is here no more.
   */
  send(id: string, toHost: string): Promise<Sending>
  /** The machine stays here; nothing to do when it is not being sent. */
  abortSend(id: string): Promise<void>
  /** The sending ends soon, whatever the machine does meanwhile; nothing to do when it is not being sent. */
  completeSend(id: string): Promise<void>
  /** The last `lines` lines of the console, or all. What follows the last line break is a line, as Nova counts. */
  consoleOutput(id: string, lines: number | null): Promise<string>
  power(id: string): Promise<PowerState | null>
}

/** The machine asked for is not on this host. */
export class MachineNotFound extends Error {
  override readonly name = 'InstanceNotFound'
}
