// Every periodic task, and whether it is on.
import type { Clock } from '../../base/time.ts'
import type { Log } from '../../platform/journal/log.ts'
import type { Store } from '../../platform/store/store.ts'
import type { ComputeSettings, Conductor } from '../deps.ts'
import type { PlacementNeighbour } from '../neighbours/neighbours.ts'
import type { Driver } from '../virt/driver.ts'
import { confirm } from './confirm.ts'
import { evacuated } from './evacuated.ts'
import { heartbeat } from './heartbeat.ts'
import { offload } from './offload.ts'
import type { PeriodicTask } from './periodic.ts'
import { powerSync } from './power-sync.ts'
import { providerStatus } from './provider-status.ts'
import { reclaim } from './reclaim.ts'
import { strays } from './strays.ts'

export interface PeriodicDeps {
  readonly store: Store
  readonly clock: Clock
  readonly settings: ComputeSettings
  readonly conductor: Conductor
  readonly placement: PlacementNeighbour
  /** The hosts of this process, by name. */
  readonly drivers: ReadonlyMap<string, Driver>
  /** Where this process itself runs. */
  readonly thisHost: string
  /** nova-compute's. */
  readonly log: Log
}

interface Row {
  readonly task: (deps: PeriodicDeps) => PeriodicTask
  readonly isOn: (settings: ComputeSettings) => boolean
}

const always = () => true

const rows: readonly Row[] = [
  { task: heartbeat, isOn: always },
  { task: providerStatus, isOn: always },
  { task: strays, isOn: always },
  { task: evacuated, isOn: always },
  { task: powerSync, isOn: ({ syncPowerStateSeconds }) => syncPowerStateSeconds > 0 },
  { task: reclaim, isOn: ({ reclaimSeconds }) => reclaimSeconds > 0 },
  { task: offload, isOn: ({ shelvedOffloadSeconds }) => shelvedOffloadSeconds > 0 },
  { task: confirm, isOn: ({ resizeConfirmSeconds }) => resizeConfirmSeconds > 0 },
]

/** The tasks that are on. */
export const periodicTasks = (deps: PeriodicDeps): readonly PeriodicTask[] =>
  rows.filter(({ isOn }) => isOn(deps.settings)).map(({ task }) => task(deps))
