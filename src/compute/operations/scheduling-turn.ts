// One scheduling at a time in this process: between looking at the hosts and claiming on one, nobody else may claim.
// Other processes are kept honest by placement, which refuses what does not fit.

let last: Promise<unknown> = Promise.resolve()

export const scheduling = {
  /** Runs `body` when everybody before has finished, failed or not. */
  turn<R>(body: () => Promise<R>): Promise<R> {
    const mine = last.then(body, body)
    last = mine.catch(() => {})
    return mine
  },
}
