// The store that tests use shows what it is there to show.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openStore } from '../../src/platform/store/open.ts'
import type { Migration, Store } from '../../src/platform/store/store.ts'
import { testStoreUrl } from './store.ts'
import { strictStore } from './strict-store.ts'

interface Tables {
  notes: { text: string }
}

const migrations: readonly Migration[] = [
  {
    name: 'test_0001_notes',
    up: db => db.schema.createTable('notes').addColumn('text', 'text').execute(),
  },
]

async function onStore(twice: boolean, body: (store: Store) => Promise<void>): Promise<void> {
  const { url, drop } = await testStoreUrl()
  const store = strictStore(await openStore(url), { twice })
  try {
    await store.migrate(migrations)
    await body(store)
  } finally {
    try {
      await store.close()
    } finally {
      await drop()
    }
  }
}

const write = (store: Store, text: string, more: () => unknown = () => {}) =>
  store.accept<Tables, void>(async tx => {
    await tx.insertInto('notes').values({ text }).execute()
    await more()
  })

const notes = async (store: Store) =>
  (await store.db.selectFrom('notes').select('text').execute()).map(({ text }) => text)

test('twice: what a transaction writes is there once, what it does beside that is seen double', () =>
  onStore(true, async store => {
    const told: string[] = []
    await write(store, 'a', () => told.push('a'))
    assert.deepEqual([await notes(store), told], [['a'], ['a', 'a']])
  }))

test('twice: what a transaction refuses is refused, and nothing of it is there', () =>
  onStore(true, async store => {
    const failure = new Error('no')
    await assert.rejects(
      write(store, 'a', () => Promise.reject(failure)),
      failure,
    )
    assert.deepEqual(await notes(store), [])
  }))

const pastTheTransaction: Readonly<Record<string, (store: Store) => unknown>> = {
  'a query through the store': store => store.db.selectFrom('notes').select('text').execute(),
  'a prepared read': store => store.prepared<Tables, unknown>(0, db => db.selectFrom('notes').selectAll())(),
  'another transaction': store => store.transaction(async () => {}),
  'another accept': store => store.accept(async () => {}),
}

for (const [what, use] of Object.entries(pastTheTransaction))
  test(`${what} inside a transaction is refused, and told again at the end should nobody have listened`, async () => {
    const unheard = onStore(false, async store => {
      await assert.rejects(
        write(store, 'a', () => use(store)),
        { message: new RegExp(`^${what}.* inside a transaction`) },
      )
    })
    await assert.rejects(unheard, AggregateError)
  })

test('what follows a transaction may use the store again', () =>
  onStore(false, async store => {
    await write(store, 'a')
    await write(store, 'b')
    assert.deepEqual((await notes(store)).sort(), ['a', 'b'])
  }))
