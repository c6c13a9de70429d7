// Providers of disabled compute services have the trait that says so; where placement did not hear of it, it does now
// (nova/compute/manager.py, update_available_resource).
import { limits } from '../../model/limits.ts'
import { syncProviderStatus } from '../provider-status.ts'
import { ownContext } from './finding.ts'
import type { PeriodicTask } from './periodic.ts'
import type { PeriodicDeps } from './table.ts'

export const providerStatus = (deps: PeriodicDeps): PeriodicTask => ({
  name: 'provider-status',
  everyMs: limits.periodicMs,
  run() {
    const context = ownContext()
    return syncProviderStatus(deps, { ids: context, log: deps.log.under(context) })
  },
})
