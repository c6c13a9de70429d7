// Servers that ran in a period, for tenant usage.
import type { Kysely } from 'kysely'
import type { Instant } from '../../base/time.ts'
import type { ComputeTables } from '../tables.ts'

export interface UsedServer {
  readonly id: string
  readonly name: string
  readonly project_id: string
  readonly vm_state: string
  readonly flavor_json: string
  readonly launched_at: number | null
  readonly terminated_at: number | null
}

/** Where a page ended: what a marker stands for. */
export interface UsagePosition {
  readonly id: string
  readonly project_id: string
}

/**
 * Servers that had not ended before `start` and were started before `stop`, project by project and by id. novaclient
 * goes on from the last server of the last project.
 * https://opendev.org/openstack/nova/src/branch/master/nova/db/main/api.py (instance_get_active_by_window_joined)
 */
export function listUsedServers(
  db: Kysely<ComputeTables>,
  period: { readonly start: Instant; readonly stop: Instant },
  options: { readonly projectId?: string; readonly after?: UsagePosition; readonly limit: number },
): Promise<UsedServer[]> {
  let query = db
    .selectFrom('servers')
    .select(['id', 'name', 'project_id', 'vm_state', 'flavor_json', 'launched_at', 'terminated_at'])
    .where('launched_at', '<', period.stop)
    .where(eb => eb.or([eb('terminated_at', 'is', null), eb('terminated_at', '>', period.start)]))
  if (options.projectId !== undefined) query = query.where('project_id', '=', options.projectId)
  const { after } = options
  if (after)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('project_id', 'id'), '>', tuple(after.project_id, after.id)),
    )
  return query.orderBy('project_id').orderBy('id').limit(options.limit).execute()
}

/** The server a marker names, deleted or not. */
export const findUsagePosition = (
  db: Kysely<ComputeTables>,
  id: string,
): Promise<UsagePosition | undefined> =>
  db.selectFrom('servers').select(['id', 'project_id']).where('id', '=', id).executeTakeFirst()
