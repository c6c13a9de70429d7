// Who is it? The methods of `POST /auth/tokens`, each of which names a user or refuses. Every refusal reads the same
// outside; the log says why.
import { type RawBuilder, sql } from 'kysely'
import { type Fault, fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { tables } from '../platform/store/store.ts'
import type { IdentityDeps } from './deps.ts'
import { verifyPassword } from './passwords.ts'
import type { AuthRequest, Reference, ScopedReference } from './schemas.ts'
import type { IdentityTables } from './tables.ts'
import { type AuthMethod, authMethods } from './token-format.ts'
import type { TokenFacts } from './token-reader.ts'

/** What the methods together have shown. */
export interface Proof {
  readonly userId: string
  readonly methods: readonly AuthMethod[]
  /** The token given with the `token` method: its chain goes on. */
  readonly parent: TokenFacts | null
  /** No token made from this lasts longer; null: no such end. Credentials too, as Keystone since CVE-2022-2447. */
  readonly end: number | null
  readonly credential: { readonly id: string; readonly projectId: string } | null
}

/** 401 as Keystone words it; `why` goes to the log only. */
export function unauthorized(call: Call<IdentityDeps>, why: string): Fault {
  call.log
    .named('keystone.server.flask.application')
    .warning(`Authorization failed. ${why} from ${call.request.remoteAddress}`)
  return fault('Unauthenticated')
}

export const expecting = (attribute: string, target: string): Fault =>
  fault('IdentityExpecting', { attribute, target })

const prove = {
  password: provePassword,
  token: proveToken,
  application_credential: proveCredential,
} satisfies Record<
  AuthMethod,
  (call: Call<IdentityDeps>, identity: AuthRequest['identity']) => Promise<Proof>
>

const isMethod = (name: string): name is AuthMethod => Object.hasOwn(prove, name)

/** Runs all methods asked for; they must agree on the user. */
export async function authenticate(
  call: Call<IdentityDeps>,
  identity: AuthRequest['identity'],
): Promise<Proof> {
  const names = [...new Set(identity.methods)]
  for (const name of names) {
    if (!isMethod(name)) throw fault('IdentityMethodUnsupported')
    if (!(name in identity)) throw expecting(name, 'identity')
  }
  const proofs: Proof[] = []
  for (const name of names.filter(isMethod)) proofs.push(await prove[name](call, identity))
  const [first] = proofs
  if (!first) throw unauthorized(call, 'No authentication method was given.')
  if (proofs.some(proof => proof.userId !== first.userId))
    throw unauthorized(call, 'The methods name different users.')
  return {
    userId: first.userId,
    methods: authMethods.filter(method => proofs.some(proof => proof.methods.includes(method))),
    parent: proofs.find(proof => proof.parent)?.parent ?? null,
    end: proofs.reduce<number | null>(
      (end, proof) => (end === null || (proof.end !== null && proof.end < end) ? proof.end : end),
      null,
    ),
    credential: proofs.find(proof => proof.credential)?.credential ?? null,
  }
}

async function provePassword(
  call: Call<IdentityDeps>,
  { password }: AuthRequest['identity'],
): Promise<Proof> {
  const user = password?.user
  if (!user) throw expecting('user', 'password')
  if (user.password === undefined) throw expecting('password', 'user')
  const found = await findUser(call, user)
  const isRight = await verifyPassword(user.password, found?.password_hash ?? null)
  if (!found || !isRight) throw unauthorized(call, 'Invalid username or password.')
  if (found.enabled === 0) throw unauthorized(call, `User is disabled: ${found.id}.`)
  return { userId: found.id, methods: ['password'], parent: null, end: null, credential: null }
}

async function proveToken(call: Call<IdentityDeps>, { token }: AuthRequest['identity']): Promise<Proof> {
  const facts = await call.deps.reader.read(token!.id) // the method's section is there: authenticate looked
  if (!facts) throw unauthorized(call, 'The token to start from is not valid.')
  const { payload, user, credential } = facts
  return {
    userId: user.id,
    methods: ['token', ...payload.methods],
    parent: facts,
    end: payload.expiresAt,
    credential: credential && facts.project && { id: credential.id, projectId: facts.project.id },
  }
}

async function proveCredential(call: Call<IdentityDeps>, identity: AuthRequest['identity']): Promise<Proof> {
  const asked = identity.application_credential! // the method's section is there: authenticate looked
  if (asked.secret === undefined) throw expecting('secret', 'application_credential')
  const found = await findCredential(call, asked)
  const isRight = await verifyPassword(asked.secret, found?.secret_hash ?? null)
  if (!found || !isRight) throw unauthorized(call, 'Invalid application credential ID or secret.')
  if (found.expires_at !== null && found.expires_at <= call.deps.clock.now())
    throw unauthorized(call, `Application credential has expired: ${found.id}.`)
  return {
    userId: found.user_id,
    methods: ['application_credential'],
    parent: null,
    credential: { id: found.id, projectId: found.project_id },
    end: found.expires_at,
  }
}

const users = (call: Call<IdentityDeps>) =>
  tables<IdentityTables>(call.deps.store)
    .selectFrom('identity_users as u')
    .innerJoin('identity_domains as d', 'd.id', 'u.domain_id')
    .select(['u.id', 'u.password_hash', 'u.enabled'])

/** By id, or by name and domain (itself by id or name). */
function findUser(call: Call<IdentityDeps>, user: ScopedReference) {
  if (user.id !== undefined) return users(call).where('u.id', '=', user.id).executeTakeFirst()
  if (user.name === undefined) throw namesNeeded('identity/password/user')
  if (!user.domain) throw expecting('domain', 'user')
  return users(call)
    .where('u.name', '=', user.name)
    .where(domainIs(user.domain, 'identity/password/user/domain'))
    .executeTakeFirst()
}

async function findCredential(
  call: Call<IdentityDeps>,
  asked: NonNullable<AuthRequest['identity']['application_credential']>,
) {
  const credentials = tables<IdentityTables>(call.deps.store)
    .selectFrom('identity_application_credentials as c')
    .select(['c.id', 'c.user_id', 'c.project_id', 'c.secret_hash', 'c.expires_at'])
  if (asked.id !== undefined) return credentials.where('c.id', '=', asked.id).executeTakeFirst()
  if (asked.name === undefined) throw expecting('id or name', 'application_credential')
  if (!asked.user) throw expecting('user', 'application_credential')
  const user = await findUser(call, asked.user)
  return credentials
    .where('c.user_id', '=', user?.id ?? '')
    .where('c.name', '=', asked.name)
    .executeTakeFirst()
}

/** Which domain, as a condition on the alias `d`; 400 when the reference names none. */
export function domainIs(domain: Reference, field: string): RawBuilder<boolean> {
  if (domain.id !== undefined) return sql<boolean>`d.id = ${domain.id}`
  if (domain.name !== undefined) return sql<boolean>`d.name = ${domain.name}`
  throw namesNeeded(field)
}

export const namesNeeded = (field: string): Fault =>
  fault('InvalidInput', { reason: `Invalid input for field ${field}: id or name must be present.` })
