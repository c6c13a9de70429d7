// The services of this process say that they are up.
import { limits } from '../../model/limits.ts'
import { beat } from '../agent/registry.ts'
import type { PeriodicTask } from './periodic.ts'
import type { PeriodicDeps } from './table.ts'

export const heartbeat = (deps: PeriodicDeps): PeriodicTask => ({
  name: 'heartbeat',
  everyMs: limits.serviceReportMs,
  run: () => beat(deps, [...deps.drivers.keys(), deps.thisHost]),
})
