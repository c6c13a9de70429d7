// What the image service is given by main.
import type { Clock } from '../base/time.ts'
import type { Store } from '../platform/store/store.ts'

export interface ImageDeps {
  readonly store: Store
  readonly clock: Clock
  /** Where the data of images lies; made when it is not there. */
  readonly folder: string
  /** Largest image taken, in bytes; `limits.imageBytesMax` when not given. */
  readonly imageBytesMax?: number
}
