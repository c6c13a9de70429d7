// Every route of the identity service, a row each: what it needs to be allowed, what it takes, who answers.
import { isObject } from '../base/json.ts'
import type { PolicyRule } from '../model/policies.ts'
import { type Handler, type Route, row } from '../platform/http/service.ts'
import type { Method } from '../platform/http/types.ts'
import * as credentials from './application-credentials.ts'
import { expecting } from './authenticate.ts'
import type { IdentityDeps } from './deps.ts'
import { listOwnDomains, listOwnSystem, showCatalog, showVersion } from './discovery.ts'
import * as domains from './domains.ts'
import * as ec2 from './ec2-credentials.ts'
import * as endpoints from './endpoints.ts'
import { checkGrant, createGrant, type GrantKind, listGrants, revokeGrant } from './grants.ts'
import * as groups from './groups.ts'
import * as implied from './implied-roles.ts'
import * as policies from './policy-blobs.ts'
import * as tags from './project-tags.ts'
import { listOwnProjects, listProjects, listUserProjects } from './project-tree.ts'
import { createProject, deleteProject, showProject, updateProject } from './projects.ts'
import * as regions from './regions.ts'
import { listRoleAssignments } from './role-assignments.ts'
import * as roles from './roles.ts'
import * as schemas from './schemas.ts'
import * as services from './services.ts'
import * as stored from './stored-credentials.ts'
import { issueToken, revokeToken, showToken } from './tokens.ts'
import * as users from './users.ts'

type IdentityRoute = Route<IdentityDeps>
type IdentityHandler = Handler<IdentityDeps>

/** Only for those `rule` allows, whatever the request is about. */
const guarded = (rule: PolicyRule, method: Method, path: string, handler: IdentityHandler): IdentityRoute =>
  row(
    method,
    path,
    call => {
      call.enforce(rule)
      return handler(call)
    },
    { reads: 'nothing' },
  )

/** With a body, which is looked at after the policy: strangers learn nothing about what it should hold. */
const writing = (
  rule: PolicyRule | null,
  method: Method,
  path: string,
  handler: IdentityHandler,
  schema: object & { readonly required?: readonly string[] },
): IdentityRoute =>
  row(method, path, handler, {
    ...(rule === null ? { auth: 'open' } : {}),
    body: call => {
      if (rule !== null) call.enforce(rule)
      const { body = {} } = call
      if (!isObject(body)) throw expecting('valid JSON object', 'request body')
      const missing = schema.required?.find(name => !(name in body))
      if (missing !== undefined) throw expecting(missing, 'request body')
      return schema
    },
  })

/** For everybody with a token; the handler looks at whose it is. */
const read = (path: string, handler: IdentityHandler): IdentityRoute => row('GET', path, handler)

const grantRoutes = (kind: GrantKind): IdentityRoute[] => {
  const target = kind.target === 'system' ? '/system' : `/${kind.target}s/{id}`
  const base = `${kind.inherited ? '/OS-INHERIT' : ''}${target}/${kind.actor}s/{actor_id}/roles`
  const end = kind.inherited ? '/inherited_to_projects' : ''
  return [
    guarded('identity:list_grants', 'GET', base + end, listGrants(kind)),
    guarded('identity:check_grant', 'GET', `${base}/{role_id}${end}`, checkGrant(kind)),
    guarded('identity:create_grant', 'PUT', `${base}/{role_id}${end}`, createGrant(kind)),
    guarded('identity:revoke_grant', 'DELETE', `${base}/{role_id}${end}`, revokeGrant(kind)),
  ]
}

const grantKinds: readonly GrantKind[] = (['user', 'group'] as const).flatMap(actor => [
  { target: 'project', actor, inherited: false },
  { target: 'domain', actor, inherited: false },
  { target: 'system', actor, inherited: false },
  { target: 'project', actor, inherited: true },
  { target: 'domain', actor, inherited: true },
])

const routes: readonly IdentityRoute[] = [
  row('GET', '/', showVersion, { auth: 'open' }),

  writing(null, 'POST', '/auth/tokens', issueToken, schemas.authRequest),
  read('/auth/tokens', showToken),
  row('DELETE', '/auth/tokens', revokeToken),
  guarded('identity:get_auth_catalog', 'GET', '/auth/catalog', showCatalog),
  guarded('identity:get_auth_projects', 'GET', '/auth/projects', listOwnProjects),
  guarded('identity:get_auth_domains', 'GET', '/auth/domains', listOwnDomains),
  guarded('identity:get_auth_system', 'GET', '/auth/system', listOwnSystem),

  guarded('identity:list_domains', 'GET', '/domains', domains.listDomains),
  read('/domains/{id}', domains.showDomain),
  writing('identity:create_domain', 'POST', '/domains', domains.createDomain, schemas.domainCreate),
  writing('identity:update_domain', 'PATCH', '/domains/{id}', domains.updateDomain, schemas.domainUpdate),
  guarded('identity:delete_domain', 'DELETE', '/domains/{id}', domains.deleteDomain),

  guarded('identity:list_projects', 'GET', '/projects', listProjects),
  read('/projects/{id}', showProject),
  writing('identity:create_project', 'POST', '/projects', createProject, schemas.projectCreate),
  writing('identity:update_project', 'PATCH', '/projects/{id}', updateProject, schemas.projectUpdate),
  guarded('identity:delete_project', 'DELETE', '/projects/{id}', deleteProject),
  read('/projects/{id}/tags', tags.listTags),
  read('/projects/{id}/tags/{tag}', tags.checkTag),
  writing(
    'identity:update_project_tags',
    'PUT',
    '/projects/{id}/tags',
    tags.replaceTags,
    schemas.projectTagsUpdate,
  ),
  guarded('identity:create_project_tag', 'PUT', '/projects/{id}/tags/{tag}', tags.addTag),
  guarded('identity:delete_project_tags', 'DELETE', '/projects/{id}/tags', tags.clearTags),
  guarded('identity:delete_project_tag', 'DELETE', '/projects/{id}/tags/{tag}', tags.removeTag),

  guarded('identity:list_users', 'GET', '/users', users.listUsers),
  read('/users/{id}', users.showUser),
  writing('identity:create_user', 'POST', '/users', users.createUser, schemas.userCreate),
  writing('identity:update_user', 'PATCH', '/users/{id}', users.updateUser, schemas.userUpdate),
  guarded('identity:delete_user', 'DELETE', '/users/{id}', users.deleteUser),
  writing(null, 'POST', '/users/{id}/password', users.changePassword, schemas.passwordChange),
  read('/users/{id}/projects', listUserProjects),
  read('/users/{id}/groups', groups.listUserGroups),
  read('/users/{id}/application_credentials', credentials.listCredentials),
  read('/users/{id}/application_credentials/{credential_id}', credentials.showCredential),
  writing(
    'identity:create_application_credential',
    'POST',
    '/users/{id}/application_credentials',
    credentials.createCredential,
    schemas.credentialCreate,
  ),
  row('DELETE', '/users/{id}/application_credentials/{credential_id}', credentials.deleteCredential),

  read('/users/{id}/credentials/OS-EC2', ec2.listEc2Credentials),
  read('/users/{id}/credentials/OS-EC2/{access}', ec2.showEc2Credential),
  writing(
    'identity:ec2_create_credential',
    'POST',
    '/users/{id}/credentials/OS-EC2',
    ec2.createEc2Credential,
    schemas.ec2CredentialCreate,
  ),
  row('DELETE', '/users/{id}/credentials/OS-EC2/{access}', ec2.deleteEc2Credential),
  read('/credentials', stored.listStoredCredentials),
  read('/credentials/{id}', stored.showStoredCredential),
  writing(
    'identity:create_credential',
    'POST',
    '/credentials',
    stored.createStoredCredential,
    schemas.storedCredentialCreate,
  ),
  writing(
    'identity:update_credential',
    'PATCH',
    '/credentials/{id}',
    stored.updateStoredCredential,
    schemas.storedCredentialUpdate,
  ),
  row('DELETE', '/credentials/{id}', stored.deleteStoredCredential),

  guarded('identity:list_groups', 'GET', '/groups', groups.listGroups),
  guarded('identity:get_group', 'GET', '/groups/{id}', groups.showGroup),
  writing('identity:create_group', 'POST', '/groups', groups.createGroup, schemas.groupCreate),
  writing('identity:update_group', 'PATCH', '/groups/{id}', groups.updateGroup, schemas.groupUpdate),
  guarded('identity:delete_group', 'DELETE', '/groups/{id}', groups.deleteGroup),
  guarded('identity:list_users_in_group', 'GET', '/groups/{id}/users', groups.listGroupUsers),
  read('/groups/{id}/users/{user_id}', groups.checkMembership),
  guarded('identity:add_user_to_group', 'PUT', '/groups/{id}/users/{user_id}', groups.addMember),
  guarded('identity:remove_user_from_group', 'DELETE', '/groups/{id}/users/{user_id}', groups.removeMember),

  guarded('identity:list_roles', 'GET', '/roles', roles.listRoles),
  guarded('identity:get_role', 'GET', '/roles/{id}', roles.showRole),
  writing('identity:create_role', 'POST', '/roles', roles.createRole, schemas.roleCreate),
  writing('identity:update_role', 'PATCH', '/roles/{id}', roles.updateRole, schemas.roleUpdate),
  guarded('identity:delete_role', 'DELETE', '/roles/{id}', roles.deleteRole),
  guarded('identity:list_implied_roles', 'GET', '/roles/{id}/implies', implied.listImpliedRoles),
  guarded('identity:get_implied_role', 'GET', '/roles/{id}/implies/{implied_id}', implied.showImpliedRole),
  guarded(
    'identity:create_implied_role',
    'PUT',
    '/roles/{id}/implies/{implied_id}',
    implied.createImpliedRole,
  ),
  guarded(
    'identity:delete_implied_role',
    'DELETE',
    '/roles/{id}/implies/{implied_id}',
    implied.deleteImpliedRole,
  ),
  guarded('identity:list_role_inference_rules', 'GET', '/role_inferences', implied.listRoleInferences),
  guarded('identity:list_role_assignments', 'GET', '/role_assignments', listRoleAssignments),
  ...grantKinds.flatMap(grantRoutes),

  guarded('identity:list_policies', 'GET', '/policies', policies.listPolicies),
  guarded('identity:get_policy', 'GET', '/policies/{id}', policies.showPolicy),
  writing('identity:create_policy', 'POST', '/policies', policies.createPolicy, schemas.policyCreate),
  writing('identity:update_policy', 'PATCH', '/policies/{id}', policies.updatePolicy, schemas.policyUpdate),
  guarded('identity:delete_policy', 'DELETE', '/policies/{id}', policies.deletePolicy),

  guarded('identity:list_regions', 'GET', '/regions', regions.listRegions),
  guarded('identity:get_region', 'GET', '/regions/{id}', regions.showRegion),
  writing('identity:create_region', 'POST', '/regions', regions.createRegion, schemas.regionCreate),
  writing('identity:create_region', 'PUT', '/regions/{id}', regions.createRegion, schemas.regionCreate),
  writing('identity:update_region', 'PATCH', '/regions/{id}', regions.updateRegion, schemas.regionUpdate),
  guarded('identity:delete_region', 'DELETE', '/regions/{id}', regions.deleteRegion),

  guarded('identity:list_services', 'GET', '/services', services.listServices),
  guarded('identity:get_service', 'GET', '/services/{id}', services.showService),
  writing('identity:create_service', 'POST', '/services', services.createService, schemas.serviceCreate),
  writing(
    'identity:update_service',
    'PATCH',
    '/services/{id}',
    services.updateService,
    schemas.serviceUpdate,
  ),
  guarded('identity:delete_service', 'DELETE', '/services/{id}', services.deleteService),

  guarded('identity:list_endpoints', 'GET', '/endpoints', endpoints.listEndpoints),
  guarded('identity:get_endpoint', 'GET', '/endpoints/{id}', endpoints.showEndpoint),
  writing('identity:create_endpoint', 'POST', '/endpoints', endpoints.createEndpoint, schemas.endpointCreate),
  writing(
    'identity:update_endpoint',
    'PATCH',
    '/endpoints/{id}',
    endpoints.updateEndpoint,
    schemas.endpointUpdate,
  ),
  guarded('identity:delete_endpoint', 'DELETE', '/endpoints/{id}', endpoints.deleteEndpoint),
]

/** Whatever can be got can be asked for with HEAD. */
export const identityRoutes: readonly IdentityRoute[] = routes.flatMap(route =>
  route.method === 'GET' ? [route, { ...route, method: 'HEAD' as const }] : [route],
)
