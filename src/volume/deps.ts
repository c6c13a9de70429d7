// What the volume service is given by main.
import type { Clock } from '../base/time.ts'
import type { Store } from '../platform/store/store.ts'
import type { VolumeFiles } from './files.ts'
import type { VolumeNeighbours } from './neighbours.ts'
import type { VolumeWork } from './work.ts'

export interface VolumeDeps {
  readonly store: Store
  readonly clock: Clock
  readonly neighbours: VolumeNeighbours
  /** Does what was accepted; told when there is more. */
  readonly work: Pick<VolumeWork, 'wake'>
  /** What lies there already, and what is called otherwise when volumes change places. */
  readonly files: Pick<VolumeFiles, 'listExisting' | 'rename'>
  /** Where volumes are said to be. */
  readonly host: string
}
