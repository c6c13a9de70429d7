// The database failing under running operations: they wait for it and end as if nothing had happened.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConductorWrap } from '../../src/main/cloud.ts'
import type { Store } from '../../src/platform/store/store.ts'
import { nothingLeaked, startTestCloud } from '../support/cloud.ts'
import { holdings } from '../support/room.ts'

/** A database that fails each transaction operations make while `isDown` says so. */
const failing = (isDown: () => boolean): ConductorWrap => {
  const pass = <R>(run: () => Promise<R>): Promise<R> =>
    isDown() ? Promise.reject(new Error('Connection terminated unexpectedly')) : run()
  return {
    store: store => ({
      ...store,
      transaction: work => pass(() => store.transaction(work)),
      accept: work => pass(() => store.accept(work)),
    }),
    bus: bus => bus,
    client: client => client,
  }
}

test('a database that is away for a while delays operations; none fails, and they say why', async () => {
  let isDown = false
  await using cloud = await startTestCloud({ hosts: 2, wrap: failing(() => isDown) })
  const server = await cloud.server()
  isDown = true
  const answer = await cloud.ask('POST', `/servers/${server.id}/action`, {
    body: { resize: { flavorRef: '2' } },
  })
  assert.equal(answer.status, 202)
  await new Promise(resolve => setTimeout(resolve, 250))
  isDown = false
  await cloud.settled()
  assert.equal((await cloud.show(server.id)).status, 'VERIFY_RESIZE')
  const [action] = await cloud.actions(server.id)
  const mark = action.events.find(({ event }: { event: string }) => event === 'conductor_recover_operation')
  assert.equal(
    mark.details,
    'Found resize accepted and not begun after the database failed; it is begun now.',
  )
})

test('transactions that fail here and there, wherever it is, fail no operation', async () => {
  let count = 0
  let every = 0
  await using cloud = await startTestCloud({
    hosts: 2,
    wrap: failing(() => every > 0 && ++count % every === 0),
  })
  for (const body of [
    { 'os-stop': null },
    { resize: { flavorRef: '2' } },
    { shelve: null },
    { rebuild: { imageRef: cloud.imageId } },
  ]) {
    every = 0
    const server = await cloud.server()
    every = 17
    await cloud.act(server, body)
    every = 0
    const [action] = await cloud.actions(server.id)
    assert.equal(action.message, null, JSON.stringify([body, action.events]))
  }
  assert.deepEqual(await holdings(cloud), [])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

/** A database whose next `accept` (or a later one) is done, and its answer lost on the way. */
function losing(): { readonly wrapStore: (store: Store) => Store; lose(later?: number): void } {
  let left = Number.POSITIVE_INFINITY
  return {
    lose: (later = 0) => {
      left = later
    },
    wrapStore: store => ({
      ...store,
      async accept(work) {
        const answer = await store.accept(work)
        left -= 1
        if (left >= 0) return answer
        left = Number.POSITIVE_INFINITY
        throw new Error('Connection terminated unexpectedly')
      },
    }),
  }
}

test('an acceptance whose answer was lost is kept, without a restart', async () => {
  const { wrapStore, lose } = losing()
  await using cloud = await startTestCloud({ hosts: 2, wrapStore })
  const server = await cloud.server()
  const path = `/servers/${server.id}`
  const losingIt = async (method: string, at: string, body?: unknown) => {
    lose()
    assert.equal((await cloud.ask(method, at, { body })).status, 500)
    await cloud.settled()
  }
  await losingIt('POST', `${path}/action`, { changePassword: { adminPass: 'secret' } })
  assert.equal((await cloud.show(server.id))['OS-EXT-STS:task_state'], null)
  await losingIt('POST', `${path}/action`, { resize: { flavorRef: '2' } })
  assert.equal((await cloud.show(server.id)).status, 'VERIFY_RESIZE')
  await losingIt('DELETE', path)
  assert.equal((await cloud.ask('GET', path)).status, 404)
  const named = { name: 'lost', flavorRef: '1', imageRef: cloud.imageId, networks: 'auto', min_count: 2 }
  await losingIt('POST', '/servers', { server: named })
  const { servers } = (await cloud.ask('GET', '/servers/detail')).body
  assert.deepEqual(
    servers.map(({ status }: { status: string }) => status),
    ['ACTIVE', 'ACTIVE'],
  )
  assert.deepEqual(await holdings(cloud), [])
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a lost answer: the image of a snapshot that was accepted stays, one whose making failed is removed', async () => {
  const { wrapStore, lose } = losing()
  await using cloud = await startTestCloud({ wrapStore })
  const server = await cloud.server()
  const body = { createImage: { name: 'kept' } }
  const kept = async () => (await cloud.ask('GET', '/image/v2/images?name=kept')).body.images
  lose()
  assert.equal((await cloud.act(server, body)).status, 503)
  assert.deepEqual(await kept(), [])
  lose(1) // the image is made first
  assert.equal((await cloud.act(server, body)).status, 500)
  assert.deepEqual(
    (await kept()).map(({ status }: { status: string }) => status),
    ['active'],
  )
})
