// What starting up leaves behind (compiled-once code, source text, password hashing) is given back to the system once,
// when nobody is waiting: it halves what an idle cloud holds. Measured in decisions/memory.md.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (options: {
  readonly type: 'major'
  readonly execution: 'sync'
  readonly flavor: 'last-resort'
}) => void

const firstTryMs = 1000
const againMs = 5000

/** Collects once, some time after the start, at a moment when `isIdle()`. */
export function releaseStartMemory(isIdle: () => boolean): void {
  const attempt = () => {
    if (!isIdle()) {
      setTimeout(attempt, againMs).unref()
      return
    }
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as Collect // V8's own function, there with the flag
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }
  setTimeout(attempt, firstTryMs).unref()
}
