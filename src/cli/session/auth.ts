// The body of POST /v3/auth/tokens for what we were given.
import { CliError } from '../errors.ts'
import type { Credentials } from './credentials.ts'

/** identity v3: one method and, for password and token, a scope. */
export function authBody(given: Credentials): unknown {
  if (given.application_credential_secret !== undefined)
    return {
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: {
            ...(given.application_credential_id !== undefined
              ? { id: given.application_credential_id }
              : { name: given.application_credential_name, user: user(given) }),
            secret: given.application_credential_secret,
          },
        },
      },
    }
  if (given.token !== undefined && given.password === undefined)
    return { auth: { identity: { methods: ['token'], token: { id: given.token } }, ...scope(given) } }
  if (given.password === undefined)
    throw new CliError(`${given.source} gives no password`, {
      hint: 'give --os-password, OS_PASSWORD, a token, or an application credential',
    })
  return {
    auth: {
      identity: { methods: ['password'], password: { user: { ...user(given), password: given.password } } },
      ...scope(given),
    },
  }
}

const domain = (id: string | undefined, name: string | undefined) =>
  id ? { id } : { name: name ?? 'Default' }

function user(given: Credentials) {
  if (given.user_id !== undefined) return { id: given.user_id }
  if (given.username === undefined) throw new CliError(`${given.source} gives no user name`)
  return { name: given.username, domain: domain(given.user_domain_id, given.user_domain_name) }
}

function scope(given: Credentials) {
  if (given.project_id !== undefined) return { scope: { project: { id: given.project_id } } }
  if (given.project_name !== undefined)
    return {
      scope: {
        project: {
          name: given.project_name,
          domain: domain(given.project_domain_id, given.project_domain_name),
        },
      },
    }
  if (given.system_scope !== undefined) return { scope: { system: { all: true } } }
  if (given.domain_id !== undefined || given.domain_name !== undefined)
    return { scope: { domain: domain(given.domain_id, given.domain_name) } }
  return {}
}
