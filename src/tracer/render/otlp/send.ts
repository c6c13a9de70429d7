// Posts spans to a collector, again when it asks for that, and not for ever.
import type { ExportRequest } from './shape.ts'

export interface Sending {
  readonly fetch: typeof globalThis.fetch
  readonly sleep: (ms: number) => Promise<void>
  /** ms since the epoch: a collector may name a date to come back at. */
  readonly now: () => number
}

const attemptsMax = 5
const firstPauseMs = 500
const longestPauseMs = 30_000
const answerWithinMs = 10_000
/** https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const again = new Set([429, 502, 503, 504])

/** Where spans go: a URL without a path means the collector's usual one. */
export function otlpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new Error(`'${text}' is no address of a collector: it is http://HOST:4318, or with a path`)
  if (url.pathname === '/' || url.pathname === '') url.pathname = '/v1/traces'
  return url
}

/** Sends; throws with what the collector said when it does not take all of it. */
export async function sendOtlp(to: string, body: ExportRequest, sending: Sending): Promise<URL> {
  const url = otlpUrl(to)
  const text = JSON.stringify(body)
  for (let attempt = 1; ; attempt++) {
    const answer = await post(url, text, sending)
    if (answer.status >= 200 && answer.status < 300) {
      refusePartial(url, answer.text)
      return url
    }
    const isLast = attempt >= attemptsMax
    if (isLast || !(answer.status === 0 || again.has(answer.status)))
      throw new Error(
        `${url.origin} did not take the spans${attempt > 1 ? ` in ${attempt} attempts` : ''}: ${answer.reason}`,
      )
    await sending.sleep(answer.retryAfterMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1)))
  }
}

interface Answer {
  /** 0: there was none. */
  readonly status: number
  readonly text: string
  readonly reason: string
  readonly retryAfterMs: number | undefined
}

async function post(url: URL, body: string, { fetch, now }: Sending): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(answerWithinMs),
    })
    const text = await response.text()
    const { status, headers } = response
    return {
      status,
      text,
      reason: `${status} ${text.slice(0, 200)}`.trim(),
      retryAfterMs: retryAfter(headers.get('retry-after'), now()),
    }
  } catch (error) {
    const { cause, message } = error as Error // fetch throws errors
    const said = cause instanceof Error && cause.message !== '' ? cause.message : message
    return { status: 0, text: '', reason: said, retryAfterMs: undefined }
  }
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined
  const wanted = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(wanted) ? undefined : Math.min(longestPauseMs, Math.max(0, wanted))
}

/** A 200 may say that some spans were not taken. */
function refusePartial(url: URL, text: string): void {
  let rejected: unknown
  let message: unknown
  try {
    const { partialSuccess } = JSON.parse(text) as {
      partialSuccess?: { rejectedSpans?: unknown; errorMessage?: unknown }
    } // every member is looked at before it is believed
    rejected = partialSuccess?.rejectedSpans
    message = partialSuccess?.errorMessage
  } catch {
    return // an empty answer is a full success to many collectors
  }
  if (Number(rejected ?? 0) > 0)
    throw new Error(
      `${url.origin} refused ${Number(rejected)} spans: ${typeof message === 'string' ? message : ''}`,
    )
}
