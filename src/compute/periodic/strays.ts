// Machines nobody wants any more go.
import { limits } from '../../model/limits.ts'
import { removeStrays } from '../agent/audit.ts'
import type { PeriodicTask } from './periodic.ts'
import type { PeriodicDeps } from './table.ts'

export const strays = (deps: PeriodicDeps): PeriodicTask => ({
  name: 'strays',
  everyMs: limits.strayAuditMs,
  async run(signal) {
    for (const [host, driver] of deps.drivers) {
      if (signal.aborted) return
      try {
        await removeStrays(deps, host, driver, deps.log)
      } catch (error) {
        deps.log.error(`the machines of ${host} could not be looked over`, { error })
      }
    }
  },
})
