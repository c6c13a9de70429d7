// A store that takes no more changes once the process has given up waiting: what is cut off in the middle must not
// record, on its way out, a failure that is only the process ending.

import type { Store } from '../../platform/store/store.ts'
import { Draining } from '../operations/operation.ts'

export const gateStore = (store: Store, isOpen: () => boolean): Store => ({
  ...store,
  async transaction(work) {
    if (!isOpen()) throw new Draining('the process is stopping')
    return store.transaction(work)
  },
  async accept(work) {
    if (!isOpen()) throw new Draining('the process is stopping')
    return store.accept(work)
  },
})
