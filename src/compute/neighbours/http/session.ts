// Calls to the other services as compute's own user (`nova`, project `service`): one token, renewed before it ends.
import { isObject } from '../../../base/json.ts'
import { type Clock, parseIso } from '../../../base/time.ts'
import { fault } from '../../../model/errors.ts'
import type { Client, ClientReply, ClientRequest } from '../../../platform/http/client.ts'
import type { OnBehalf } from '../neighbours.ts'

export interface Credentials {
  readonly user: string
  readonly password: string
  readonly project: string
}

export interface Session {
  /** Any status comes back; only an unreachable service throws. */
  call(
    on: OnBehalf,
    service: string,
    request: Pick<ClientRequest, 'method' | 'path' | 'body' | 'headers' | 'raw'>,
  ): Promise<ClientReply>
}

const renewBeforeMs = 60_000

export function createSession(client: Client, credentials: Credentials, clock: Clock): Session {
  let token = ''
  let until = 0
  let renewing: Promise<string> | null = null

  async function authenticate(on: OnBehalf): Promise<string> {
    const domain = { id: 'default' }
    const { user, password, project } = credentials
    const body = {
      auth: {
        identity: { methods: ['password'], password: { user: { name: user, domain, password } } },
        scope: { project: { name: project, domain } },
      },
    }
    const reply = await client.call('identity', {
      method: 'POST',
      path: '/auth/tokens?nocatalog',
      body,
      token: '',
      ids: on.ids,
      log: on.log,
    })
    const issued = reply.headers['x-subject-token']
    if (reply.status !== 201 || issued === undefined)
      throw fault('ServiceUnavailable', {
        reason: `identity refused the compute service's own credentials (HTTP ${reply.status})`,
      })
    const expires =
      isObject(reply.body) && isObject(reply.body.token)
        ? parseIso(String(reply.body.token.expires_at))
        : undefined
    token = issued
    until = (expires ?? clock.now()) - renewBeforeMs
    return issued
  }

  const current = (on: OnBehalf): string | Promise<string> => {
    if (token !== '' && clock.now() < until) return token
    renewing ??= authenticate(on).finally(() => {
      renewing = null
    })
    return renewing
  }

  return {
    async call(on, service, request) {
      const send = async () =>
        client.call(service, { ...request, token: await current(on), ids: on.ids, log: on.log })
      const reply = await send()
      if (reply.status !== 401) return reply
      until = 0 // revoked, or identity was set up anew: once more with a fresh one
      return send()
    },
  }
}

/** Throws ServiceUnavailable unless the status is one of `ok`. */
export function expect(reply: ClientReply, service: string, ...ok: readonly number[]): ClientReply {
  if (ok.includes(reply.status)) return reply
  throw fault('ServiceUnavailable', {
    reason: `${service} answered HTTP ${reply.status}: ${messageOf(reply)}`,
  })
}

/** The sentence in an error body of any of the services. */
export function messageOf(reply: ClientReply): string {
  const { body, text } = reply
  if (isObject(body)) {
    const inner = isObject(body.NeutronError)
      ? body.NeutronError
      : Array.isArray(body.errors)
        ? body.errors[0]
        : isObject(body.error)
          ? body.error
          : Object.values(body)[0]
    if (isObject(inner)) return String(inner.message ?? inner.detail ?? '')
    if (typeof body.message === 'string') return plain(body.message) // webob's form
  }
  return plain(text)
}

const plain = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200)

/** The object under `key` of a reply's body. */
export function part(reply: ClientReply, key: string): Record<string, unknown> {
  const found = isObject(reply.body) ? reply.body[key] : undefined
  if (!isObject(found)) throw fault('ServiceUnavailable', { reason: `an answer has no ${key}` })
  return found
}

/** The list under `key` of a reply's body. */
export function list(reply: ClientReply, key: string): readonly Record<string, unknown>[] {
  const found = isObject(reply.body) ? reply.body[key] : undefined
  return Array.isArray(found) ? found.filter(isObject) : []
}
