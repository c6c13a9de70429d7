// What the volume service tells of a server's volumes (volume-reimaged), for the operation that waits for it. News of
// which nobody knows yet is not kept: whoever waits looks at the volume itself as well.

/** Kept in one process: the API takes the event, the conductor waits for it. */
export interface VolumeNews {
  /** Resolves when something is told of the volume, or `ms` have passed. */
  next(serverId: string, volumeId: string, ms: number): Promise<void>
  tell(serverId: string, volumeId: string): void
}

export function volumeNews(sleep: (ms: number) => Promise<void>): VolumeNews {
  const waiting = new Map<string, Set<() => void>>()
  const keyOf = (serverId: string, volumeId: string) => `${serverId} ${volumeId}`
  return {
    async next(serverId, volumeId, ms) {
      const key = keyOf(serverId, volumeId)
      const told = Promise.withResolvers<void>()
      const others = waiting.get(key) ?? new Set()
      waiting.set(key, others.add(told.resolve))
      await Promise.race([told.promise, sleep(ms)])
      others.delete(told.resolve)
      if (others.size === 0 && waiting.get(key) === others) waiting.delete(key)
    },
    tell(serverId, volumeId) {
      for (const wake of waiting.get(keyOf(serverId, volumeId)) ?? []) wake()
    },
  }
}
