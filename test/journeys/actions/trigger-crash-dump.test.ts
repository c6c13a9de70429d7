import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../../support/cloud.ts'
import { storyteller } from '../../support/story.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const { tell } = await storyteller(cloud)

test('the machine gets an NMI and goes on being what it was', async () => {
  const server = await cloud.server()
  assert.deepEqual(await tell(server, { trigger_crash_dump: null }), {
    status: 202,
    states: [],
    action: 'trigger_crash_dump',
    events: ['compute_trigger_crash_dump Success home'],
    notifications: ['instance.trigger_crash_dump.start home', 'instance.trigger_crash_dump.end home'],
  })
  const { body } = await cloud.act(server, { 'os-getConsoleOutput': {} })
  assert.match(body.output, /NMI received/)
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})

test('a host that cannot leaves the server as it is, and says so', async () => {
  const server = await cloud.server({ metadata: { 'faultline:fail': 'crashDump:LibvirtError' } })
  const story = await tell(server, { trigger_crash_dump: null })
  assert.deepEqual(
    [story.action, story.events],
    ['trigger_crash_dump Error', ['compute_trigger_crash_dump Error home']],
  )
  const shown = await cloud.show(server.id)
  assert.deepEqual([shown.status, shown.fault], ['ACTIVE', undefined])
})

test('what was begun meanwhile keeps its task, whether the dump comes or not', async () => {
  for (const fail of [{}, { 'faultline:fail': 'crashDump:LibvirtError' }]) {
    const server = await cloud.server({ metadata: fail })
    const act = (body: unknown) => cloud.ask('POST', `/servers/${server.id}/action`, { body })
    const dump = await act({ trigger_crash_dump: null })
    const stop = await act({ 'os-stop': null })
    assert.deepEqual([dump.status, stop.status], [202, 202])
    await cloud.settled()
    assert.equal((await cloud.show(server.id)).status, 'SHUTOFF')
    const [stopped, dumped] = await cloud.actions(server.id)
    assert.deepEqual([stopped.message, dumped.message], [null, 'faultline:fail' in fail ? 'Error' : null])
  }
})

test('it is there from 2.17 on', async () => {
  const server = await cloud.server()
  assert.equal((await cloud.act(server, { trigger_crash_dump: null }, 'demo', '2.16')).status, 404)
  assert.equal((await cloud.act(server, { trigger_crash_dump: null }, 'demo', '2.17')).status, 202)
})
