// From an error to what is recorded of it: the fault's code and message, an event's details and traceback.
// Nova's rule: Nova exceptions say their message, foreign ones only their class name (facts: faults.md §6, §7).
import { type ErrorCode, Fault, fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import { HostError } from './failures.ts'

/** A reason that can be told in two ways: to administrators, and to owners without host names. */
export interface Explanation {
  readonly admin: string
  readonly owner: string
  /** Nova's words without host names, where they have some. */
  readonly ownerMessage?: string
}

/** A refusal with the reason beside Nova's words: NoValidHost and its like. */
export class ExplainedError extends Error {
  readonly code: number
  readonly explanation: Explanation

  constructor(
    name: string,
    message: string,
    explanation: Explanation,
    code = 500,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options)
    this.name = name
    this.code = code
    this.explanation = explanation
  }
}

/** A row of the catalogue, with the reason beside its sentence. */
export function explained(
  code: ErrorCode,
  params: Readonly<Record<string, unknown>>,
  explanation: Explanation,
): ExplainedError {
  const { name, message, status } = fault(code, params)
  const error = new ExplainedError(name, message, explanation, status)
  Error.captureStackTrace(error, explained)
  return error
}

/** No agent answers for a host: it is not running, or the host is not part of the cloud any more. */
export class HostUnreachable extends ExplainedError {
  constructor(host: string, options: { readonly cause?: unknown } = {}) {
    super(
      'HostUnreachable',
      "The server's host does not answer.",
      {
        admin: `Nobody answers for ${host}: start its agent, or move the server away.`,
        owner: 'Try again later.',
      },
      500,
      options,
    )
  }
}

/** The message users may read. */
export function publicMessage(error: unknown): string {
  if (error instanceof Fault || error instanceof ExplainedError) return error.message
  if (error instanceof HostError) return error.isPublic ? error.message : error.name
  return error instanceof Error ? error.name : 'Error'
}

export function faultCode(error: unknown): number {
  if (error instanceof Fault) return error.status
  if (error instanceof ExplainedError) return error.code
  return error instanceof HostError && error.code !== null ? error.code : 500
}

/** An event's details: Nova's words, and ours behind them where there are any. */
export function detailsOf(error: unknown): Explanation {
  const message = publicMessage(error)
  if (!(error instanceof ExplainedError)) return { admin: cut(message), owner: cut(message) }
  // A reason that says no more than Nova's words is not said twice.
  const join = (nova: string, reason: string) =>
    cut(nova.includes(reason) ? nova : `${nova}${nova.endsWith('.') ? '' : ':'} ${reason}`)
  const { admin, owner, ownerMessage = message } = error.explanation
  return { admin: join(message.trimEnd(), admin), owner: join(ownerMessage.trimEnd(), owner) }
}

/**
 * What is kept of a try that may be made again elsewhere: a foreign exception's name and the phase it came in are the
 * owner's, its text is the administrator's.
 */
export function tryDetails(error: unknown, taskState: string | null): Explanation {
  if (error instanceof Fault || error instanceof ExplainedError) return detailsOf(error)
  if (error instanceof HostError && error.isPublic) return detailsOf(error)
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  const owner = `${name} while ${taskState ?? 'claiming'}`
  return { admin: cut(message === '' ? owner : `${owner}: ${message}`), owner: cut(owner) }
}

/** At most 255 bytes of UTF-8, never half a character (nova/objects/fields, safe_utf8 truncation). */
export function cut(text: string, bytesMax: number = limits.faultMessageBytesMax): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= bytesMax) return text
  let end = bytesMax
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1 // end is below the length
  return bytes.subarray(0, end).toString()
}

/** Frames only, oldest first, in Python's layout: what `traceback` of an event holds. */
export function eventTraceback(error: unknown): string {
  return frames(error).join('')
}

/** The full traceback of a fault's details: header, frames, the exception's line, causes first. */
export function faultDetails(error: unknown): string {
  const last = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const cause =
    error instanceof Error && error.cause !== undefined
      ? `${faultDetails(error.cause)}\nThe above exception was the direct cause of the following exception:\n\n`
      : ''
  return `${cause}Traceback (most recent call last):\n${frames(error).join('')}${last}\n`
}

const framePattern = /^\s*at (?:async )?(?:(.+?) \()?(?:file:\/\/)?(.+?):(\d+):\d+\)?$/

function frames(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return stack
    .split('\n')
    .flatMap(line => {
      const match = framePattern.exec(line)
      if (!match || match[2]!.startsWith('node:')) return [] // the pattern's groups 2 and 3 always match
      return [`  File "${shortPath(match[2]!)}", line ${match[3]}, in ${match[1] ?? '<module>'}\n`]
    })
    .reverse()
}

// Where the program is installed is nobody's business: paths start at the project.
const shortPath = (path: string) =>
  /(?:^|\/)((?:src|test|node_modules)\/.*)$/.exec(path)?.[1] ?? path.slice(path.lastIndexOf('/') + 1)
