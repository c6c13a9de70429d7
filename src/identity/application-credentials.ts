// Application credentials: a user's secret for one project, with roles of their own choice out of what they have.
import { newHexId, randomText } from '../base/ids.ts'
import { parseIso } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { refusing } from './faults.ts'
import { page, pageReply } from './listing.ts'
import { hashPassword } from './passwords.ts'
import { bodyOf, credentialCreate } from './schemas.ts'
import { dbOf, found } from './store.ts'
import type { Db, Tx } from './tables.ts'
import type { RoleRef, TokenFacts } from './token-reader.ts'
import { credentialView } from './views.ts'

const secretBytes = 64

const credentials = (db: Db, userId: string) =>
  db
    .selectFrom('identity_application_credentials as c')
    .select([
      'c.id',
      'c.name',
      'c.user_id',
      'c.project_id',
      'c.description',
      'c.expires_at',
      'c.expires_micros',
      'c.unrestricted',
    ])
    .where('c.user_id', '=', userId)

export async function listCredentials(call: Call<IdentityDeps>): Promise<Reply> {
  const userId = call.params.id!
  call.enforce('identity:list_application_credentials', { userId })
  const rows = await page(call, credentials(dbOf(call), userId), 'c', { name: 'text' })
  const roles = await readRoles(
    dbOf(call),
    rows.rows.map(row => row.id),
  )
  return pageReply(call, 'application_credentials', rows, (row, origin) =>
    credentialView(row, roles.get(row.id) ?? [], origin),
  )
}

export async function showCredential(call: Call<IdentityDeps>): Promise<Reply> {
  const { id: userId, credential_id: id } = call.params
  call.enforce('identity:get_application_credential', { userId: userId! })
  const row = await found(
    credentials(dbOf(call), userId!).where('c.id', '=', id!).executeTakeFirst(),
    'IdentityCredentialNotFound',
    id!,
  )
  const roles = await readRoles(dbOf(call), [row.id])
  return json(200, {
    application_credential: credentialView(row, roles.get(row.id) ?? [], call.request.origin),
  })
}

async function readRoles(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, RoleRef[]>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('identity_application_credential_roles as cr')
    .innerJoin('identity_roles as r', 'r.id', 'cr.role_id')
    .select(['cr.credential_id', 'r.id', 'r.name'])
    .where('cr.credential_id', 'in', ids)
    .orderBy('r.name')
    .execute()
  return Map.groupBy(rows, row => row.credential_id)
}

/** Nobody makes them for somebody else, and a restricted one makes no others. */
export async function createCredential(call: Call<IdentityDeps>): Promise<Reply> {
  const { application_credential: asked } = bodyOf(credentialCreate, call)
  const userId = call.params.id!
  const facts = await callersToken(call)
  if (userId !== call.auth.userId)
    throw fault('IdentityForbidden', {
      action: 'Cannot create an application credential for another user.',
    })
  if (!facts.project)
    throw fault('IdentityCredentialInvalid', { detail: 'A project-scoped token is required.' })
  // Taking rules we do not enforce would hand out more than was asked for.
  if (asked.access_rules?.length)
    throw fault('NotImplementedHere', { what: 'access rules of application credentials' })
  const roles = asked.roles?.length ? await chosenRoles(call, asked.roles, facts.roles) : facts.roles
  const secret = asked.secret || randomText(secretBytes)
  const row = {
    id: newHexId(),
    name: asked.name.trim(),
    user_id: userId,
    project_id: facts.project.id,
    description: asked.description ?? null,
    ...readExpiry(asked.expires_at, call.deps.clock.now()),
    unrestricted: asked.unrestricted === true ? 1 : 0,
  }
  const secretHash = await hashPassword(secret)
  await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      await tx
        .insertInto('identity_application_credentials')
        .values({ ...row, secret_hash: secretHash })
        .execute()
      await tx
        .insertInto('identity_application_credential_roles')
        .values(roles.map(role => ({ credential_id: row.id, role_id: role.id })))
        .execute()
    }),
    {
      unique: () =>
        fault('IdentityConflict', {
          resource: 'application_credential',
          details: `Duplicate entry found with name ${row.name}`,
        }),
      foreign: () => fault('IdentityCredentialInvalid', { detail: 'Its user, project or role is gone.' }),
    },
  )
  return json(201, { application_credential: credentialView(row, roles, call.request.origin, secret) })
}

export async function deleteCredential(call: Call<IdentityDeps>): Promise<Reply> {
  const { id: userId, credential_id: id } = call.params
  call.enforce('identity:delete_application_credential', { userId: userId! })
  await callersToken(call)
  const { numDeletedRows } = await call.deps.store.accept((tx: Tx) =>
    tx
      .deleteFrom('identity_application_credentials')
      .where('id', '=', id!)
      .where('user_id', '=', userId!)
      .executeTakeFirst(),
  )
  if (numDeletedRows === 0n) throw fault('IdentityCredentialNotFound', { id })
  call.deps.onRevoke()
  return empty(204)
}

/** The token the caller came with, unless it comes from a restricted credential. */
async function callersToken(call: Call<IdentityDeps>): Promise<TokenFacts> {
  const facts = await call.deps.reader.read(String(call.request.headers['x-auth-token']))
  if (!facts) throw fault('Unauthenticated')
  if (facts.credential && !facts.credential.unrestricted)
    throw fault('IdentityForbidden', {
      action:
        "Using method 'application_credential' is not allowed for managing additional application credentials.",
    })
  return facts
}

async function chosenRoles(
  call: Call<IdentityDeps>,
  asked: readonly { readonly id?: string; readonly name?: string }[],
  held: readonly RoleRef[],
): Promise<readonly RoleRef[]> {
  const chosen = new Map<string, RoleRef>()
  const strangers: string[] = []
  for (const { id, name } of asked) {
    const role = held.find(role => (id === undefined ? role.name === name : role.id === id))
    if (role) chosen.set(role.id, role)
    else strangers.push(id ?? name ?? '')
  }
  if (strangers.length === 0) return [...chosen.values()]
  const there = await dbOf(call)
    .selectFrom('identity_roles')
    .select(['id', 'name'])
    .where(({ eb, or }) => or([eb('id', 'in', strangers), eb('name', 'in', strangers)]))
    .execute()
  const unknown = strangers.find(one => !there.some(role => role.id === one || role.name === one))
  if (unknown !== undefined) throw fault('IdentityRoleNotFound', { id: unknown })
  throw fault('IdentityCredentialInvalid', {
    detail: 'Cannot create an application credential with unassigned role',
  })
}

/** Whole milliseconds, and the microseconds of the text beyond them. */
function readExpiry(text: string | null | undefined, now: number) {
  if (text === undefined || text === null || text === '') return { expires_at: null, expires_micros: 0 }
  const at = parseIso(text)
  if (at === undefined) throw fault('IdentityTimestampInvalid')
  if (at <= now) throw fault('IdentityExpirationInvalid')
  const [, beyond = '0'] = /[.,]\d{3}(\d{1,3})/.exec(text) ?? []
  return { expires_at: at, expires_micros: Number(beyond.padEnd(3, '0')) }
}
