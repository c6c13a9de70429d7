// `/auth/tokens`: issuing, looking at, and giving back tokens.
import { isoSeconds } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authenticate, type Proof, unauthorized } from './authenticate.ts'
import { type CatalogEntry, readCatalog } from './catalog.ts'
import type { IdentityDeps } from './deps.ts'
import { isTrue } from './listing.ts'
import { nextIssue, revoke } from './revocations.ts'
import { authRequest, bodyOf } from './schemas.ts'
import { chooseScope, type WantedScope } from './scope.ts'
import type { IdentityTables, Tx } from './tables.ts'
import { newAuditId, type TokenPayload } from './token-format.ts'
import { expiredGraceMs, type TokenFacts } from './token-reader.ts'

export async function issueToken(call: Call<IdentityDeps>): Promise<Reply> {
  const { identity, scope: askedScope } = bodyOf(authRequest, call).auth
  // Before the password is looked at: one that is changed meanwhile must not give a token that outlives the change.
  const issuedAt = await nextIssue(tables<IdentityTables>(call.deps.store), call.deps.clock.now())
  const proof = await authenticate(call, identity)
  const wanted = await chooseScope(call, askedScope, proof)
  const facts = await resolveScope(call, newPayload(proof, wanted, issuedAt), wanted)
  return tokenReply(call, 201, await call.deps.reader.write(facts.payload), facts)
}

const newPayload = (proof: Proof, { scope }: WantedScope, issuedAt: number): TokenPayload => {
  const parent = proof.parent?.payload
  return {
    userId: proof.userId,
    methods: proof.methods,
    scope,
    issuedAt,
    expiresAt: Math.min(issuedAt + limits.tokenLifetimeMs, proof.end ?? Number.POSITIVE_INFINITY),
    auditId: newAuditId(),
    chainId: parent ? (parent.chainId ?? parent.auditId) : null,
    credentialId: proof.credential?.id ?? null,
  }
}

async function resolveScope(
  call: Call<IdentityDeps>,
  payload: TokenPayload,
  wanted: WantedScope,
): Promise<TokenFacts> {
  const facts = await call.deps.reader.resolve(payload)
  if (facts) return facts
  if (wanted.isFallback) {
    const unscoped = await call.deps.reader.resolve({ ...payload, scope: { kind: 'none' } })
    if (unscoped) return unscoped
  }
  throw unauthorized(
    call,
    `User ${payload.userId} has no access to ${wanted.scope.kind === 'none' ? 'this cloud' : `the ${wanted.scope.kind}`}, or one of them is disabled.`,
  )
}

export async function showToken(call: Call<IdentityDeps>): Promise<Reply> {
  const isHead = call.request.method === 'HEAD'
  const allowExpired = call.query.has('allow_expired') && isTrue(call.query.one('allow_expired') ?? '')
  const subject = await subjectToken(call, allowExpired ? expiredGraceMs : 0)
  if (subject.facts.user.id !== call.auth.userId && !call.auth.roles.includes('service'))
    call.enforce(isHead ? 'identity:check_token' : 'identity:validate_token')
  return tokenReply(call, 200, subject.token, subject.facts)
}

/** The first token of a chain takes those made from it along, unless `cascade=false`. */
export async function revokeToken(call: Call<IdentityDeps>): Promise<Reply> {
  const { facts } = await subjectToken(call, 0)
  call.enforce('identity:revoke_token', { userId: facts.user.id })
  const { auditId, chainId } = facts.payload
  const cascade = isTrue(call.query.one('cascade') ?? 'true')
  await call.deps.store.accept((tx: Tx) =>
    revoke(tx, call.deps.clock.now(), [
      chainId === null && cascade ? `chain:${auditId}` : `audit:${auditId}`,
    ]),
  )
  call.deps.onRevoke()
  return empty(204)
}

async function subjectToken(call: Call<IdentityDeps>, graceMs: number) {
  const token = call.request.headers['x-subject-token']
  if (typeof token !== 'string' || token === '')
    throw fault('IdentityTokenNotFound', { reason: 'No token in the request' })
  const facts = await call.deps.reader.read(token, graceMs)
  if (!facts) throw fault('IdentityTokenNotFound', { reason: 'Failed to validate token' })
  return { token, facts }
}

async function tokenReply(
  call: Call<IdentityDeps>,
  status: number,
  token: string,
  facts: TokenFacts,
): Promise<Reply> {
  const isBare = call.query.has('nocatalog') || facts.payload.scope.kind === 'none'
  const catalog = isBare ? undefined : await readCatalog(call.deps.store, facts.user.id, facts.project?.id)
  return json(status, { token: tokenView(facts, catalog) }, { 'X-Subject-Token': token })
}

/** Token times have whole seconds, written as microseconds. */
const tokenTime = (at: number) => isoSeconds(at).replace('Z', '.000000Z')

// keystone/common/render_token.py
const tokenView = (
  { payload, user, project, domain, isSystem, roles, credential }: TokenFacts,
  catalog: readonly CatalogEntry[] | undefined,
) => ({
  methods: payload.methods,
  user: { domain: user.domain, id: user.id, name: user.name, password_expires_at: null },
  audit_ids: payload.chainId === null ? [payload.auditId] : [payload.auditId, payload.chainId],
  expires_at: tokenTime(payload.expiresAt),
  issued_at: tokenTime(payload.issuedAt),
  ...(project && {
    project: { domain: project.domain, id: project.id, name: project.name },
    is_domain: false,
  }),
  ...(domain && { domain }),
  ...(isSystem && { system: { all: true } }),
  ...(payload.scope.kind === 'none' ? {} : { roles }),
  ...(catalog && { catalog }),
  ...(credential && {
    application_credential: {
      id: credential.id,
      name: credential.name,
      restricted: !credential.unrestricted,
    },
  }),
})
