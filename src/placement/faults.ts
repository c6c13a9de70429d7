// How placement words a refusal: the API working group's error list, the detail below the general sentence of the
// status (webob's), as clients that take the last line of the detail expect it.
import { type ErrorCode, type Fault, isFault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import type { Invalid } from '../platform/http/validate.ts'
import { maxVersion, minVersion, since } from './negotiate.ts'

interface StatusWords {
  readonly title: string
  readonly explanation: string
  /** webob ends some details with two blanks and some with none. */
  readonly end: string
}

const usual = (title: string, explanation: string): StatusWords => ({ title, explanation, end: '  ' })
const bare = (title: string, explanation: string): StatusWords => ({
  title,
  explanation: `${explanation} `,
  end: '',
})

const words: Readonly<Record<number, (call: Call<unknown>) => StatusWords>> = {
  400: () =>
    usual(
      'Bad Request',
      'The server could not comply with the request since it is either malformed or otherwise incorrect.',
    ),
  403: () => usual('Forbidden', 'Access was denied to this resource.'),
  404: () => usual('Not Found', 'The resource could not be found.'),
  405: call =>
    bare('Method Not Allowed', `The method ${call.request.method} is not allowed for this resource.`),
  406: call =>
    bare(
      'Not Acceptable',
      `The resource could not be generated that was acceptable to your browser (content of type ${String(call.request.headers.accept ?? 'application/json')}.`,
    ),
  409: () => usual('Conflict', 'There was a conflict when trying to complete your request.'),
  413: () => usual('Request Entity Too Large', 'The body of your request was too large for this server.'),
  415: call =>
    bare(
      'Unsupported Media Type',
      `The request media type ${call.request.headers['content-type'] ?? 'None'} is not supported by this server.`,
    ),
  501: call =>
    bare('Not Implemented', ` The request method ${call.request.method} is not implemented for this server.`),
}

const unexpected = usual(
  'Internal Server Error',
  'The server has either erred or is incapable of performing the requested operation.',
)

/** `code` of 1.23: what a program may act on. */
const codes: Partial<Readonly<Record<ErrorCode, string>>> = {
  PlacementGenerationConflict: 'placement.concurrent_update',
  PlacementGenerationChanged: 'placement.concurrent_update',
  PlacementConsumerConflict: 'placement.concurrent_update',
  PlacementInventoryExists: 'placement.concurrent_update',
  PlacementInventoryInUse: 'placement.inventory.inuse',
  PlacementProviderExists: 'placement.duplicate_name',
  PlacementProviderInUse: 'placement.resource_provider.inuse',
  PlacementProviderIsParent: 'placement.resource_provider.cannot_delete_parent',
  PlacementQueryBad: 'placement.query.bad_value',
  PlacementQueryDuplicate: 'placement.query.duplicate_key',
}

const codeMinor = 23

export function renderPlacementFault(refusal: Fault, call: Call<unknown>): Reply {
  // Upstream's token middleware answers before the service does, in its own shape.
  if (refusal.status === 401)
    return {
      status: 401,
      json: { error: { code: 401, title: 'Unauthorized', message: refusal.message } },
    }
  const { status } = refusal
  const { title, explanation, end } = words[status]?.(call) ?? unexpected
  return {
    status,
    json: {
      errors: [
        {
          status,
          title,
          detail: `${explanation}\n\n ${detailOf(refusal, call)}${end}`,
          ...(since(call, codeMinor) ? { code: codes[refusal.code] ?? 'placement.undefined_code' } : {}),
          request_id: call.requestId,
          ...(isFault(refusal, 'PlacementVersionUnknown')
            ? { max_version: maxVersion, min_version: minVersion }
            : {}),
        },
      ],
    },
  }
}

function detailOf(refusal: Fault, call: Call<unknown>): string {
  switch (refusal.code) {
    case 'RouteNotFound':
      return ''
    case 'InvalidInput': {
      const invalid = refusal.params.invalid as Invalid | undefined // put there by the pipeline
      const reason = invalid?.reason ?? refusal.message
      return call.request.method === 'GET'
        ? `Invalid query string parameters: ${reason}`
        : `JSON does not validate: ${reason}`
    }
    case 'MalformedBody':
      return `Malformed JSON: ${refusal.cause instanceof Error ? refusal.cause.message : 'no JSON'}`
    case 'UnsupportedContentType':
      return `The media type ${call.request.headers['content-type'] ?? 'None'} is not supported, use application/json`
    case 'PolicyDenied':
      return `Policy does not allow ${String(refusal.params.rule)} to be performed.`
    default:
      return refusal.message
  }
}
