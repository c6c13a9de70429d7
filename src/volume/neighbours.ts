// What volume needs of the other services.
import type { Readable } from 'node:stream'
import type { OnBehalf } from '../platform/http/session.ts'

/** The caller's own token: the other service decides what they may see and do. */
export interface AsCaller extends OnBehalf {
  readonly token: string
}

export interface ImageFacts {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly sizeBytes: number
  readonly virtualSizeBytes: number | null
  readonly minDiskGb: number
  /** Everything a volume keeps of its image, as text. */
  readonly properties: Readonly<Record<string, string>>
}

export interface NewImage {
  readonly name: string
  readonly containerFormat: string
  readonly diskFormat: string
  readonly visibility: string
  readonly isProtected: boolean
  readonly minDiskGb: number
  readonly properties: Readonly<Record<string, string>>
}

export interface VolumeEvent {
  readonly name: 'volume-extended' | 'volume-reimaged'
  readonly serverId: string
  readonly volumeId: string
}

export interface VolumeNeighbours {
  readonly identity: {
    hasProject(on: OnBehalf, projectId: string): Promise<boolean>
  }
  readonly image: {
    /** Null when there is none the caller sees. */
    find(on: AsCaller, imageId: string): Promise<ImageFacts | null>
    /** A queued image of the caller's; a refusal of the image service is the answer's. */
    create(on: AsCaller, image: NewImage): Promise<{ readonly id: string } | { readonly refusal: string }>
    download(on: OnBehalf, imageId: string): Promise<Readable>
    upload(on: OnBehalf, imageId: string, data: Readable): Promise<void>
    remove(on: OnBehalf, imageId: string): Promise<void>
  }
  readonly compute: {
    /** The attachment by which a server has a volume; null when it has not. */
    attachmentOf(on: OnBehalf, serverId: string, volumeId: string): Promise<string | null>
    /** Tells servers of a volume of theirs; answers how many could be told. */
    tell(on: OnBehalf, events: readonly VolumeEvent[]): Promise<number>
  }
}
