// What the placement service is given by main.
import type { Clock } from '../base/time.ts'
import type { Store } from '../platform/store/store.ts'
import type { PlacementQueries } from './store.ts'

export interface PlacementDeps {
  readonly store: Store
  readonly clock: Clock
  readonly queries: PlacementQueries
}
