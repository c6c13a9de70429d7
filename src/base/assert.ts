// Assert what is impossible; handle what is unwelcome (that is model/errors.ts).

/** Throws when something the code relies on is not so. Becomes a 500 with the request id. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}

/** Ends an exhaustive switch: a member added to the union and forgotten here is a type error. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
