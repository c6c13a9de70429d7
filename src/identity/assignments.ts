// Reads role assignments, and works out what they come to: groups become their members, inherited roles the projects
// below, roles the roles they imply. Four reads however many there are; the rest is arithmetic.
import type { ActorType, Db, TargetType } from './tables.ts'

interface Named {
  readonly id: string
  readonly name: string
  readonly domain: { readonly id: string; readonly name: string } | null
}

export interface Assignment {
  readonly role: Named
  readonly actor: Named & { readonly kind: ActorType }
  readonly target: Named & { readonly kind: TargetType }
  readonly isInherited: boolean
  /** What was really assigned, where this follows from something else. */
  readonly via: {
    readonly groupId?: string
    readonly target?: { readonly kind: TargetType; readonly id: string }
    readonly roleId?: string
  }
}

export interface AssignmentFilter {
  readonly userId?: string
  readonly groupId?: string
  readonly roleId?: string
  readonly projectId?: string
  readonly domainId?: string
  readonly isSystem: boolean
  readonly isInherited?: boolean
  readonly isEffective: boolean
  readonly includeSubtree: boolean
}

/** The assignments as they were made. */
export async function readAssignments(db: Db, filter: AssignmentFilter): Promise<Assignment[]> {
  const { userId, groupId, roleId, projectId, domainId, isSystem, isInherited, includeSubtree } = filter
  const rows = await assignments(db)
    .$if(userId !== undefined, query =>
      query.where('a.actor_type', '=', 'user').where('a.actor_id', '=', userId!),
    )
    .$if(groupId !== undefined, query =>
      query.where('a.actor_type', '=', 'group').where('a.actor_id', '=', groupId!),
    )
    .$if(roleId !== undefined, query => query.where('a.role_id', '=', roleId!))
    .$if(projectId !== undefined, query =>
      query
        .where('a.target_type', '=', 'project')
        .where(({ eb, or }) =>
          or([
            eb('a.target_id', '=', projectId!),
            ...(includeSubtree ? [eb('a.target_id', 'in', below(db, projectId!))] : []),
          ]),
        ),
    )
    .$if(domainId !== undefined, query =>
      query.where('a.target_type', '=', 'domain').where('a.target_id', '=', domainId!),
    )
    .$if(isSystem, query => query.where('a.target_type', '=', 'system'))
    .$if(isInherited !== undefined, query => query.where('a.inherited', '=', isInherited ? 1 : 0))
    .execute()
  return rows.map(toAssignment)
}

const below = (db: Db, projectId: string) =>
  db.selectFrom('identity_project_ancestors').select('project_id').where('ancestor_id', '=', projectId)

/** What each user ends up with on each target. */
export async function expand(db: Db, filter: AssignmentFilter): Promise<Assignment[]> {
  const { userId, roleId, projectId, domainId, isSystem, isInherited } = filter
  const all = (await assignments(db).execute()).map(toAssignment)
  const members = Map.groupBy(await readMembers(db, userId), member => member.group_id)
  const descendants = Map.groupBy(await readDescendants(db), descendant => descendant.ancestor_id)
  const implied = await readImplied(db)
  const inScope = filter.includeSubtree
    ? new Set([projectId, ...(descendants.get(projectId!) ?? []).map(project => project.id)])
    : new Set([projectId])

  const byUser = all.flatMap(one =>
    one.actor.kind === 'user'
      ? [one]
      : (members.get(one.actor.id) ?? []).map(member => ({
          ...one,
          actor: { kind: 'user' as const, ...member.user },
          via: { ...one.via, groupId: one.actor.id },
        })),
  )
  const onTarget = byUser.flatMap(one =>
    one.isInherited
      ? (descendants.get(one.target.id) ?? []).map(project => ({
          ...one,
          target: { kind: 'project' as const, id: project.id, name: project.name, domain: project.domain },
          via: { ...one.via, target: one.target },
        }))
      : [one],
  )
  return (
    onTarget
      .filter(
        ({ actor, target, isInherited: inherited }) =>
          (userId === undefined || actor.id === userId) &&
          (projectId === undefined || (target.kind === 'project' && inScope.has(target.id))) &&
          (domainId === undefined || (target.kind === 'domain' && target.id === domainId)) &&
          (!isSystem || target.kind === 'system') &&
          (isInherited === undefined || inherited === isInherited),
      )
      .flatMap(one => [
        one,
        ...closure(one.role.id, implied).map(role => ({
          ...one,
          role,
          via: { ...one.via, roleId: one.role.id },
        })),
      ])
      // Roles of domains only lead to others: no token has them.
      .filter(({ role }) => role.domain === null && (roleId === undefined || role.id === roleId))
  )
}

const assignments = (db: Db) =>
  db
    .selectFrom('identity_assignments as a')
    .innerJoin('identity_roles as r', 'r.id', 'a.role_id')
    .leftJoin('identity_domains as rd', 'rd.id', 'r.domain_id')
    .leftJoin('identity_users as u', join =>
      join.onRef('u.id', '=', 'a.actor_id').on('a.actor_type', '=', 'user'),
    )
    .leftJoin('identity_groups as g', join =>
      join.onRef('g.id', '=', 'a.actor_id').on('a.actor_type', '=', 'group'),
    )
    .leftJoin('identity_domains as ad', join =>
      join.on(({ eb, or, ref }) =>
        or([eb('ad.id', '=', ref('u.domain_id')), eb('ad.id', '=', ref('g.domain_id'))]),
      ),
    )
    .leftJoin('identity_projects as p', join =>
      join.onRef('p.id', '=', 'a.target_id').on('a.target_type', '=', 'project'),
    )
    .leftJoin('identity_domains as td', join =>
      join.on(({ eb, or, and, ref }) =>
        or([
          eb('td.id', '=', ref('p.domain_id')),
          and([eb('td.id', '=', ref('a.target_id')), eb('a.target_type', '=', 'domain')]),
        ]),
      ),
    )
    .select([
      'a.actor_type',
      'a.actor_id',
      'a.target_type',
      'a.target_id',
      'a.role_id',
      'a.inherited',
      'r.name as role_name',
      'rd.id as role_domain_id',
      'rd.name as role_domain_name',
      'u.name as user_name',
      'g.name as group_name',
      'ad.id as actor_domain_id',
      'ad.name as actor_domain_name',
      'p.name as project_name',
      'td.id as target_domain_id',
      'td.name as target_domain_name',
    ])
    .orderBy('a.target_id')
    .orderBy('a.actor_id')
    .orderBy('r.name')

const domainRef = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' })

function toAssignment(
  row: Awaited<ReturnType<ReturnType<typeof assignments>['execute']>>[number],
): Assignment {
  const targetDomain = domainRef(row.target_domain_id, row.target_domain_name)
  return {
    role: {
      id: row.role_id,
      name: row.role_name,
      domain: domainRef(row.role_domain_id, row.role_domain_name),
    },
    actor: {
      kind: row.actor_type,
      id: row.actor_id,
      name: row.user_name ?? row.group_name ?? '',
      domain: domainRef(row.actor_domain_id, row.actor_domain_name),
    },
    target:
      row.target_type === 'project'
        ? { kind: 'project', id: row.target_id, name: row.project_name ?? '', domain: targetDomain }
        : { kind: row.target_type, id: row.target_id, name: targetDomain?.name ?? '', domain: null },
    isInherited: row.inherited === 1,
    via: {},
  }
}

const readMembers = async (db: Db, userId: string | undefined) =>
  (
    await db
      .selectFrom('identity_memberships as m')
      .innerJoin('identity_users as u', 'u.id', 'm.user_id')
      .innerJoin('identity_domains as d', 'd.id', 'u.domain_id')
      .select(['m.group_id', 'u.id', 'u.name', 'd.id as domain_id', 'd.name as domain_name'])
      .$if(userId !== undefined, query => query.where('m.user_id', '=', userId!))
      .where('m.group_id', 'in', eb => eb.selectFrom('identity_assignments').select('actor_id'))
      .execute()
  ).map(row => ({
    group_id: row.group_id,
    user: { id: row.id, name: row.name, domain: { id: row.domain_id, name: row.domain_name } },
  }))

const readDescendants = async (db: Db) =>
  (
    await db
      .selectFrom('identity_project_ancestors as line')
      .innerJoin('identity_projects as p', 'p.id', 'line.project_id')
      .innerJoin('identity_domains as d', 'd.id', 'p.domain_id')
      .select(['line.ancestor_id', 'p.id', 'p.name', 'd.id as domain_id', 'd.name as domain_name'])
      .execute()
  ).map(row => ({
    ancestor_id: row.ancestor_id,
    id: row.id,
    name: row.name,
    domain: { id: row.domain_id, name: row.domain_name },
  }))

async function readImplied(db: Db): Promise<ReadonlyMap<string, readonly Named[]>> {
  const rows = await db
    .selectFrom('identity_implied_roles as i')
    .innerJoin('identity_roles as r', 'r.id', 'i.implied_role_id')
    .leftJoin('identity_domains as d', 'd.id', 'r.domain_id')
    .select(['i.prior_role_id', 'r.id', 'r.name', 'd.id as domain_id', 'd.name as domain_name'])
    .execute()
  return Map.groupBy(
    rows.map(row => ({
      prior: row.prior_role_id,
      id: row.id,
      name: row.name,
      domain: domainRef(row.domain_id, row.domain_name),
    })),
    role => role.prior,
  )
}

/** Everything `roleId` implies, itself left out; rules may go in circles. */
function closure(roleId: string, implied: ReadonlyMap<string, readonly Named[]>): readonly Named[] {
  const known = new Map<string, Named>()
  const visit = (id: string): void => {
    for (const role of implied.get(id) ?? []) {
      if (role.id === roleId || known.has(role.id)) continue
      known.set(role.id, role)
      visit(role.id)
    }
  }
  visit(roleId)
  return [...known.values()]
}
