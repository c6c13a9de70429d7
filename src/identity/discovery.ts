// What a token can be used for: the version document, and the scopes and catalogue below /auth.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { readCatalog } from './catalog.ts'
import type { IdentityDeps } from './deps.ts'
import { heldRoles, isOf } from './held-roles.ts'
import { page, pageReply } from './listing.ts'
import { dbOf } from './store.ts'
import { domainView, linkTo, versionView } from './views.ts'

export const showVersion = (call: Call<IdentityDeps>): Reply => json(200, versionView(call.request.origin))

export async function showCatalog(call: Call<IdentityDeps>): Promise<Reply> {
  const { auth } = call
  if (!auth.project)
    throw fault('IdentityForbidden', { action: 'a project-scoped token is required for the catalogue' })
  return json(200, {
    catalog: await readCatalog(call.deps.store, auth.userId, auth.project.id),
    links: linkTo(call.request.origin, '/auth/catalog'),
  })
}

export async function listOwnDomains(call: Call<IdentityDeps>): Promise<Reply> {
  const query = dbOf(call)
    .selectFrom('identity_domains as d')
    .selectAll('d')
    .where('d.enabled', '=', 1)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('identity_assignments as a')
          .select('a.role_id')
          .whereRef('a.target_id', '=', 'd.id')
          .where('a.target_type', '=', 'domain')
          .where('a.inherited', '=', 0)
          .where(isOf(call.auth.userId)),
      ),
    )
  return pageReply(call, 'domains', await page(call, query, 'd', {}), domainView)
}

export async function listOwnSystem(call: Call<IdentityDeps>): Promise<Reply> {
  const role = await heldRoles(dbOf(call), {
    user: call.auth.userId,
    kind: 'system',
    target: 'system',
  }).executeTakeFirst()
  return json(200, {
    system: role ? [{ all: true }] : [],
    links: linkTo(call.request.origin, '/auth/system'),
  })
}
