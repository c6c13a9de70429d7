// The compute service has reported within service_down_time. Whether it is enabled is placement's check already.
import { cause, type Filter } from './filter.ts'

export const compute: Filter = {
  name: 'ComputeFilter',
  stage: 'filter',
  prepare() {
    const refusal = cause('ComputeFilter', 'NoHost.Down')
    return host => (host.up ? null : refusal)
  },
}
