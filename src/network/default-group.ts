// Every project has a security group named `default`: made when it is first needed, once (a unique index decides).
import { newUuid } from '../base/ids.ts'
import { type Change, standardColumns } from './store.ts'
import type { SecurityGroupRulesTable, SecurityGroupsTable } from './tables.ts'
import { reserve } from './usage.ts'

type RuleFacts = Pick<
  SecurityGroupRulesTable,
  | 'direction'
  | 'ethertype'
  | 'protocol'
  | 'port_range_min'
  | 'port_range_max'
  | 'remote_ip_prefix'
  | 'remote_group_id'
>

/** What makes a rule what it is: two with the same text are the same rule. */
export const fingerprint = (rule: RuleFacts): string =>
  [
    rule.direction,
    rule.ethertype,
    rule.protocol ?? 'any',
    rule.port_range_min ?? '',
    rule.port_range_max ?? '',
    rule.remote_group_id ?? rule.remote_ip_prefix ?? '',
  ].join(' ')

/** The id of the project's default group, which is made when it is not there. */
export async function ensureDefaultGroup(change: Change, projectId: string): Promise<string> {
  const known = await find(change, projectId)
  if (known) return known.id
  const row: SecurityGroupsTable = {
    id: newUuid(),
    ...standardColumns(change, projectId, 'Default security group'),
    name: 'default',
    stateful: 1,
  }
  const { numInsertedOrUpdatedRows } = await change.tx
    .insertInto('security_groups')
    .values(row)
    .onConflict(conflict => conflict.doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) {
    // Somebody else made it in between.
    const made = await find(change, projectId)
    if (made) return made.id
    throw new Error(`the default group of ${projectId} is neither there nor to be made`)
  }
  await insertStandardRules(change, row, { fromOwnGroup: true })
  await reserve(change, projectId, 'security_group', 1, { enforced: false })
  return row.id
}

const find = ({ tx }: Change, projectId: string) =>
  tx
    .selectFrom('security_groups')
    .select('id')
    .where('project_id', '=', projectId)
    .where('name', '=', 'default')
    .executeTakeFirst()

/** Everything out; with `fromOwnGroup` also everything in from members of the group. Both families. */
export async function insertStandardRules(
  change: Change,
  group: SecurityGroupsTable,
  { fromOwnGroup }: { readonly fromOwnGroup: boolean },
): Promise<readonly SecurityGroupRulesTable[]> {
  const families = ['IPv4', 'IPv6'] as const
  const directions = fromOwnGroup ? (['ingress', 'egress'] as const) : (['egress'] as const)
  const rules = families.flatMap(ethertype =>
    directions.map(direction => {
      const facts = {
        direction,
        ethertype,
        protocol: null,
        port_range_min: null,
        port_range_max: null,
        remote_ip_prefix: null,
        remote_group_id: direction === 'ingress' ? group.id : null,
      }
      return {
        id: newUuid(),
        ...standardColumns(change, group.project_id, ''),
        security_group_id: group.id,
        ...facts,
        fingerprint: fingerprint(facts),
      }
    }),
  )
  await change.tx.insertInto('security_group_rules').values(rules).execute()
  await reserve(change, group.project_id, 'security_group_rule', rules.length, { enforced: false })
  return rules
}
