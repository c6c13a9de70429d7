// Calls to other services as a service's own user: one token, renewed before it ends.
import { isObject } from '../../base/json.ts'
import { type Clock, parseIso } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import type { Log } from '../journal/log.ts'
import type { RequestIds } from './call.ts'
import type { Client, ClientReply, ClientRequest } from './client.ts'

/** For whom: the ids that are passed on, and the log that says so. */
export interface OnBehalf {
  readonly ids: RequestIds
  readonly log: Log
}

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
    request: Pick<ClientRequest, 'method' | 'path' | 'body' | 'headers' | 'raw' | 'wants'>,
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
        reason: `identity refused the service's own credentials (HTTP ${reply.status})`,
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
