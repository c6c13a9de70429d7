// One request on its way through a service: what came in, who asks, under which ids, and what the handler may use.

import type { RequestId } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { allows, type PolicyRule, type PolicyTarget } from '../../model/policies.ts'
import type { Log } from '../journal/log.ts'
import type { Auth } from './auth.ts'
import { Query } from './query.ts'
import type { Incoming } from './types.ts'

export type Params = Readonly<Record<string, string>>

/** What one service hands to another, and what an operation keeps: who asked, and under which ids. */
export interface RequestIds {
  readonly requestId: RequestId
  readonly globalRequestId: RequestId | null
}

/** A microversion as a service negotiated it. Services without microversions never look at it. */
export interface Version {
  readonly text: string
  readonly minor: number
}

export class Call<D> implements RequestIds {
  readonly deps: D
  readonly request: Incoming
  readonly params: Params
  readonly requestId: RequestId
  readonly globalRequestId: RequestId | null
  /** performance.now() when the request arrived. */
  readonly startedAt: number
  /** Filled by the pipeline; only routes marked `open` run with no caller. */
  caller: Auth | null = null
  version: Version | null = null
  /** False where no route was found (Nova sends no version headers there). */
  routed = true
  /** The parsed and validated JSON body; undefined when the route takes none. */
  body: unknown = undefined
  readonly #log: Log
  #boundLog: Log | undefined
  #query: Query | undefined

  constructor(
    deps: D,
    request: Incoming,
    params: Params,
    requestId: RequestId,
    globalRequestId: RequestId | null,
    startedAt: number,
    log: Log,
  ) {
    this.deps = deps
    this.request = request
    this.params = params
    this.requestId = requestId
    this.globalRequestId = globalRequestId
    this.startedAt = startedAt
    this.#log = log
  }

  /** The service's log under this request's ids and, once it is known, its caller. */
  get log(): Log {
    if (this.#boundLog?.context?.auth !== this.caller) this.#boundLog = undefined
    this.#boundLog ??= this.#log.under({
      requestId: this.requestId,
      globalRequestId: this.globalRequestId,
      auth: this.caller,
    })
    return this.#boundLog
  }

  /** The caller. Reading it on an open route without a token is a mistake in the code, answered as 401. */
  get auth(): Auth {
    if (!this.caller) throw fault('Unauthenticated')
    return this.caller
  }

  get query(): Query {
    this.#query ??= new Query(this.request.search)
    return this.#query
  }

  /** Throws PolicyDenied (403) unless the caller may do `rule` on `target`. */
  enforce(rule: PolicyRule, target?: PolicyTarget): void {
    if (!allows(this.auth, rule, target)) throw fault('PolicyDenied', { rule })
  }

  allows(rule: PolicyRule, target?: PolicyTarget): boolean {
    return allows(this.auth, rule, target)
  }
}
