// For what? The scope of a token to be: the one asked for, or the user's default project, or none.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { tables } from '../platform/store/store.ts'
import { domainIs, expecting, namesNeeded, type Proof, unauthorized } from './authenticate.ts'
import type { IdentityDeps } from './deps.ts'
import type { Reference, ScopedReference, ScopeRequest } from './schemas.ts'
import type { IdentityTables } from './tables.ts'
import type { Scope } from './token-format.ts'

const scopeNames = ['project', 'domain', 'OS-TRUST:trust', 'system', 'unscoped'] as const

/** `fallback`: nobody asked for this scope, so a token without one is given when the user may not have it. */
export interface WantedScope {
  readonly scope: Scope
  readonly isFallback: boolean
}

export async function chooseScope(
  call: Call<IdentityDeps>,
  asked: ScopeRequest | undefined,
  proof: Proof,
): Promise<WantedScope> {
  if (proof.credential) return credentialScope(call, asked, proof, proof.credential.projectId)
  if (asked === undefined) return defaultScope(call, proof.userId)
  return { scope: await askedScope(call, asked), isFallback: false }
}

async function askedScope(call: Call<IdentityDeps>, asked: ScopeRequest): Promise<Scope> {
  if (typeof asked === 'string') {
    if (asked === 'unscoped') return { kind: 'none' }
    throw expecting(oneScope, 'scope')
  }
  if (scopeNames.filter(name => name in asked).length !== 1) throw expecting(oneScope, 'scope')
  if (asked.project) return { kind: 'project', id: await findProject(call, asked.project) }
  if (asked.domain) return { kind: 'domain', id: await findDomain(call, asked.domain) }
  if ('OS-TRUST:trust' in asked) throw fault('NotImplementedHere', { what: 'trusts' })
  if (asked.system) {
    if (asked.system.all !== true) throw expecting('all', 'system')
    return { kind: 'system' }
  }
  return { kind: 'none' }
}

const oneScope = 'project, domain, OS-TRUST:trust, system or unscoped'

/** An application credential has its project for scope; a token made from one stays there. */
async function credentialScope(
  call: Call<IdentityDeps>,
  asked: ScopeRequest | undefined,
  proof: Proof,
  projectId: string,
): Promise<WantedScope> {
  const scope = { kind: 'project', id: projectId } as const
  if (asked === undefined) return { scope, isFallback: false }
  if (!proof.parent) throw fault('IdentityCredentialScope')
  const wanted = await askedScope(call, asked)
  if (wanted.kind !== 'project' || wanted.id !== projectId)
    throw fault('IdentityForbidden', { action: 'rescope a scoped token' })
  return { scope, isFallback: false }
}

async function defaultScope(call: Call<IdentityDeps>, userId: string): Promise<WantedScope> {
  const user = await tables<IdentityTables>(call.deps.store)
    .selectFrom('identity_users')
    .select('default_project_id')
    .where('id', '=', userId)
    .executeTakeFirst()
  return user?.default_project_id
    ? { scope: { kind: 'project', id: user.default_project_id }, isFallback: true }
    : { scope: { kind: 'none' }, isFallback: false }
}

// What cannot be found is 401, as upstream: nobody learns here which projects there are.
async function findProject(call: Call<IdentityDeps>, asked: ScopedReference): Promise<string> {
  if (asked.id !== undefined) return asked.id
  if (asked.name === undefined) throw namesNeeded('scope/project')
  if (!asked.domain) throw expecting('domain', 'project')
  const found = await tables<IdentityTables>(call.deps.store)
    .selectFrom('identity_projects as p')
    .innerJoin('identity_domains as d', 'd.id', 'p.domain_id')
    .select('p.id')
    .where('p.name', '=', asked.name)
    .where(domainIs(asked.domain, 'scope/project/domain'))
    .executeTakeFirst()
  if (!found) throw unauthorized(call, `Could not find project: ${asked.name}.`)
  return found.id
}

async function findDomain(call: Call<IdentityDeps>, asked: Reference): Promise<string> {
  const found = await tables<IdentityTables>(call.deps.store)
    .selectFrom('identity_domains as d')
    .select('d.id')
    .where(domainIs(asked, 'scope/domain'))
    .executeTakeFirst()
  if (!found) throw unauthorized(call, `Could not find domain: ${asked.id ?? asked.name}.`)
  return found.id
}
