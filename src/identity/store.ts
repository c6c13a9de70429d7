// Queries and small rules that several of identity's nouns share.
import { sql } from 'kysely'
import { readJson } from '../base/json.ts'
import { type ErrorCode, fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { tables } from '../platform/store/store.ts'
import type { IdentityDeps } from './deps.ts'
import type { Db, IdentityTables, Tx } from './tables.ts'

export const dbOf = (call: Call<IdentityDeps>): Db => tables<IdentityTables>(call.deps.store)

export const defaultDomainId = 'default'

/** Throws `code` (a 404) when there is no row. */
export async function found<R>(row: Promise<R | undefined>, code: ErrorCode, id: string): Promise<R> {
  const here = await row
  if (here === undefined) throw fault(code, { id })
  return here
}

export const findUser = (db: Db, id: string) =>
  found(
    db.selectFrom('identity_users').selectAll().where('id', '=', id).executeTakeFirst(),
    'IdentityUserNotFound',
    id,
  )
export const findDomain = (db: Db, id: string) =>
  found(
    db.selectFrom('identity_domains').selectAll().where('id', '=', id).executeTakeFirst(),
    'IdentityDomainNotFound',
    id,
  )
export const findProject = (db: Db, id: string) =>
  found(
    db.selectFrom('identity_projects').selectAll().where('id', '=', id).executeTakeFirst(),
    'IdentityProjectNotFound',
    id,
  )
export const findGroup = (db: Db, id: string) =>
  found(
    db.selectFrom('identity_groups').selectAll().where('id', '=', id).executeTakeFirst(),
    'IdentityGroupNotFound',
    id,
  )
export const findRole = (db: Db, id: string) =>
  found(
    db.selectFrom('identity_roles').selectAll().where('id', '=', id).executeTakeFirst(),
    'IdentityRoleNotFound',
    id,
  )

/** Where something new goes when the body does not say: the domain of the caller's scope, or the default one. */
export const callersDomainId = (call: Call<IdentityDeps>): string => call.auth.domain?.id ?? defaultDomainId

/** Makes other changes of the row wait for this transaction, on engines where several run at once. */
export const lockRow = (
  tx: Tx,
  table: 'identity_users' | 'identity_domains' | 'identity_projects',
  id: string,
) => sql`update ${sql.table(table)} set name = name where id = ${id}`.execute(tx)

export const flag = (value: boolean): number => (value ? 1 : 0)

/** What Keystone stores without knowing it: everything in `resource` but `known`, over what is there already. */
export function extraText(resource: object, known: readonly string[], before = '{}'): string {
  const extra = Object.entries(resource).filter(([name]) => !known.includes(name) && !reserved.has(name))
  return JSON.stringify({ ...readJson<object>(before), ...Object.fromEntries(extra) })
}

const reserved = new Set(['id', 'links', 'password', 'original_password', 'password_expires_at'])

/** Resource options: given ones replace, null removes. */
export const optionsText = (given: object | undefined, before = '{}'): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries({ ...readJson<object>(before), ...given }).filter(([, value]) => value !== null),
    ),
  )

interface Protected {
  readonly id: string
  readonly options: string
}

/** An immutable resource may only be changed by the request that ends its immutability. */
export function checkMutable(
  row: Protected,
  resource: string,
  change: 'update' | 'delete',
  given?: { readonly immutable?: unknown },
): void {
  const isFreed = given && 'immutable' in given && given.immutable !== true
  if (readJson<{ immutable?: boolean }>(row.options).immutable === true && !isFreed)
    throw fault('IdentityImmutable', { change, resource, id: row.id })
}

/** Clients may echo the id; they may not change it. */
export function checkSameId(given: string | undefined, id: string): void {
  if (given !== undefined && given !== id) throw fault('InvalidInput', { reason: 'Cannot change ID' })
}

export function checkSameDomain(given: string | null | undefined, domainId: string | null): void {
  if (given !== undefined && given !== domainId)
    throw fault('InvalidInput', { reason: 'Cannot change Domain ID' })
}
