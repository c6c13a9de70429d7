// A store that is stricter than the real ones, so that what goes wrong there once in a thousand runs goes wrong here at
// once. Inside a transaction's body nothing may use the store but through `tx`: on PostgreSQL it would want a second
// connection, and when all are taken by transactions that wait for one, nobody goes on. And a body may be run again
// after a deadlock: with `twice` every one is, its first run taken back, so that what it left outside is seen double.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { KyselyPlugin, Transaction } from 'kysely'
import type { Store } from '../../src/platform/store/store.ts'

export interface Strictness {
  /** Run every transaction's body, take it back, and run it again. */
  readonly twice: boolean
}

/** As `STORE_TWICE=1` says, for whole runs of the tests. */
export const usualStrictness: Strictness = { twice: process.env.STORE_TWICE === '1' }

/** The store so wrapped; `close` fails when there was a use the caller did not let through. */
export function strictStore(store: Store, { twice }: Strictness = usualStrictness): Store {
  const inside = new AsyncLocalStorage<true>()
  const misuses: Error[] = []

  function refuseInside(what: string): void {
    if (!inside.getStore()) return
    const misuse = new Error(`${what} inside a transaction: it goes past the transaction's own connection`)
    misuses.push(misuse)
    throw misuse
  }

  const watch: KyselyPlugin = {
    transformQuery({ node }) {
      refuseInside(`a query through the store (${node.kind})`)
      return node
    },
    transformResult: async ({ result }) => result,
  }

  const run =
    (kind: 'transaction' | 'accept'): Store['transaction'] =>
    async work => {
      refuseInside(`another ${kind}`)
      const watched: typeof work = tx => inside.run(true, () => work(tx))
      if (twice) await rehearse(store, watched)
      return store[kind](watched)
    }

  return {
    ...store,
    db: store.db.withPlugin(watch),
    transaction: run('transaction'),
    accept: run('accept'),
    prepared(count, build) {
      const read = store.prepared(count, build)
      return (...args) => {
        refuseInside('a prepared read')
        return read(...args)
      }
    },
    async close() {
      await store.close()
      if (misuses.length > 0) throw new AggregateError(misuses, misuses.map(({ stack }) => stack).join('\n'))
    },
  }
}

class TakenBack extends Error {
  override readonly name = 'TakenBack'
}

/** What it answers or throws is not looked at: whatever it is, the run that counts comes to it as well. */
async function rehearse<T>(store: Store, work: (tx: Transaction<T>) => Promise<unknown>): Promise<void> {
  await store
    .transaction<T, never>(async tx => {
      await work(tx)
      throw new TakenBack()
    })
    .catch(() => {})
}
