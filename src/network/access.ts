// Who sees and does what. Neutron's rules: one's own, what is shared, what is external; administrators everything.
// What one does not see is 404; what one sees but may not do is 403.
import type { Kysely } from 'kysely'
import { type ErrorCode, fault } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import type { Auth } from '../platform/http/auth.ts'
import type { Call } from '../platform/http/call.ts'
import type { AnyTables } from '../platform/store/store.ts'
import type { NetworkDeps } from './deps.ts'
import type { Resource } from './resource.ts'
import type { NetworkTables } from './tables.ts'

/** The project whose things a caller sees; one that owns nothing when the token has none (system-owned ports have ''). */
export const projectOf = (auth: Auth): string => auth.project?.id ?? '-'

/**
 * Refuses (403) unless the caller may do `action` on `projectId`'s resource and `rules` on `attributesOf`'s
 * (the network owner's, for ports; else the same project).
 */
export function authorise(
  call: Call<NetworkDeps>,
  action: PolicyRule,
  projectId: string,
  rules: readonly PolicyRule[] = [],
  attributesOf: readonly string[] = [projectId],
): void {
  const allowed =
    call.allows(action, { projectId }) &&
    rules.every(rule => attributesOf.some(project => call.allows(rule, { projectId: project })))
  if (allowed) return
  const names = [action, ...rules].map(rule => `rule:${rule}`)
  throw fault('NetworkPolicyDenied', { rules: names.length === 1 ? names[0] : `(${names.join(' and ')})` })
}

/** The row with this id as far as the caller sees it; else the resource's 404. */
export async function find<R extends { id: string }>(
  db: Kysely<NetworkTables>,
  resource: Resource<R>,
  id: string,
  auth: Auth,
): Promise<R> {
  const row = await lookUp(db, resource, id, auth)
  if (!row) throw fault(resource.notFound satisfies ErrorCode, { id })
  return row
}

/** Like `find`, answering undefined. */
export async function lookUp<R extends { id: string }>(
  db: Kysely<NetworkTables>,
  resource: Resource<R>,
  id: string,
  auth: Auth,
): Promise<R | undefined> {
  if (id.includes('\0')) return undefined // PostgreSQL refuses such text instead of not finding it
  let query = (db as Kysely<AnyTables>).selectFrom(resource.table).selectAll().where('id', '=', id)
  if (!auth.isAdmin) query = query.where(resource.visible(projectOf(auth)))
  return (await query.executeTakeFirst()) as R | undefined // the resource's table has R's columns
}
