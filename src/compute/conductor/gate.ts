// The store as operations see it. It takes no more changes once the process has given up waiting: what is cut off in the
// middle must not record, on its way out, a failure that is only the process ending. And where the store itself fails,
// it says so: that is no failure of the operation, which waits for the store.
import { Fault } from '../../model/errors.ts'
import type { Store } from '../../platform/store/store.ts'
import { ExplainedError } from '../errors.ts'
import { HostError } from '../failures.ts'
import { Draining, StoreFailed, Superseded } from '../operations/operation.ts'

export function gateStore(store: Store, isOpen: () => boolean): Store {
  const pass = async <R>(run: () => Promise<R>): Promise<R> => {
    if (!isOpen()) throw new Draining('the process is stopping')
    try {
      return await run()
    } catch (error) {
      throw isAnswer(error) ? error : new StoreFailed('the database failed a transaction', { cause: error })
    }
  }
  return {
    ...store,
    transaction: work => pass(() => store.transaction(work)),
    accept: work => pass(() => store.accept(work)),
  }
}

// What we throw inside a transaction ourselves, to leave it.
const isAnswer = (error: unknown): boolean =>
  [Fault, ExplainedError, HostError, Superseded, Draining].some(known => error instanceof known)
