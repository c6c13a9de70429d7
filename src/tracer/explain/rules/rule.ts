// What a rule is: a text somebody's OpenStack says, and the cause it shows.
import type { CauseCode } from '../../../model/causes.ts'

/**
 * How near a text is to what went wrong. root: the thing itself. cause: a service's own error about it. noHost: the
 * scheduler's answer, which an earlier failed attempt may have led to. generic: known by its form alone. wrapper: what a
 * failure brings with it; anything else explains it better.
 */
export const weights = { root: 4, cause: 3, noHost: 2, generic: 1, wrapper: 0 } as const
export type Weight = (typeof weights)[keyof typeof weights]

export interface Rule {
  readonly cause: CauseCode
  /** Services or loggers, by how their names begin; absent: anywhere. */
  readonly where?: readonly string[]
  /** Matched against a message, a line of an exception, an event's details. No nested repetition, no look-around. */
  readonly match: RegExp
  /** What was found, with `{name}` for the groups of `match`; absent: the words that matched. */
  readonly found?: string
  readonly weight: Weight
  /** A text as it is really said, which the rule must match. */
  readonly example: string
}

const said =
  (weight: Weight) =>
  (cause: CauseCode, match: RegExp, example: string, found?: string, where?: readonly string[]): Rule => ({
    cause,
    match,
    example,
    weight,
    ...(found === undefined ? {} : { found }),
    ...(where === undefined ? {} : { where }),
  })

/** Rows by weight: `root('Driver.DiskFull', /No space left/, 'example', 'what was found')`. */
export const root = said(weights.root)
export const cause = said(weights.cause)
export const noHost = said(weights.noHost)
export const wrapper = said(weights.wrapper)
export const generic = said(weights.generic)
