// A disabled compute service: its provider has the trait COMPUTE_STATUS_DISABLED, which placement is told to avoid.
import { cause, type Filter } from './filter.ts'

export const hostEnabled: Filter = {
  name: 'HostEnabled',
  stage: 'placement',
  prepare: () => host =>
    host.enabled
      ? null
      : cause('HostEnabled', 'NoHost.Disabled', undefined, host.disabledReason ?? undefined),
}
