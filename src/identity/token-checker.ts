// Answers every service's question: whose token is this, and what may they do?
import type { Clock } from '../base/time.ts'
import { type Auth, identityText, type TokenChecker } from '../platform/http/auth.ts'
import type { Store } from '../platform/store/store.ts'
import { createTokenReader, type TokenFacts } from './token-reader.ts'

/** Checks tokens against the database: two short reads each, so put `rememberTokens` before it. */
export function createTokenChecker(options: { readonly store: Store; readonly clock: Clock }): TokenChecker {
  const reader = createTokenReader(options)
  return {
    check(token) {
      const facts = reader.read(token)
      return facts instanceof Promise ? facts.then(toAuth) : toAuth(facts)
    },
  }
}

function toAuth(facts: TokenFacts | null): Auth | null {
  if (!facts) return null
  const { user, project, domain, isSystem } = facts
  const roles = facts.roles.map(role => role.name)
  const known = {
    userId: user.id,
    userName: user.name,
    userDomain: user.domain,
    project,
    domain,
    systemScope: isSystem ? ('all' as const) : null,
    roles,
    isAdmin: roles.includes('admin'),
    expiresAt: facts.payload.expiresAt,
  }
  return { ...known, identity: identityText(known) }
}
