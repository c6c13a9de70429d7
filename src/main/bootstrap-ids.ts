// Ids of the projects every cloud has, which identity made and the other services' first resources belong to.

import type { IdentityTables } from '../identity/tables.ts'
import { type Store, tables } from '../platform/store/store.ts'

export async function projectIds(store: Store): Promise<{ readonly admin: string; readonly demo: string }> {
  const rows = await tables<IdentityTables>(store)
    .selectFrom('identity_projects')
    .select(['id', 'name'])
    .where('domain_id', '=', 'default')
    .where('name', 'in', ['admin', 'demo'])
    .execute()
  const idOf = (name: string) => rows.find(row => row.name === name)?.id ?? ''
  return { admin: idOf('admin'), demo: idOf('demo') }
}
