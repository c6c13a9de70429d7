// What a server remembers of things that may change or go after it was made: its flavor, its image, its addresses.

/** The flavor a server was given. Amounts: MB, GB. */
export interface FlavorSnapshot {
  readonly id: string
  /** Number of the flavor's row, which unversioned notifications show as `instance_type_id`. */
  readonly seq?: number
  readonly name: string
  readonly vcpus: number
  readonly memoryMb: number
  readonly rootGb: number
  readonly ephemeralGb: number
  readonly swapMb: number
  readonly rxtxFactor: number
  readonly isPublic: boolean
  readonly disabled: boolean
  readonly description: string | null
  readonly extraSpecs: Readonly<Record<string, string>>
}

/** The image a server was made from. */
export interface ImageSnapshot {
  readonly id: string
  readonly name: string
  readonly minDiskGb: number
  readonly minRamMb: number
  readonly sizeBytes: number
  readonly diskFormat: string
  readonly containerFormat: string
  readonly owner: string | null
  readonly properties: Readonly<Record<string, string>>
}

/** A file put into a server when it is built; contents in base64. */
export interface InjectedFile {
  readonly path: string
  readonly contents: string
}

export interface Address {
  readonly address: string
  readonly version: 4 | 6
  readonly type: 'fixed' | 'floating'
}

/** One port of a server. */
export interface Vif {
  readonly portId: string
  readonly mac: string
  readonly networkId: string
  readonly networkName: string
  readonly addresses: readonly Address[]
  readonly tag: string | null
  readonly deviceName: string | null
  /** True when we made the port, so that we delete it; ports users brought are only detached. */
  readonly ours: boolean
}

export type NetworkInfo = readonly Vif[]

/** How a host reaches a volume: what the volume service answered when it was told of the host. */
export type VolumeConnection = Readonly<Record<string, unknown>>

/** A disk of a server that its flavor does not give it: a volume, or a blank local disk that was asked for. */
export interface BlockDevice {
  readonly id: string
  readonly source: 'image' | 'snapshot' | 'volume' | 'blank'
  readonly destination: 'local' | 'volume'
  /** 0 for what the server boots from; null or negative for what it never boots from. */
  readonly bootIndex: number | null
  /** `/dev/vdb`; null while the server is on no host that could name it. */
  readonly deviceName: string | null
  readonly deleteOnTermination: boolean
  readonly tag: string | null
  /** `swap` for a local disk that is swapped to. */
  readonly guestFormat: string | null
  readonly deviceType: string | null
  readonly diskBus: string | null
  readonly imageId: string | null
  readonly snapshotId: string | null
  /** Null until the volume is made, and of local disks. */
  readonly volumeId: string | null
  readonly sizeGb: number | null
  /** Type of a volume that is to be made. */
  readonly volumeType: string | null
  /** At the volume service; null while the volume is not even reserved. */
  readonly attachmentId: string | null
  /** Null until a host is to use it. */
  readonly connection: VolumeConnection | null
}

/** One entry of `networks` at create. */
export interface RequestedNetwork {
  readonly networkId: string | null
  readonly portId: string | null
  readonly fixedIp: string | null
  readonly tag: string | null
}

/** `auto`, `none`, or a list of networks and ports. */
export type RequestedNetworks = 'auto' | 'none' | readonly RequestedNetwork[]

/** Room a server takes: in our own sums, and by resource class as placement is asked. */
export interface Amounts {
  readonly resources: Readonly<Record<string, number>>
  readonly vcpus: number
  readonly memoryMb: number
  readonly diskGb: number
}
