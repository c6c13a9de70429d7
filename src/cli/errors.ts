// What goes wrong on this side of the wire: every error says what, and what to do next when we know.

/** An error the user can act on. `exitCode` becomes the process's; `hint` is printed on a line of its own. */
export class CliError extends Error {
  override readonly name: string = 'CliError'
  readonly exitCode: number
  readonly hint: string | undefined

  constructor(
    message: string,
    options: { readonly exitCode?: number; readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.exitCode = options.exitCode ?? 1
    this.hint = options.hint
  }
}

/** A service answered with a 4xx or 5xx. The message already ends in the status and the request id. */
export class HttpError extends CliError {
  override readonly name = 'HttpError'
  readonly status: number
  readonly requestId: string | undefined
  /** The service's sentence alone. */
  readonly reason: string

  constructor(reply: {
    readonly status: number
    readonly requestId: string | undefined
    readonly reason: string
    readonly hint?: string
  }) {
    const id = reply.requestId === undefined ? '' : ` (Request-ID: ${reply.requestId})`
    super(`${reply.reason} (HTTP ${reply.status})${id}`, { hint: reply.hint })
    this.status = reply.status
    this.requestId = reply.requestId
    this.reason = reply.reason
  }
}

/** Not an error: everything was printed, and the process ends with this code. */
export class Ended extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`ended with ${exitCode}`)
    this.exitCode = exitCode
  }
}

/** Usage that commander could not catch: two options that exclude each other, a value of the wrong form. */
export const usage = (message: string): CliError => new CliError(message, { exitCode: 2 })
