// Calls to hosts that wait until they are let go: to look at a cloud in the middle of something.
import type { HostCallName, HostMessage } from '../../src/compute/messages.ts'
import type { ConductorWrap } from '../../src/main/cloud.ts'

export interface Held {
  readonly wrap: ConductorWrap
  /** Resolves when so many of the calls have been made. */
  waiting(count: number): Promise<void>
  /** Lets them go, and all that come later. */
  release(): void
}

export function holdCalls(name: HostCallName): Held {
  const released = Promise.withResolvers<void>()
  let made = 0
  const watchers: (() => void)[] = []
  return {
    wrap: {
      store: store => store,
      client: client => client,
      bus: bus => ({
        ...bus,
        async call(topic, message) {
          // Only the conductor's messages come this way.
          if ((message as HostMessage).call === name) {
            made += 1
            for (const watcher of watchers) watcher()
            await released.promise
          }
          return bus.call(topic, message)
        },
      }),
    },
    release: released.resolve,
    waiting: count =>
      new Promise(resolve => {
        const look = () => made >= count && resolve()
        watchers.push(look)
        look()
      }),
  }
}
