// The error catalogue: every refusal any service can answer with. One row an error: the HTTP status, the public
// sentence (`{name}` is filled from the arguments), and whether trying again can help. A service's rows live in
// `errors/<service>.ts`; how a service wraps one in its reply is its own fault shape (platform/http/service.ts).

import { computeErrors } from './errors/compute.ts'
import { identityErrors } from './errors/identity.ts'
import { imageErrors } from './errors/image.ts'
import { networkErrors } from './errors/network.ts'
import { placementErrors } from './errors/placement.ts'
import { platformErrors } from './errors/platform.ts'
import type { ErrorRow } from './errors/row.ts'
import { traceErrors } from './errors/trace.ts'
import { volumeErrors } from './errors/volume.ts'

export const errors = {
  ...platformErrors,
  ...identityErrors,
  ...imageErrors,
  ...networkErrors,
  ...placementErrors,
  ...volumeErrors,
  ...computeErrors,
  ...traceErrors,
} satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof errors

/** A refusal from the catalogue. `message` is public; `cause` is for the log only. */
export class Fault extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly params: Readonly<Record<string, unknown>>
  /** Extra reply headers, for example `WWW-Authenticate`. */
  readonly headers: Readonly<Record<string, string>> | undefined

  constructor(code: ErrorCode, params: Readonly<Record<string, unknown>>, options: FaultOptions) {
    const row: ErrorRow = errors[code]
    super(fillIn(row.text, params), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = row.type ?? code
    this.code = code
    this.status = row.status
    this.params = params
    this.headers = options.headers
  }
}

export interface FaultOptions {
  readonly cause?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Makes a fault to throw: `throw fault('ServerNotFound', { server: id })`. */
export const fault = (
  code: ErrorCode,
  params: Readonly<Record<string, unknown>> = {},
  options: FaultOptions = {},
): Fault => new Fault(code, params, options)

export const isFault = (error: unknown, ...codes: readonly ErrorCode[]): error is Fault =>
  error instanceof Fault && (codes.length === 0 || codes.includes(error.code))

const fillIn = (text: string, params: Readonly<Record<string, unknown>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole))
