// A row of the error catalogue.

export interface ErrorRow {
  readonly status: number
  /** Public sentence, in the words of the service we are compatible with. */
  readonly text: string
  /** True when the same request can succeed later without anybody changing it. */
  readonly retryable?: true
  /** The exception class upstream raises, where clients or notifications see it (`NoValidHost`, `PortNotFound`). */
  readonly type?: string
}
