// Joining a server group by the `group` hint.
import type { Transaction } from 'kysely'
import { fault } from '../../../model/errors.ts'
import { checkGroupMemberQuota, type QuotaOwner } from '../../store/quotas.ts'
import { findServerGroup } from '../../store/server-groups.ts'
import type { ComputeTables } from '../../tables.ts'

/** The group's id once `adding` servers may join it; null without a hint; refuses (400) a group not the project's own. */
export async function joinGroup(
  tx: Transaction<ComputeTables>,
  owner: QuotaOwner,
  hint: unknown,
  adding: number,
): Promise<string | null> {
  if (typeof hint !== 'string') return null
  const group = await findServerGroup(tx, hint)
  if (!group || group.project_id !== owner.projectId) throw fault('GroupInHintNotFound', { group: hint })
  await checkGroupMemberQuota(tx, owner, group.id, adding)
  return group.id
}
