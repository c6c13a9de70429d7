// Chooses the engine from a URL: `sqlite:/path/file.db`, `sqlite::memory:` or `postgres://…`.
import { openPostgres } from './postgres/open.ts'
import { openSqlite } from './sqlite/open.ts'
import { type Store, StoreError } from './store.ts'

export async function openStore(url: string): Promise<Store> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length))
  if (url.startsWith('postgres://') || url.startsWith('postgresql://')) return openPostgres(url)
  throw new StoreError(`database URL '${url}' is neither sqlite:FILE nor postgres://…`)
}
