// What the volume service is given by main.
import type { Clock } from '../base/time.ts'

export interface VolumeDeps {
  readonly clock: Clock
}
