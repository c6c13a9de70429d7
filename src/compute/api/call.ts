// The call a handler of the compute API gets, and the small things every resource reads from it.
import { limits } from '../../model/limits.ts'
import type { Call } from '../../platform/http/call.ts'
import type { Handler } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import type { Viewer } from '../neighbours/neighbours.ts'

export type ComputeCall = Call<ComputeDeps>
export type ComputeHandler = Handler<ComputeDeps>

/** The page asked for with `limit`, at most [api]max_limit. The schema has checked that it is a number. */
export function pageLimit(call: Call<unknown>): number {
  const text = call.query.one('limit')
  return text === undefined ? limits.pageItemsMax : Math.min(Number(text), limits.pageItemsMax)
}

/** The caller's project; empty for tokens without one (which then own nothing). */
export const projectOf = (call: Call<unknown>): string => call.auth.project?.id ?? ''

export const viewerOf = (call: Call<unknown>): Viewer => ({
  projectId: projectOf(call),
  isAdmin: call.auth.isAdmin,
})

/** The body, as its schema says it is. */
export const bodyOf = <T>(call: Call<unknown>): T => call.body as T // the route's schema has accepted it

const trueWords: ReadonlySet<string> = new Set(['1', 't', 'true', 'on', 'y', 'yes'])
const falseWords: ReadonlySet<string> = new Set(['0', 'f', 'false', 'off', 'n', 'no'])

/** oslo.utils bool_from_string with strict=True: undefined when it is neither. */
export function readBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase()
  return trueWords.has(word) ? true : falseWords.has(word) ? false : undefined
}
