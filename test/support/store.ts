// A store of its own for each test: SQLite in memory, or with STORE=postgres a database made and dropped again.
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { openStore } from '../../src/platform/store/open.ts'
import type { Migration, Store } from '../../src/platform/store/store.ts'
import { strictStore } from './strict-store.ts'

const adminUrl = process.env.STORE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'

/** A migrated store that runs every transaction twice (strict-store.ts); `close()` also removes what was made for it. */
export async function testStore(migrations: readonly Migration[]): Promise<Store> {
  const url = await testStoreUrl()
  const store = strictStore(await openStore(url.url), { twice: true })
  await store.migrate(migrations)
  return {
    ...store,
    async close() {
      try {
        await store.close()
      } finally {
        await url.drop()
      }
    },
  }
}

/** The URL of an empty database of the engine under test. */
export async function testStoreUrl(): Promise<{ readonly url: string; drop(): Promise<void> }> {
  if (process.env.STORE !== 'postgres') return { url: 'sqlite::memory:', drop: async () => {} }
  const name = `faultline_test_${randomBytes(6).toString('hex')}`
  await asAdmin(`create database ${name}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return { url: url.toString(), drop: () => asAdmin(`drop database ${name} with (force)`) }
}

async function asAdmin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
