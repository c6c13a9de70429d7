// `host_status` of servers: what administrators see of the compute service a server runs on (2.16).
import { limits } from '../../model/limits.ts'
import { tables } from '../../platform/store/store.ts'
import type { ComputeDeps } from '../deps.ts'
import type { ComputeTables } from '../tables.ts'
import type { ComputeCall } from './call.ts'
import { versionOf } from './negotiate.ts'

const noHost = () => ''

interface Known {
  readonly until: number
  readonly statuses: ReadonlyMap<string, string>
}

const keptForMs = 1000
const known = new WeakMap<ComputeDeps, Known>()

/** A function from host to status; asks the database at most once a second. */
export async function hostStatuses(call: ComputeCall): Promise<(host: string | null) => string> {
  if (!call.auth.isAdmin || !versionOf(call).has('hostStatus')) return noHost
  const found = known.get(call.deps)
  const statuses = found && found.until > call.deps.clock.now() ? found.statuses : await read(call.deps)
  return host => (host === null ? '' : (statuses.get(host) ?? 'UNKNOWN'))
}

/** The same without waiting, when it was asked for less than a second ago; null otherwise. */
export function hostStatusesNow(call: ComputeCall): ((host: string | null) => string) | null {
  if (!call.auth.isAdmin || !versionOf(call).has('hostStatus')) return noHost
  const found = known.get(call.deps)
  if (!found || found.until <= call.deps.clock.now()) return null
  return host => (host === null ? '' : (found.statuses.get(host) ?? 'UNKNOWN'))
}

async function read(deps: ComputeDeps): Promise<ReadonlyMap<string, string>> {
  const now = deps.clock.now()
  const rows = await tables<ComputeTables>(deps.store)
    .selectFrom('compute_services')
    .select(['host', 'disabled', 'forced_down', 'last_seen_at'])
    .where('binary', '=', 'nova-compute')
    .execute()
  const statuses = new Map(
    rows.map(({ host, disabled, forced_down, last_seen_at }) => [
      host,
      forced_down === 1
        ? 'DOWN'
        : disabled === 1
          ? 'MAINTENANCE'
          : now - last_seen_at <= limits.serviceDownMs
            ? 'UP'
            : 'UNKNOWN',
    ]),
  )
  known.set(deps, { until: now + keptForMs, statuses })
  return statuses
}
