// How many statements a request costs: those of every service it comes through, counted by the request's own header.
import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { KyselyPlugin } from 'kysely'
import type { Store } from '../../src/platform/store/store.ts'

export const countHeader = 'x-count-statements'

export interface StatementCounter {
  readonly wrapStore: (store: Store) => Store
  /** Statements of the requests whose header named this, in order of kind; taken with it. */
  take(name: string): readonly string[]
  stop(): void
}

/** Listens to requests until `stop`; the header's value names what its statements are counted under. */
export function countStatements(): StatementCounter {
  const storage = new AsyncLocalStorage<string | undefined>()
  const counts = new Map<string, string[]>()
  const onRequest = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage } // Node's documented message
    const name = request.headers[countHeader]
    storage.enterWith(typeof name === 'string' ? name : undefined)
  }
  subscribe('http.server.request.start', onRequest)

  function count(what: string): void {
    const name = storage.getStore()
    if (name === undefined) return
    const statements = counts.get(name) ?? []
    counts.set(name, statements)
    statements.push(what)
  }
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      count(describe(node))
      return node
    },
    transformResult: async ({ result }) => result,
  }

  return {
    wrapStore: store => ({
      ...store,
      db: store.db.withPlugin(plugin),
      transaction: work => store.transaction(tx => work(tx.withPlugin(plugin) as never)), // the same tables
      accept: work => store.accept(tx => work(tx.withPlugin(plugin) as never)), // likewise
      prepared(arguments_, build) {
        const read = store.prepared(arguments_, build)
        return (...args) => {
          count('a prepared read')
          return read(...args)
        }
      },
    }),
    take(name) {
      const found = counts.get(name) ?? []
      counts.delete(name)
      return found.sort()
    },
    stop: () => unsubscribe('http.server.request.start', onRequest),
  }
}

/** `SelectQueryNode servers`: enough to see which one is repeated. */
function describe(node: object): string {
  const names = [...JSON.stringify(node).matchAll(/"table":\{[^}]*"name":"(\w+)"/g)].map(([, name]) => name)
  return [(node as { readonly kind: string }).kind, ...new Set(names)].join(' ') // every node has a kind
}
