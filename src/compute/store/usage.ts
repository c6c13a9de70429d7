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

/** Servers that had not ended before `start` and were started before `stop`, in the order of their ids. */
export function listUsedServers(
  db: Kysely<ComputeTables>,
  period: { readonly start: Instant; readonly stop: Instant },
  options: { readonly projectId?: string; readonly after?: string; readonly limit: number },
): Promise<UsedServer[]> {
  let query = db
    .selectFrom('servers')
    .select(['id', 'name', 'project_id', 'vm_state', 'flavor_json', 'launched_at', 'terminated_at'])
    .where('launched_at', '<', period.stop)
    .where(eb => eb.or([eb('terminated_at', 'is', null), eb('terminated_at', '>', period.start)]))
  if (options.projectId !== undefined) query = query.where('project_id', '=', options.projectId)
  if (options.after !== undefined) query = query.where('id', '>', options.after)
  return query.orderBy('id').limit(options.limit).execute()
}

/** True when there is such a server, deleted or not: what a marker must name. */
export const serverExists = async (db: Kysely<ComputeTables>, id: string): Promise<boolean> =>
  (await db.selectFrom('servers').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
