// How identity words a refusal: `{"error": {"code", "message", "title"}}` (keystone/server/flask/application.py).
import { STATUS_CODES } from 'node:http'
import { type Fault, fault, isFault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import type { Invalid } from '../platform/http/validate.ts'
import { tooLargeReply } from '../platform/http/webob.ts'
import { violation } from '../platform/store/violations.ts'
import type { IdentityDeps } from './deps.ts'
import { authMethods } from './token-format.ts'
import { identityPrefix } from './views.ts'

export function renderIdentityFault(refusal: Fault, call: Call<IdentityDeps>): Reply {
  if (isFault(refusal, 'BodyTooLarge')) return tooLargeReply(refusal.message, call.request.headers.accept)
  const shown = inKeystonesWords(refusal, call)
  const error = { code: shown.status, message: shown.message, title: STATUS_CODES[shown.status] ?? 'Error' }
  if (shown.status !== 401) return json(shown.status, { error })
  return json(
    401,
    {
      error: isFault(shown, 'IdentityMethodUnsupported')
        ? { ...error, identity: { methods: authMethods } }
        : error,
    },
    { 'WWW-Authenticate': `Keystone uri="${call.request.origin}${identityPrefix}"` },
  )
}

// Parts of Keystone that are not here, below /identity/v3.
const notBuilt =
  /^\/(limits|registered_limits|ec2tokens|s3tokens|OS-[A-Z0-9-]+|policies\/[^/]+\/OS-[A-Z0-9-]+|(users|domains)\/[^/]+\/(access_rules|config|OS-[A-Z0-9-]+))(\/|$)/

function inKeystonesWords(refusal: Fault, call: Call<IdentityDeps>): Fault {
  switch (refusal.code) {
    case 'RouteNotFound': {
      const { method, path } = call.request
      return notBuilt.test(path.slice(identityPrefix.length))
        ? fault('NotImplementedHere', { what: `${method} ${path}` })
        : refusal
    }
    case 'PolicyDenied':
      return fault('IdentityForbidden', { action: refusal.params.rule })
    case 'MalformedBody':
      return fault('IdentityExpecting', { attribute: 'valid JSON', target: 'request body' })
    case 'Unexpected':
      return fault('IdentityUnexpected')
    case 'InvalidInput':
      return refusal.params.invalid
        ? fault('InvalidInput', { reason: schemaMessage(refusal.params.invalid as Invalid) }) // put there by service.ts
        : refusal
    default:
      return refusal
  }
}

/** keystone/common/validation/validators.py; paths start below the resource (`name`, not `user/name`). */
function schemaMessage({ path, reason }: Invalid): string {
  const field = path.slice(1).join('/')
  return field === '' ? reason : `Invalid input for field '${field}': ${reason}`
}

/** Runs a write and turns a broken rule of the database into the refusal that goes with it. */
export async function refusing<T>(
  work: Promise<T>,
  refusals: { readonly unique?: () => Fault; readonly foreign?: () => Fault },
): Promise<T> {
  try {
    return await work
  } catch (error) {
    const broken = violation(error)
    const refusal = broken === 'unique' || broken === 'foreign' ? refusals[broken] : undefined
    throw refusal ? refusal() : error
  }
}
