// Hosts that came back give up what was built elsewhere meanwhile.
import { limits } from '../../model/limits.ts'
import { removeEvacuated } from '../agent/evacuated.ts'
import { ownContext } from './finding.ts'
import type { PeriodicTask } from './periodic.ts'
import type { PeriodicDeps } from './table.ts'

export const evacuated = (deps: PeriodicDeps): PeriodicTask => ({
  name: 'evacuated',
  everyMs: limits.periodicMs,
  async run(signal) {
    const ids = ownContext()
    const log = deps.log.under(ids)
    for (const [host, driver] of deps.drivers) {
      if (signal.aborted) return
      await removeEvacuated(deps, { ids, log }, host, driver, log)
    }
  },
})
