// At most max_io_ops_per_host builds, moves and snapshots at a time on a host. Off by default.
import { cause, type Filter } from './filter.ts'

export const ioOps: Filter = {
  name: 'IoOpsFilter',
  stage: 'filter',
  prepare({ settings }) {
    const refusal = cause('IoOpsFilter', 'NoHost.Busy')
    return host => (host.ioOps < settings.ioOpsPerHostMax ? null : refusal)
  },
}
