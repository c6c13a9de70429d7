// Identity alone, as it is at first start, with people in it who can log in. Passwords are the users' names.
import { bootstrapIdentity } from '../../src/identity/bootstrap.ts'
import { createIdentityService } from '../../src/identity/service.ts'
import { identityMigrations } from '../../src/identity/tables.ts'
import { createTokenChecker } from '../../src/identity/token-checker.ts'
import { rememberTokens, type TokenChecker } from '../../src/platform/http/auth.ts'
import { silentLog } from '../../src/platform/journal/log.ts'
import type { Store } from '../../src/platform/store/store.ts'
import { type Answer, askHttp, runService } from './one-service.ts'
import { testStore } from './store.ts'

export const passwords = { admin: 'admin', demo: 'demo', service: 'nova' }

export interface LogIn {
  readonly user?: string
  readonly userId?: string
  readonly password?: string
  /** A project's name in the default domain; `null` for no scope; or a scope as it is sent. */
  readonly scope?: string | null | object
}

export interface IdentityCloud {
  readonly origin: string
  readonly store: Store
  readonly tokens: TokenChecker
  /** The admin's token for project admin. */
  readonly admin: string
  /** Moves the cloud's clock. */
  pass(ms: number): void
  /** One request below /identity/v3. */
  ask(method: string, path: string, token: string | null, body?: unknown, headers?: object): Promise<Answer>
  /** The answer to `POST /auth/tokens`. */
  logIn(options?: LogIn): Promise<Answer>
  /** The same, for its token; fails when there is none. */
  token(options?: LogIn): Promise<string>
  /** As admin: makes a resource and answers it. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read resources of every shape
  make(kind: string, body: object): Promise<any>
  /** As admin: the id of what has this name (`projects`, `users`, `roles` …). */
  idOf(plural: string, name: string): Promise<string>
  /** As admin: 200 or 404, for whether the token is valid. */
  validate(token: string): Promise<number>
  close(): Promise<void>
}

export async function startIdentity(): Promise<IdentityCloud> {
  const store = await testStore(identityMigrations)
  let now = Date.now()
  const clock = { now: () => now }
  await bootstrapIdentity({ store, clock }, { origin: 'http://cloud:1', region: 'RegionOne', passwords })
  const tokens = rememberTokens(createTokenChecker({ store, clock }), clock)
  const service = await runService(
    createIdentityService({ store, clock, log: silentLog, tokens, onRevoke: () => tokens.forget() }),
  )
  const ask: IdentityCloud['ask'] = (method, path, token, body, headers) =>
    askHttp(service.origin, method, `/identity/v3${path}`, {
      as: null,
      body,
      headers: { ...(token === null ? {} : { 'x-auth-token': token }), ...headers },
    })
  const logIn: IdentityCloud['logIn'] = ({ user = 'demo', userId, password, scope = 'demo' } = {}) =>
    ask('POST', '/auth/tokens', null, {
      auth: {
        identity: {
          methods: ['password'],
          password: {
            user: {
              ...(userId ? { id: userId } : { name: user, domain: { id: 'default' } }),
              password: password ?? user,
            },
          },
        },
        ...(typeof scope === 'string' && { scope: { project: { name: scope, domain: { id: 'default' } } } }),
        ...(typeof scope === 'object' && scope !== null && { scope }),
      },
    })
  const token: IdentityCloud['token'] = async options => {
    const answer = await logIn(options)
    if (answer.status !== 201) throw new Error(`no token: ${answer.text}`)
    return answer.headers.get('x-subject-token') ?? ''
  }
  const admin = await token({ user: 'admin', scope: 'admin' })
  return {
    origin: service.origin,
    store,
    tokens,
    admin,
    pass: ms => {
      now += ms
    },
    ask,
    logIn,
    token,
    async make(kind, body) {
      const answer = await ask('POST', `/${kind}s`, admin, { [kind]: body })
      if (answer.status !== 201) throw new Error(`no ${kind}: ${answer.text}`)
      return answer.body[kind]
    },
    async idOf(plural, name) {
      const { body } = await ask('GET', `/${plural}?name=${encodeURIComponent(name)}`, admin)
      return body[plural][0].id
    },
    validate: async subject =>
      (await ask('GET', '/auth/tokens?nocatalog', admin, undefined, { 'x-subject-token': subject })).status,
    async close() {
      await service.close()
      await store.close()
    },
  }
}
