// Who is asking. Identity (ours or a real Keystone) says it once for each token; services remember it.

import type { Clock, Instant } from '../../base/time.ts'
import { limits } from '../../model/limits.ts'
import type { MaybePromise } from './types.ts'

export interface Domain {
  readonly id: string
  readonly name: string
}

/** The facts of a valid token. Shared by all requests that carry it: never changed after it is made. */
export interface Auth {
  readonly userId: string
  readonly userName: string
  readonly userDomain: Domain
  /** The project the token is scoped to; null for unscoped, domain and system tokens. */
  readonly project: { readonly id: string; readonly name: string; readonly domain: Domain } | null
  readonly domain: Domain | null
  readonly systemScope: 'all' | null
  /** Role names, implied ones included (admin ⊃ manager ⊃ member ⊃ reader). */
  readonly roles: readonly string[]
  readonly isAdmin: boolean
  readonly expiresAt: Instant
  /** oslo.log's user_identity: `<user id> <project id> - - <user domain> <project domain>`. */
  readonly identity: string
}

/** Tells who a token belongs to; null when it is unknown, expired, revoked or forged. */
export interface TokenChecker {
  check(token: string): MaybePromise<Auth | null>
}

/** oslo.log's `%(user_identity)s` with ids; `-` for what is not there. */
export const identityText = (
  auth: Pick<Auth, 'userId' | 'userDomain' | 'project' | 'domain' | 'systemScope'>,
): string =>
  `${auth.userId} ${auth.project?.id ?? '-'} ${auth.domain?.id ?? '-'} ${auth.systemScope ?? '-'} ${auth.userDomain.id} ${auth.project?.domain.id ?? '-'}`

interface Remembered {
  readonly auth: Auth
  readonly until: Instant
}

/**
 * Remembers valid tokens for at most `limits.tokenCacheMs` and never past their expiry. Refusals are not remembered:
 * a forged token costs its sender a signature check each time, nobody else anything.
 * `forget()` drops everything, for when identity revokes something.
 */
export function rememberTokens(source: TokenChecker, clock: Clock): TokenChecker & { forget(): void } {
  const known = new Map<string, Remembered>()
  const keep = (token: string, auth: Auth | null): Auth | null => {
    if (!auth) return null
    if (known.size >= limits.tokenCacheEntriesMax) known.delete(known.keys().next().value!) // size > 0
    known.set(token, { auth, until: Math.min(auth.expiresAt, clock.now() + limits.tokenCacheMs) })
    return auth
  }
  return {
    check(token) {
      const found = known.get(token)
      if (found) {
        if (found.until > clock.now()) return found.auth
        known.delete(token)
      }
      const answer = source.check(token)
      return answer instanceof Promise ? answer.then(auth => keep(token, auth)) : keep(token, answer)
    },
    forget: () => known.clear(),
  }
}
