// At most max_instances_per_host servers on a host. Off by default.
import { cause, type Filter } from './filter.ts'

export const numInstances: Filter = {
  name: 'NumInstancesFilter',
  stage: 'filter',
  prepare({ settings }) {
    const refusal = cause('NumInstancesFilter', 'NoHost.TooManyServers')
    return host => (host.servers < settings.serversPerHostMax ? null : refusal)
  },
}
