// From a token to the facts it stands for today: two or three prepared reads, no more, because every service asks.
// A disabled user, a lost role or a revocation shows here; a token itself never changes.
import { type Expression, sql } from 'kysely'
import type { Clock } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import type { Domain } from '../platform/http/auth.ts'
import type { MaybePromise } from '../platform/http/types.ts'
import type { Store } from '../platform/store/store.ts'
import { heldRoles, withImplied } from './held-roles.ts'
import type { IdentityTables } from './tables.ts'
import { readToken, type TokenPayload, writeToken } from './token-format.ts'

export interface RoleRef {
  readonly id: string
  readonly name: string
}

/** A token that is valid now, and what it means now. */
export interface TokenFacts {
  readonly payload: TokenPayload
  readonly user: { readonly id: string; readonly name: string; readonly domain: Domain }
  readonly project: { readonly id: string; readonly name: string; readonly domain: Domain } | null
  readonly domain: Domain | null
  readonly isSystem: boolean
  /** Implied roles included; none only when the token is unscoped. */
  readonly roles: readonly RoleRef[]
  readonly credential: { readonly id: string; readonly name: string; readonly unrestricted: boolean } | null
}

export interface TokenReader {
  /** Null when the token is forged, expired (or longer ago than `graceMs`), revoked, or of somebody disabled. */
  read(token: string, graceMs?: number): MaybePromise<TokenFacts | null>
  /** The same for a payload that is about to become a token: null when its owner may not have it. */
  resolve(payload: TokenPayload): MaybePromise<TokenFacts | null>
  write(payload: TokenPayload): Promise<string>
}

export function createTokenReader({
  store,
  clock,
}: {
  readonly store: Store
  readonly clock: Clock
}): TokenReader {
  const ask = prepareReads(store)
  let known: Buffer | undefined
  const key = (): MaybePromise<Buffer> =>
    known ??
    then(ask.key(), rows => {
      known = Buffer.from(rows[0]!.secret, 'base64url') // made by the migration
      return known
    })

  function resolve(payload: TokenPayload): MaybePromise<TokenFacts | null> {
    const { scope, userId } = payload
    const scopeId = scope.kind === 'none' ? '' : scope.kind === 'system' ? 'system' : scope.id
    const who = ask.who(
      scope.kind === 'project' ? scopeId : '',
      scope.kind === 'domain' ? scopeId : '',
      userId,
      `audit:${payload.auditId}`,
      `chain:${payload.chainId ?? payload.auditId}`,
      payload.issuedAt,
    )
    return then(who, ([found]) => {
      if (!found || !isWhole(found, scope.kind)) return null
      if (scope.kind === 'none') return toFacts(payload, found, [], null)
      return then(ask.roles(userId, scope.kind, scopeId), roles => {
        if (payload.credentialId === null)
          return roles.length === 0 ? null : toFacts(payload, found, roles, null)
        return then(ask.credential(payload.credentialId, userId, scopeId, clock.now()), allowed => {
          const may = new Set(allowed.map(row => row.role_id))
          const held = roles.filter(role => may.has(role.id))
          return held.length === 0 ? null : toFacts(payload, found, held, allowed[0]!) // held came from it
        })
      })
    })
  }

  return {
    resolve,
    read: (token, graceMs = 0) =>
      then(key(), secret => {
        const payload = readToken(token, secret)
        return payload && payload.expiresAt + graceMs > clock.now() ? resolve(payload) : null
      }),
    write: async payload => writeToken(payload, await key()),
  }
}

/** Goes on at once where the store answers at once (SQLite). */
function then<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

interface WhoRow {
  readonly id: string
  readonly name: string
  readonly domain_id: string
  readonly domain_name: string
  readonly project_id: string | null
  readonly project_name: string | null
  readonly project_domain_id: string | null
  readonly project_domain_name: string | null
  readonly scope_domain_id: string | null
  readonly scope_domain_name: string | null
}

const isWhole = (row: WhoRow, kind: TokenPayload['scope']['kind']): boolean =>
  kind === 'project'
    ? row.project_id !== null && row.project_domain_id !== null
    : kind !== 'domain' || row.scope_domain_id !== null

function toFacts(
  payload: TokenPayload,
  row: WhoRow,
  roles: readonly RoleRef[],
  credential: { readonly id: string; readonly name: string; readonly unrestricted: number } | null,
): TokenFacts {
  return {
    payload,
    user: { id: row.id, name: row.name, domain: { id: row.domain_id, name: row.domain_name } },
    project:
      payload.scope.kind === 'project'
        ? {
            id: row.project_id!, // isWhole looked
            name: row.project_name!,
            domain: { id: row.project_domain_id!, name: row.project_domain_name! },
          }
        : null,
    domain:
      payload.scope.kind === 'domain' ? { id: row.scope_domain_id!, name: row.scope_domain_name! } : null,
    isSystem: payload.scope.kind === 'system',
    roles,
    credential: credential && {
      id: credential.id,
      name: credential.name,
      unrestricted: credential.unrestricted === 1,
    },
  }
}

function prepareReads(store: Store) {
  const subject = (kind: string, id: Expression<string | null>) =>
    sql<string>`${sql.lit(`${kind}:`)} || ${id}`
  return {
    key: store.prepared<IdentityTables, { secret: string }>(0, db =>
      db.selectFrom('identity_keys').select('secret').where('id', '=', 'token'),
    ),

    /** The user with everything around, all of it enabled, unless the token is revoked. */
    who: store.prepared<IdentityTables, WhoRow>(6, (db, [project, domain, user, audit, chain, issuedAt]) =>
      db
        .selectFrom('identity_users as u')
        .innerJoin('identity_domains as ud', 'ud.id', 'u.domain_id')
        .leftJoin('identity_projects as p', join => join.on('p.id', '=', project!).on('p.enabled', '=', 1))
        .leftJoin('identity_domains as pd', join =>
          join.onRef('pd.id', '=', 'p.domain_id').on('pd.enabled', '=', 1),
        )
        .leftJoin('identity_domains as sd', join => join.on('sd.id', '=', domain!).on('sd.enabled', '=', 1))
        .select([
          'u.id',
          'u.name',
          'ud.id as domain_id',
          'ud.name as domain_name',
          'p.id as project_id',
          'p.name as project_name',
          'pd.id as project_domain_id',
          'pd.name as project_domain_name',
          'sd.id as scope_domain_id',
          'sd.name as scope_domain_name',
        ])
        .where('u.id', '=', user!)
        .where('u.enabled', '=', 1)
        .where('ud.enabled', '=', 1)
        .where(({ not, exists, selectFrom, ref }) =>
          not(
            exists(
              selectFrom('identity_revocations as r')
                .select('r.subject')
                .where(({ eb, or }) =>
                  or([
                    eb('r.subject', 'in', [audit!, chain!]),
                    eb('r.subject', '=', subject('user', ref('u.id'))),
                    eb('r.subject', '=', subject('domain', ref('u.domain_id'))),
                    eb('r.subject', '=', subject('project', ref('p.id'))),
                    eb('r.subject', '=', subject('domain', ref('p.domain_id'))),
                    eb('r.subject', '=', subject('domain', ref('sd.id'))),
                  ]),
                )
                .where('r.revoked_at', '>=', issuedAt as unknown as number), // a mark; the number comes when it runs
            ),
          ),
        ),
    ),

    roles: store.prepared<IdentityTables, RoleRef>(3, (db, [user, kind, target]) =>
      withImplied(db, heldRoles(db, { user: user!, kind: kind!, target: target! }))
        .select(['role.id', 'role.name'])
        .orderBy('role.name'),
    ),

    /** One row for each role the credential may stand for, implied ones included. */
    credential: store.prepared<
      IdentityTables,
      { id: string; name: string; unrestricted: number; role_id: string }
    >(4, (db, [credential, user, project, now]) =>
      withImplied(
        db,
        db
          .selectFrom('identity_application_credential_roles')
          .select('role_id')
          .where('credential_id', '=', credential!),
      )
        .innerJoin('identity_application_credentials as c', join => join.on('c.id', '=', credential!))
        .select(['c.id', 'c.name', 'c.unrestricted', 'role.id as role_id'])
        .where('c.user_id', '=', user!)
        .where('c.project_id', '=', project!)
        .where(({ eb, or }) =>
          or([eb('c.expires_at', 'is', null), eb('c.expires_at', '>', now as unknown as number)]),
        ),
    ),
  }
}

/** How long after their end tokens may still be read with `allow_expired`. */
export const expiredGraceMs = limits.tokenExpiredWindowMs
