// What the volume service is given by main.
import type { Clock } from '../base/time.ts'
import type { Store } from '../platform/store/store.ts'

export interface VolumeDeps {
  readonly store: Store
  readonly clock: Clock
}
