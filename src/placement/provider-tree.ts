// Trees of providers: each knows its parent and its root.
import type { PlacementTx } from './store.ts'
import type { ProvidersTable } from './tables.ts'

/** The root of a provider's tree; undefined when there is no such provider. Its row is held, so that it stays. */
export async function rootOf(tx: PlacementTx, uuid: string): Promise<string | undefined> {
  const found = await tx
    .updateTable('placement_providers')
    .set(eb => ({ updated_at: eb.ref('updated_at') }))
    .where('uuid', '=', uuid)
    .returning('root_uuid')
    .executeTakeFirst()
  return found?.root_uuid
}

/** The provider and everything below it. */
export async function descendants(tx: PlacementTx, provider: ProvidersTable): Promise<readonly string[]> {
  const tree = await tx
    .selectFrom('placement_providers')
    .select(['uuid', 'parent_uuid'])
    .where('root_uuid', '=', provider.root_uuid)
    .execute()
  const found = [provider.uuid]
  // Grows while it is walked: children of those found are found later.
  for (const uuid of found)
    found.push(...tree.filter(node => node.parent_uuid === uuid).map(node => node.uuid))
  return found
}
