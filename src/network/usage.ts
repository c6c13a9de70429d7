// How much a project has and may have. A counter for each project and resource changes in the same transaction as
// what it counts, so that two requests at once cannot pass the limit together.
import { sql } from 'kysely'
import { fault } from '../model/errors.ts'
import type { Change } from './store.ts'

/** Neutron's defaults (neutron/conf/quota.py, security group and l3 quotas included); -1 is unlimited. */
export const quotaDefaults = {
  network: 100,
  subnet: 100,
  subnetpool: -1,
  port: 500,
  router: 10,
  floatingip: 50,
  rbac_policy: 10,
  security_group: 10,
  security_group_rule: 100,
  trunk: -1,
} as const

export type QuotaResource = keyof typeof quotaDefaults

/**
 * Counts `count` more for the project, or refuses with OverQuota. The service's own ('') are not counted;
 * what the service makes unasked is counted, not refused.
 */
export async function reserve(
  change: Change,
  projectId: string,
  resource: QuotaResource,
  count = 1,
  { enforced = true }: { readonly enforced?: boolean } = {},
): Promise<void> {
  if (projectId === '' || count === 0) return
  const { used, own } = await change.tx
    .insertInto('network_usages')
    .values({ project_id: projectId, resource, used: count })
    .onConflict(conflict =>
      conflict
        .columns(['project_id', 'resource'])
        .doUpdateSet({ used: sql<number>`network_usages.used + excluded.used` }),
    )
    .returning(eb => [
      'used',
      eb
        .selectFrom('network_quotas')
        .select('limit_value')
        .where('network_quotas.project_id', '=', projectId)
        .where('network_quotas.resource', '=', resource)
        .as('own'),
    ])
    .executeTakeFirstOrThrow()
  if (!enforced) return
  const limit = own ?? quotaDefaults[resource]
  if (limit >= 0 && used > limit) throw fault('NetworkOverQuota', { resources: `['${resource}']` })
}

/**
 * Gives back what `reserve` counted. Counters are written before anything else, in removals as in creations: the one
 * order keeps requests of a project from waiting for each other in a circle.
 */
export async function release(
  change: Change,
  projectId: string,
  resource: QuotaResource,
  count = 1,
): Promise<void> {
  if (projectId === '' || count === 0) return
  await change.tx
    .updateTable('network_usages')
    .set({ used: sql<number>`case when used > ${count} then used - ${count} else 0 end` })
    .where('project_id', '=', projectId)
    .where('resource', '=', resource)
    .execute()
}

/** Takes the counters' turn in that order, for removals that only learn later how much they remove. */
export async function holdUsage(
  { tx }: Change,
  projectIds: readonly string[],
  resources: readonly QuotaResource[],
): Promise<void> {
  await tx
    .updateTable('network_usages')
    .set(eb => ({ used: eb.ref('used') }))
    .where('project_id', 'in', projectIds)
    .where('resource', 'in', resources)
    .execute()
}
