// One scheduling at a time in a process: between looking at the hosts and claiming on one, nobody else may claim.
// Other processes are kept honest by placement, which refuses what does not fit.

export interface SchedulingTurns {
  /** Runs `body` when everybody before has finished, failed or not. */
  turn<R>(body: () => Promise<R>): Promise<R>
}

export function schedulingTurns(): SchedulingTurns {
  let last: Promise<unknown> = Promise.resolve()
  return {
    turn(body) {
      const mine = last.then(body, body)
      last = mine.catch(() => {})
      return mine
    },
  }
}
