// One service alone, on a real port, with callers whose tokens are their names: `demo`, `admin`, `other`, `reader`,
// `manager`, `service`. For tests of what a service answers; journeys through the whole cloud use cloud.ts.
import { type Auth, identityText, type TokenChecker } from '../../src/platform/http/auth.ts'
import { type HttpServer, startHttpServer } from '../../src/platform/http/server.ts'
import type { Service } from '../../src/platform/http/service.ts'
import { silentLog } from '../../src/platform/journal/log.ts'

const defaultDomain = { id: 'default', name: 'Default' }

const caller = (name: string, projectName: string, roles: readonly string[]): Auth => {
  const known = {
    userId: name.padEnd(32, '0'),
    userName: name,
    userDomain: defaultDomain,
    project: {
      id: Buffer.from(projectName).toString('hex').padEnd(32, '0'),
      name: projectName,
      domain: defaultDomain,
    },
    domain: null,
    systemScope: null,
    roles,
    isAdmin: roles.includes('admin'),
    expiresAt: Date.now() + 3_600_000,
  }
  return { ...known, identity: identityText(known) }
}

export const callers = {
  demo: caller('demo', 'demo', ['member', 'reader']),
  reader: caller('reader', 'demo', ['reader']),
  manager: caller('manager', 'demo', ['manager', 'member', 'reader']),
  other: caller('other', 'other', ['member', 'reader']),
  admin: caller('admin', 'admin', ['admin', 'manager', 'member', 'reader']),
  service: caller('nova', 'service', ['service', 'admin', 'manager', 'member', 'reader']),
} as const

export type Caller = keyof typeof callers

export const callerTokens: TokenChecker = {
  check: token => (token in callers ? callers[token as Caller] : null),
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  readonly body: any
  readonly text: string
}

export interface Ask {
  readonly as?: Caller | null
  readonly body?: unknown
  /** Sent as it is, instead of `body` as JSON. */
  readonly raw?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

export interface RunningService {
  readonly origin: string
  ask(method: string, path: string, ask?: Ask): Promise<Answer>
  close(): Promise<void>
}

/** Serves `service` on a free port of the loopback. */
export async function runService(service: Service): Promise<RunningService> {
  const server: HttpServer = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    services: [service],
    log: silentLog,
  })
  return {
    origin: server.origin,
    ask: (method, path, ask) => askHttp(server.origin, method, path, ask),
    close: () => server.close(1000),
  }
}

/** One request; by default as `demo` with a JSON body. */
export async function askHttp(
  origin: string,
  method: string,
  path: string,
  { as = 'demo', body, raw, headers }: Ask = {},
): Promise<Answer> {
  const response = await fetch(origin + path, {
    method,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      ...(as === null ? {} : { 'x-auth-token': as }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
  })
  const text = await response.text()
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = undefined
  }
  return { status: response.status, headers: response.headers, body: parsed, text }
}
