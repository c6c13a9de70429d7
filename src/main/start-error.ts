/** The cloud cannot come up; `message` is the one line a person reads, and says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
