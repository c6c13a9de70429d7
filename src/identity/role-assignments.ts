// `GET /role_assignments`: who has which role where, as assigned, or (`effective`) as it works out for each user.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import { type Assignment, type AssignmentFilter, expand, readAssignments } from './assignments.ts'
import type { IdentityDeps } from './deps.ts'
import { collection, isAsked } from './listing.ts'
import { dbOf, findProject } from './store.ts'
import { identityPrefix } from './views.ts'

export async function listRoleAssignments(call: Call<IdentityDeps>): Promise<Reply> {
  const filter = filterOf(call)
  if (filter.includeSubtree && filter.projectId !== undefined) await findProject(dbOf(call), filter.projectId)
  const assignments = filter.isEffective
    ? await expand(dbOf(call), filter)
    : await readAssignments(dbOf(call), filter)
  const withNames = isAsked(call, 'include_names')
  return collection(
    call,
    'role_assignments',
    assignments.map(assignment => assignmentView(assignment, withNames, call.request.origin)),
  )
}

function filterOf(call: Call<IdentityDeps>): AssignmentFilter {
  const one = (name: string) => call.query.one(name) || undefined
  const inheritedTo = call.query.one('scope.OS-INHERIT:inherited_to')
  const filter: AssignmentFilter = {
    userId: one('user.id'),
    groupId: one('group.id'),
    roleId: one('role.id'),
    projectId: one('scope.project.id'),
    domainId: one('scope.domain.id'),
    isSystem: one('scope.system') !== undefined,
    isInherited: inheritedTo === undefined ? undefined : inheritedTo === 'projects',
    isEffective: isAsked(call, 'effective'),
    includeSubtree: isAsked(call, 'include_subtree'),
  }
  const wrong = contradiction(filter)
  if (wrong) throw fault('InvalidInput', { reason: wrong })
  return filter
}

// keystone/api/role_assignments.py: combinations that make no sense are refused, not answered with nothing.
function contradiction(filter: AssignmentFilter): string | null {
  const { userId, groupId, projectId, domainId, isSystem, isEffective, isInherited } = filter
  if (domainId && projectId) return 'Specify a domain or project, not both'
  if (domainId && isSystem) return 'Specify system or domain, not both'
  if (projectId && isSystem) return 'Specify system or project, not both'
  if (userId && groupId) return 'Specify a user or group, not both'
  if (isEffective && groupId)
    return 'Combining effective and group filter will always result in an empty list.'
  if (isEffective && isInherited && domainId)
    return 'Combining effective, domain and inherited filters will always result in an empty list.'
  if (filter.includeSubtree && !projectId)
    return 'scope.project.id must be specified if include_subtree is also specified'
  return null
}

function assignmentView(
  { role, actor, target, isInherited, via }: Assignment,
  withNames: boolean,
  origin: string,
) {
  const shown = (thing: Assignment['role']) =>
    withNames
      ? { id: thing.id, name: thing.name, ...(thing.domain && { domain: thing.domain }) }
      : { id: thing.id }
  const base = `${origin}${identityPrefix}`
  const from = via.target ?? target
  const where = from.kind === 'system' ? '/system' : `/${from.kind}s/${from.id}`
  const who = via.groupId === undefined ? `/${actor.kind}s/${actor.id}` : `/groups/${via.groupId}`
  const path = `${where}${who}/roles/${via.roleId ?? role.id}`
  return {
    links: {
      assignment: isInherited ? `${base}/OS-INHERIT${path}/inherited_to_projects` : base + path,
      ...(via.groupId !== undefined && { membership: `${base}/groups/${via.groupId}/users/${actor.id}` }),
      ...(via.roleId !== undefined && {
        prior_role: `${base}/prior_role/${via.roleId}/implies/${role.id}`,
      }),
    },
    scope: {
      ...(target.kind === 'system' ? { system: { all: true } } : { [target.kind]: shown(target) }),
      ...(isInherited && { 'OS-INHERIT:inherited_to': 'projects' }),
    },
    [actor.kind]: shown(actor),
    role: shown(role),
  }
}
