import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../../support/cloud.ts'

const cloud = await startTestCloud()
after(() => cloud.close())

const consoleOf = (server: { readonly id: string }, length?: number | string | null) =>
  cloud.act(server, { 'os-getConsoleOutput': length === undefined ? {} : { length } })

test('the console text: all of it, or its last lines', async () => {
  const server = await cloud.server()
  const all = (await consoleOf(server)).body.output
  assert.match(all, /login: \n$/)
  const two = (await consoleOf(server, 2)).body.output
  assert.equal(two, all.split('\n').slice(-2).join('\n'))
  assert.equal((await consoleOf(server, '2')).body.output, two)
  assert.equal((await consoleOf(server, -1)).body.output, all)
  assert.equal((await consoleOf(server, null)).body.output, all)
})

test('reading it is no action of the server', async () => {
  const server = await cloud.server()
  await consoleOf(server)
  assert.deepEqual(
    (await cloud.actions(server.id)).map(({ action }) => action),
    ['create'],
  )
})

test('a server on no host has none yet', async () => {
  const server = await cloud.server({ metadata: { 'faultline:fail': 'select_destinations:NoValidHost' } })
  const answer = await consoleOf(server)
  assert.deepEqual(
    [answer.status, answer.body.conflictingRequest.message],
    [409, `Instance ${server.id} is not ready`],
  )
})
