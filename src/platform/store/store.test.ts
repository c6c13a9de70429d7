// What services rely on, whichever engine it is: run as it is for SQLite, with STORE=postgres for PostgreSQL.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { testStoreUrl } from '../../../test/support/store.ts'
import { openStore } from './open.ts'
import { type Migration, type Store, StoreError, tables } from './store.ts'
import { violation } from './violations.ts'

interface Tables {
  accounts: { id: string; balance: number; note: string | null }
  entries: { id: number; account: string }
}

const migrations: readonly Migration[] = [
  {
    name: 'test_0001_tables',
    async up(db) {
      await db.schema
        .createTable('accounts')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('balance', 'bigint', column => column.notNull())
        .addColumn('note', 'text')
        .execute()
      await db.schema
        .createTable('entries')
        .addColumn('id', 'integer', column => column.primaryKey())
        .addColumn('account', 'text', column => column.notNull().references('accounts.id'))
        .execute()
    },
  },
]

const folder = mkdtempSync(join(tmpdir(), 'faultline-store-'))
const isPostgres = process.env.STORE === 'postgres'
let files = 0
// A file, not memory: readers have a connection of their own there, as in a real cloud.
const freshUrl = async () => {
  files += 1
  return isPostgres
    ? await testStoreUrl()
    : { url: `sqlite:${join(folder, `${files}.db`)}`, drop: async () => {} }
}
const opened: { store: Store; drop: () => Promise<void> }[] = []
async function open(): Promise<Store> {
  const { url, drop } = await freshUrl()
  const store = await openStore(url)
  opened.push({ store, drop })
  return store
}

let store: Store
let db: ReturnType<typeof tables<Tables>>
beforeEach(async () => {
  store = await open()
  await store.migrate(migrations)
  db = tables<Tables>(store)
  await db.insertInto('accounts').values({ id: 'a', balance: 100, note: 'Alpha' }).execute()
})
after(async () => {
  for (const { store: one, drop } of opened) {
    await one.close()
    await drop()
  }
  rmSync(folder, { recursive: true, force: true })
})

const balance = async (id = 'a') =>
  (await db.selectFrom('accounts').select('balance').where('id', '=', id).executeTakeFirst())?.balance

for (const kind of ['transaction', 'accept'] as const) {
  test(`${kind}: all of it or nothing`, async () => {
    const failure = new Error('changed my mind')
    const failing = store[kind]<Tables, void>(async tx => {
      await tx.updateTable('accounts').set({ balance: 1 }).execute()
      throw failure
    })
    await assert.rejects(failing, failure)
    assert.equal(await balance(), 100)
    const answer = await store[kind]<Tables, string>(async tx => {
      await tx.updateTable('accounts').set({ balance: 50 }).execute()
      await tx.insertInto('accounts').values({ id: 'b', balance: 50, note: null }).execute()
      return 'done'
    })
    assert.deepEqual([answer, await balance('a'), await balance('b')], ['done', 50, 50])
  })

  test(`${kind}: readers see nothing of it before the end, and do not wait for it`, async () => {
    const seen: unknown[] = []
    const read = store.prepared<Tables, { balance: number }>(1, (builder, [id]) =>
      builder.selectFrom('accounts').select('balance').where('id', '=', id!),
    )
    await store[kind]<Tables, void>(async tx => {
      await tx.updateTable('accounts').set({ balance: 7 }).execute()
      const inside = await tx.selectFrom('accounts').select('balance').executeTakeFirst()
      seen.push(inside?.balance, await balance(), (await read('a'))[0]?.balance)
    })
    assert.deepEqual(seen, [7, 100, 100])
    assert.deepEqual([await balance(), (await read('a'))[0]?.balance], [7, 7])
  })

  test(`${kind}: two at once do not lose each other's changes`, async () => {
    const take = () =>
      store[kind]<Tables, boolean>(async tx => {
        const { numUpdatedRows } = await tx
          .updateTable('accounts')
          .set(eb => ({ balance: eb('balance', '-', 60) }))
          .where('balance', '>=', 60)
          .executeTakeFirstOrThrow()
        await new Promise(resolve => setTimeout(resolve, 5))
        return numUpdatedRows === 1n
      })
    const taken = await Promise.all([take(), take(), take()])
    assert.equal(taken.filter(Boolean).length, 1)
    assert.equal(await balance(), 40)
  })
}

test('after a failed statement the next transaction goes on', async () => {
  for (let index = 0; index < 3; index += 1)
    await assert.rejects(
      store.transaction<Tables, unknown>(tx =>
        tx.insertInto('accounts').values({ id: 'a', balance: 0, note: null }).execute(),
      ),
    )
  await store.accept<Tables, unknown>(tx => tx.updateTable('accounts').set({ balance: 1 }).execute())
  assert.equal(await balance(), 1)
})

test('what was accepted is there for whoever opens the database next', async () => {
  const { url, drop } = await freshUrl()
  const first = await openStore(url)
  await first.migrate(migrations)
  await first.accept<Tables, unknown>(tx =>
    tx.insertInto('accounts').values({ id: 'kept', balance: 1, note: null }).execute(),
  )
  await first.close()
  const second = await openStore(url)
  opened.push({ store: second, drop })
  await second.migrate(migrations)
  const found = await tables<Tables>(second).selectFrom('accounts').select('id').execute()
  assert.deepEqual(
    found.map(({ id }) => id),
    ['kept'],
  )
})

test('a prepared read takes its arguments in order and never answers what was true before', async () => {
  const read = store.prepared<Tables, { id: string }>(
    2,
    (builder, [low, high]) =>
      builder
        .selectFrom('accounts')
        .select('id')
        .where('balance', '>=', low as never) // stands for a number
        .where('balance', '<=', high as never), // likewise
  )
  const ids = async (low: number, high: number) => (await read(low, high)).map(({ id }) => id)
  assert.deepEqual(await ids(50, 150), ['a'])
  assert.deepEqual(await ids(150, 50), [])
  await db.updateTable('accounts').set({ balance: 20 }).execute()
  assert.deepEqual(await ids(50, 150), [])
  await store.accept<Tables, unknown>(tx => tx.updateTable('accounts').set({ balance: 60 }).execute())
  assert.deepEqual(await ids(50, 150), ['a'])
})

test('numbers come back as numbers', async () => {
  const at = Date.UTC(2026, 10, 23)
  await db.updateTable('accounts').set({ balance: at }).execute()
  const row = await db
    .selectFrom('accounts')
    .select(eb => ['balance', eb.fn.countAll().as('count'), eb.fn.sum('balance').as('sum')])
    .groupBy('balance')
    .executeTakeFirstOrThrow()
  assert.deepEqual({ ...row }, { balance: at, count: 1, sum: at })
})

test('matches finds a pattern anywhere, upper and lower case alike', async () => {
  const found = async (pattern: string) =>
    (await db.selectFrom('accounts').select('id').where(store.matches('note', pattern)).execute()).length
  assert.deepEqual(
    [await found('alp'), await found('^LPHA'), await found('h.$'), await found('^a[k-m]')],
    [1, 0, 1, 1],
  )
})

test('instants and texts inside JSON can be matched too', async () => {
  const at = Date.UTC(2026, 10, 23, 9, 30, 27, 999)
  const note = JSON.stringify({ properties: { kernel: "it's" } })
  await db.updateTable('accounts').set({ balance: at, note }).execute()
  const row = await db
    .selectFrom('accounts')
    .select([
      store.instantText('balance').as('at'),
      store.jsonText('note', ['properties', 'kernel']).as('kernel'),
      store.jsonText('note', ['properties', 'ramdisk']).as('ramdisk'),
    ])
    .where(store.matches(store.instantText('balance'), '^2026-11-23 09:30'))
    .where(store.matches(store.jsonText('note', ['properties', 'kernel']), 'T.S$'))
    .executeTakeFirstOrThrow()
  assert.deepEqual({ ...row }, { at: '2026-11-23 09:30:27', kernel: "it's", ramdisk: '' })
})

test('a broken rule has a name', async () => {
  const broken = async (work: Promise<unknown>) =>
    violation(
      await work.then(
        () => null,
        error => error,
      ),
    )
  const insert = (id: string) => db.insertInto('accounts').values({ id, balance: 0, note: null }).execute()
  assert.equal(await broken(insert('a')), 'unique')
  assert.equal(await broken(db.insertInto('entries').values({ id: 1, account: 'none' }).execute()), 'foreign')
  assert.equal(await broken(insert('a\0b')), 'text')
  assert.equal(await broken(db.selectFrom('accounts').where('id', '=', '\0').selectAll().execute()), 'text')
  assert.equal(
    await broken(
      db
        .selectFrom('nothing' as 'accounts')
        .selectAll()
        .execute(),
    ),
    null,
  )
})

test('migrations run once, also when they come in another order', async () => {
  const ran: string[] = []
  const one = (name: string): Migration => ({ name, up: async () => void ran.push(name) })
  await store.migrate([...migrations, one('test_0003_c')])
  await store.migrate([...migrations, one('test_0002_b'), one('test_0003_c')])
  await store.migrate([...migrations, one('test_0002_b'), one('test_0003_c')])
  assert.deepEqual(ran, ['test_0003_c', 'test_0002_b'])
})

test('a migration that fails leaves nothing and can be run again', async () => {
  let isBroken = true
  const flaky: Migration = {
    name: 'test_0002_flaky',
    async up(builder) {
      await builder.schema.createTable('half').addColumn('id', 'text').execute()
      if (isBroken) throw new Error('out of luck')
    },
  }
  await assert.rejects(store.migrate([...migrations, flaky]), (error: unknown) => {
    assert.ok(error instanceof StoreError)
    assert.match(error.message, /could not be brought up to date: out of luck/)
    return true
  })
  isBroken = false
  await store.migrate([...migrations, flaky])
  assert.deepEqual(await tables<{ half: { id: string } }>(store).selectFrom('half').selectAll().execute(), [])
})

const startError = (url: string) =>
  openStore(url).then(
    () => assert.fail(`${url} was opened`),
    (error: unknown) => {
      assert.ok(error instanceof StoreError, String(error))
      return error.message
    },
  )

test('what cannot be used is refused with what to do about it', async () => {
  assert.match(await startError('mysql://x'), /neither sqlite:FILE nor postgres:/)
  assert.match(
    await startError('postgres://nobody@127.0.0.1:1/x'),
    /the database at 127\.0\.0\.1:1 cannot be reached/,
  )
  const file = join(folder, 'broken.db')
  writeFileSync(file, 'this is not a database, it only is as long as one '.repeat(100))
  assert.match(await startError(`sqlite:${file}`), /broken\.db cannot be used .*; move it away/)
})

test('a new database file is its owner’s alone', { skip: isPostgres }, async () => {
  const file = join(folder, 'mine.db')
  const mine = await openStore(`sqlite:${file}`)
  opened.push({ store: mine, drop: async () => {} })
  assert.equal(statSync(file).mode & 0o777, 0o600)
})
