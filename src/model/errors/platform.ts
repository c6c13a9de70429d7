// Errors any service answers with: the framework's own, before or around a handler.
import type { ErrorRow } from './row.ts'

export const platformErrors = {
  Unauthenticated: { status: 401, text: 'The request you have made requires authentication.' },
  PolicyDenied: { status: 403, text: "Policy doesn't allow {rule} to be performed." },
  RouteNotFound: { status: 404, text: 'The resource could not be found.' },
  MalformedBody: { status: 400, text: 'Malformed request body' },
  NullCharacter: { status: 400, text: 'Text may not contain null characters.' },
  PatternInvalid: { status: 400, text: 'A regular expression in the query cannot be used.' },
  InvalidInput: { status: 400, text: '{reason}' },
  UnsupportedContentType: { status: 415, text: 'Unsupported Content-Type' },
  // The placeholder is upstream's, and never filled in (oslo_middleware/sizelimit.py).
  BodyTooLarge: { status: 413, text: 'Request is too large. Larger than max_request_body_size (%s).' },
  Unexpected: { status: 500, text: 'Unexpected API Error. Please contact the administrator\n{type}' },
  NotImplementedHere: { status: 501, text: 'Faultline does not implement {what} yet.' },
  ServiceUnavailable: {
    status: 503,
    text: 'The service is currently unable to handle the request: {reason}',
    retryable: true,
  },
} satisfies Record<string, ErrorRow>
