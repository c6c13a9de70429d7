// One live migration at a time leaves a host (Nova's max_concurrent_live_migrations); the others are queued. Those who
// wait look up whenever the one that runs gets on, so that they see in time that they are wanted no more.

export interface LiveTurns {
  /** True when it is this migration's turn to leave the host; it stays so until `leave`. */
  take(host: string, migration: string): boolean
  leave(host: string, migration: string): void
  /** Resolves at the next `nudge` of the host, or when its turn is free. */
  next(host: string): Promise<void>
  /** Whoever waits for the host's turn may look up. */
  nudge(host: string): void
}

export function liveTurns(): LiveTurns {
  const holders = new Map<string, string>()
  const waiting = new Map<string, (() => void)[]>()
  const nudge = (host: string) => {
    const waking = waiting.get(host) ?? []
    waiting.delete(host)
    for (const wake of waking) wake()
  }
  return {
    nudge,
    take(host, migration) {
      const holder = holders.get(host) ?? migration
      holders.set(host, holder)
      return holder === migration
    },
    leave(host, migration) {
      if (holders.get(host) === migration) holders.delete(host)
      nudge(host)
    },
    next: host =>
      new Promise(resolve => {
        waiting.set(host, [...(waiting.get(host) ?? []), resolve])
      }),
  }
}
