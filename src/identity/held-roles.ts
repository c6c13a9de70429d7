// Which roles somebody holds somewhere: their own, their groups', those inherited from above, and what these imply.
import type { ExpressionBuilder, SelectQueryBuilder } from 'kysely'
import type { Db, IdentityTables } from './tables.ts'

export interface Holding {
  readonly user: string
  /** project, domain or system. */
  readonly kind: string
  /** The project's or domain's id; `system`. */
  readonly target: string
}

type AssignmentAsA = { a: IdentityTables['identity_assignments'] }

/** Assignments (alias `a`) of the user, or of a group they are in. */
export const isOf = (user: string) => (eb: ExpressionBuilder<IdentityTables & AssignmentAsA, 'a'>) =>
  eb.or([
    eb('a.actor_id', '=', user),
    eb(
      'a.actor_id',
      'in',
      eb.selectFrom('identity_memberships as m').select('m.group_id').where('m.user_id', '=', user),
    ),
  ])

/** Role ids assigned to the user on the target, directly or not; without those implied. */
export const heldRoles = (db: Db, { user, kind, target }: Holding) =>
  db
    .selectFrom('identity_assignments as a')
    .select('a.role_id')
    .where(isOf(user))
    .where(({ eb, or, and, selectFrom }) =>
      or([
        and([
          eb('a.target_id', '=', target),
          eb('a.target_type', '=', kind as 'project'),
          eb('a.inherited', '=', 0),
        ]),
        and([
          eb('a.inherited', '=', 1),
          eb(
            'a.target_id',
            'in',
            selectFrom('identity_project_ancestors as up')
              .select('up.ancestor_id')
              .where('up.project_id', '=', target),
          ),
        ]),
      ]),
    )

/** The cloud's roles (as `role`) among `start` and everything they imply; domain roles only lead to others. */
export const withImplied = (
  db: Db,
  start: SelectQueryBuilder<IdentityTables & Record<string, unknown>, never, { role_id: string }>,
) =>
  db
    .withRecursive('held', cte =>
      start.union(
        cte
          .selectFrom('identity_implied_roles as i')
          .innerJoin('held', 'held.role_id', 'i.prior_role_id')
          .select('i.implied_role_id as role_id'),
      ),
    )
    .selectFrom('identity_roles as role')
    .innerJoin('held', 'held.role_id', 'role.id')
    .where('role.domain_id', '=', '')
