// What the trace service refuses.
import type { ErrorRow } from './row.ts'

export const traceErrors = {
  /** Another project's request is refused in the same words: its id tells nothing. */
  TraceNotFound: { status: 404, text: "Nothing is known of '{handle}'." },
  TraceServerAmbiguous: {
    status: 409,
    text: "Several servers are called '{name}': {ids}. Name one by its id.",
  },
  TraceMarkerNotFound: { status: 400, text: "There is no request '{marker}' to go on after." },
  TraceTimeInvalid: { status: 400, text: "{name}: '{value}' is no time in ISO 8601." },
  TraceFollowersTooMany: {
    status: 503,
    text: 'As many requests are being followed as may be at once.',
    retryable: true,
  },
} satisfies Record<string, ErrorRow>
