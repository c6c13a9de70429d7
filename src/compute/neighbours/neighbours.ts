// What compute needs of the other services, as interfaces. `http/` has the clients; tests may bring others.
// Every call carries the ids of the request it is made for, so that the other side logs the same global id.
import type { RequestIds } from '../../platform/http/call.ts'
import type { Log } from '../../platform/journal/log.ts'
import type {
  Amounts,
  ImageSnapshot,
  NetworkInfo,
  RequestedNetworks,
  VolumeConnection,
} from '../snapshots.ts'

/** For whom a call is made: ids for the header, a log for the `used request id` line. */
export interface OnBehalf {
  readonly ids: RequestIds
  readonly log: Log
}

/** Whose eyes the other services are looked at with: administrators see what any project has. */
export interface Viewer {
  readonly projectId: string
  readonly isAdmin: boolean
}

export interface ImageNeighbour {
  /** The image as the viewer may see it; null when there is none. */
  find(
    on: OnBehalf,
    imageId: string,
    viewer: Viewer,
  ): Promise<(ImageSnapshot & { readonly status: string }) | null>
  /** Makes a queued image for a snapshot. */
  create(
    on: OnBehalf,
    image: {
      readonly id: string
      readonly name: string
      readonly projectId: string
      readonly properties: Readonly<Record<string, string>>
      readonly minDiskGb: number
      readonly diskFormat: string
    },
  ): Promise<void>
  upload(on: OnBehalf, imageId: string, bytes: Uint8Array): Promise<void>
  /** Ids of a server's backups of a type, newest first. */
  backups(on: OnBehalf, serverId: string, backupType: string): Promise<readonly string[]>
  remove(on: OnBehalf, imageId: string): Promise<void>
}

/** An interface a server is to get: by port, by network, or on the only network there is. */
export interface InterfaceWanted {
  readonly networkId: string | null
  readonly portId: string | null
  readonly fixedIp: string | null
  readonly tag: string | null
  readonly viewer: Viewer
  /** What the port is made for: run again with the same, there is still one port. */
  readonly operationId: string
}

export interface NetworkNeighbour {
  /** Refuses (catalogue faults) what cannot be: unknown networks, ports in use, ambiguous `auto`. */
  check(on: OnBehalf, requested: RequestedNetworks, viewer: Viewer): Promise<{ readonly ports: number }>
  /** Makes or takes the ports; running it again finds those made before. */
  allocate(
    on: OnBehalf,
    server: {
      readonly id: string
      readonly projectId: string
      readonly host: string
      readonly zone: string
      readonly hostname: string
    },
    requested: RequestedNetworks,
    securityGroups: readonly string[],
  ): Promise<NetworkInfo>
  /** What the server's ports look like now. */
  info(on: OnBehalf, serverId: string): Promise<NetworkInfo>
  /** Binds the server's ports to another host. */
  move(on: OnBehalf, serverId: string, host: string): Promise<NetworkInfo>
  /** Removes our ports, lets go of the others. */
  release(on: OnBehalf, serverId: string): Promise<void>
  /** Makes or takes one port for a server that is there, and answers its id; refuses what cannot be. */
  attach(
    on: OnBehalf,
    server: {
      readonly id: string
      readonly projectId: string
      readonly host: string
      readonly zone: string
    },
    wanted: InterfaceWanted,
  ): Promise<string>
  /** Lets go of the port an attaching operation made or took; nothing to do when it got to none. */
  takeBack(on: OnBehalf, serverId: string, operationId: string): Promise<void>
  /** Lets go of one port of a server: removes ours, unbinds those users brought. */
  detach(on: OnBehalf, serverId: string, portId: string): Promise<void>
  /** One more address on the server's port on a network. */
  addFixedIp(on: OnBehalf, serverId: string, networkId: string): Promise<void>
  removeFixedIp(on: OnBehalf, serverId: string, address: string): Promise<void>
  /** Security group names on the server's ports, sorted. */
  securityGroups(on: OnBehalf, serverId: string): Promise<readonly string[]>
  addSecurityGroup(on: OnBehalf, serverId: string, projectId: string, name: string): Promise<void>
  removeSecurityGroup(on: OnBehalf, serverId: string, projectId: string, name: string): Promise<void>
  /** Unknown names are refused with Nova's 400. */
  checkSecurityGroups(on: OnBehalf, projectId: string, names: readonly string[]): Promise<void>
}

export interface PlacementNeighbour {
  /** Declares a host and what it has. */
  report(
    on: OnBehalf,
    host: {
      readonly uuid: string
      readonly name: string
      readonly vcpus: number
      readonly memoryMb: number
      readonly diskGb: number
    },
  ): Promise<void>
  /** Claims room for a consumer; false when the provider has none left. Claiming again replaces the claim. */
  claim(
    on: OnBehalf,
    consumer: string,
    providerId: string,
    amounts: Amounts,
    owner: { readonly projectId: string; readonly userId: string },
  ): Promise<boolean>
  release(on: OnBehalf, consumer: string): Promise<void>
  /** Ids of the providers that have a trait; none for a trait nobody knows. */
  providersWith(on: OnBehalf, trait: string): Promise<ReadonlySet<string>>
  /** Gives a provider a trait, or takes it away; its others stay. */
  setTrait(on: OnBehalf, providerId: string, trait: string, isThere: boolean): Promise<void>
  /**
   * Gives `from`'s claim to `to` in one go, in place of what `to` had; nothing to do when `from` has none.
   * `onlyWhenEmpty`: and nothing when `to` already has one.
   */
  move(on: OnBehalf, from: string, to: string, options?: { readonly onlyWhenEmpty: true }): Promise<void>
}

export interface VolumeFacts {
  readonly id: string
  readonly name: string
  readonly projectId: string
  readonly status: string
  readonly sizeGb: number
  readonly isBootable: boolean
  /** Several servers may have it at once. */
  readonly isShared: boolean
  /** Null while it is not being moved to other storage. */
  readonly migrationStatus: string | null
  /** What it keeps of the image it was made of. */
  readonly imageProperties: Readonly<Record<string, string>>
  readonly attachments: readonly { readonly id: string; readonly serverId: string | null }[]
}

export interface VolumeSnapshotFacts {
  readonly id: string
  readonly volumeId: string
  readonly sizeGb: number
  readonly status: string
}

/** A volume to be made for a server, its owner's. */
export interface VolumeWanted {
  /** Of our choice, so that asking again makes no second one; Cinder itself chooses its own. */
  readonly id: string
  readonly projectId: string
  readonly userId: string
  readonly name: string
  readonly sizeGb: number
  readonly type: string | null
  readonly imageId: string | null
  readonly snapshotId: string | null
}

/** What a host says of itself to reach a volume (os-brick's connector properties). */
export interface Connector {
  readonly host: string
  readonly ip: string
  readonly platform: string
  readonly os_type: string
  readonly multipath: boolean
  readonly mountpoint: string | null
}

/**
 * Refusals are Nova's for them: VolumeNotFound, VolumeInputInvalid (400), VolumeOverQuota, CinderConnectionFailed for a
 * service that does not answer or fails.
 */
export interface VolumeNeighbour {
  /** The volume as the viewer may see it (null: whoever); null when there is none. */
  find(on: OnBehalf, volumeId: string, viewer: Viewer | null): Promise<VolumeFacts | null>
  findSnapshot(on: OnBehalf, snapshotId: string, viewer: Viewer | null): Promise<VolumeSnapshotFacts | null>
  /** Begins to make a volume and answers its id. */
  create(on: OnBehalf, volume: VolumeWanted): Promise<string>
  /** Begins to delete a volume; nothing to do when it is not there. */
  remove(on: OnBehalf, volumeId: string): Promise<void>
  /**
   * Reserves a volume for a server and answers the attachment's id. `mayBeThere`: a reservation of the two that is none
   * of `except` is taken instead of a new one, for somebody who may have asked before.
   */
  reserve(
    on: OnBehalf,
    wanted: {
      readonly volumeId: string
      readonly serverId: string
      readonly mayBeThere: boolean
      readonly except: readonly string[]
    },
  ): Promise<string>
  /** Every attachment a server has, whoever knows of it. */
  attachmentsOf(
    on: OnBehalf,
    serverId: string,
  ): Promise<readonly { readonly id: string; readonly volumeId: string; readonly status: string }[]>
  /** Tells which host is to use the volume, and answers how; again, for another host or the same. */
  connect(on: OnBehalf, attachmentId: string, connector: Connector): Promise<VolumeConnection>
  /** The machine has the volume. */
  complete(on: OnBehalf, attachmentId: string): Promise<void>
  /** Gives the volume back; nothing to do when the attachment is not there. */
  release(on: OnBehalf, attachmentId: string): Promise<void>
  beginDetaching(on: OnBehalf, volumeId: string): Promise<void>
  rollDetaching(on: OnBehalf, volumeId: string): Promise<void>
  /** Begins to write a reserved volume anew from an image. */
  reimage(on: OnBehalf, volumeId: string, imageId: string): Promise<void>
  /** The machine knows the new size of a volume that is being extended, or could not take it. */
  extended(on: OnBehalf, volumeId: string, isFailed: boolean): Promise<void>
  /** A server has gone over to a new volume, or could not; answers the id under which it goes on. */
  completeMigration(
    on: OnBehalf,
    volumeId: string,
    end: { readonly newVolumeId: string; readonly isFailed: boolean },
  ): Promise<string>
  /** Begins a snapshot of a volume, in use or not, and answers its id. */
  snapshot(
    on: OnBehalf,
    wanted: {
      /** Of our choice, as a volume's. */
      readonly id: string
      readonly volumeId: string
      readonly name: string
      readonly projectId: string
      readonly userId: string
    },
  ): Promise<string>
  removeSnapshot(on: OnBehalf, snapshotId: string): Promise<void>
}

export interface IdentityNeighbour {
  /** True when the project exists; also true when identity cannot be asked. */
  projectExists(on: OnBehalf, projectId: string): Promise<boolean>
}

export interface Neighbours {
  readonly identity: IdentityNeighbour
  readonly image: ImageNeighbour
  readonly network: NetworkNeighbour
  readonly placement: PlacementNeighbour
  readonly volume: VolumeNeighbour
}
