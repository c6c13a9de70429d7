// Every microversion is heeded: what its row says changes does so at that version, and was otherwise one before.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { notYetRows } from '../../src/compute/api/not-yet.ts'
import { type ComputeFeature, microversions } from '../../src/model/microversions.ts'
import { startTestCloud, type TestCloud } from '../support/cloud.ts'
import { readRoot } from '../support/sources.ts'
import { checks, type Json, type Scene } from './microversion-checks.ts'

let cloud: TestCloud
let things: Omit<Scene, 'ask' | 'name' | 'settled'>
let names = 0

before(async () => {
  cloud = await startTestCloud({ hosts: 2 })
  things = await makeThings()
})
after(() => cloud.close())

async function makeThings(): Promise<Omit<Scene, 'ask' | 'name' | 'settled'>> {
  const { networks } = (await cloud.ask('GET', '/network/v2.0/networks?name=private')).body
  const network: string = networks[0].id
  const server = async (more: Json = {}): Promise<string> =>
    (await cloud.server({ networks: [{ uuid: network }], ...more })).id
  const immovableOnFirst = async (): Promise<string> => {
    const metadata = { 'faultline:fail': 'checkIncoming:MigrationError' }
    const body = { networks: 'none', availability_zone: 'nova:host-1', metadata }
    return (await cloud.server(body, { as: 'admin' })).id
  }
  const act = async (id: string, body: Json, as: 'demo' | 'admin' = 'demo') => {
    const answer = await cloud.act({ id }, body, as)
    assert.ok(answer.status < 300, answer.text)
  }
  const make = async (path: string, body: Json, as: 'demo' | 'admin' = 'admin'): Promise<Json> => {
    const answer = await cloud.ask('POST', path, { as, body })
    assert.ok(answer.status < 300, answer.text)
    return answer.body
  }
  const [active, paused, stopped, shelved, deleted, moved, immovable] = [
    await server(),
    await server(),
    await server(),
    await server(),
    await server(),
    await server({ name: 'moved' }),
    await immovableOnFirst(),
  ]
  await act(paused, { pause: null })
  await act(stopped, { 'os-stop': null })
  await act(shelved, { shelve: null })
  await act(moved, { migrate: null }, 'admin')
  await act(moved, { confirmResize: null }, 'admin')
  await cloud.ask('DELETE', `/servers/${deleted}`)
  await cloud.settled()
  const keypair = (name: string, public_key: string) =>
    make('/os-keypairs', { keypair: { name, public_key } }, 'demo')
  const key =
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f someone@somewhere'
  await keypair('of-demo', key)
  await keypair('of-demo-too', key)
  await make('/os-server-groups', { server_group: { name: 'group', policy: 'affinity' } }, 'demo')
  const { aggregate } = await make('/os-aggregates', { aggregate: { name: 'aggregate' } })
  // By number until 2.52.
  const { hypervisors } = (await cloud.ask('GET', '/os-hypervisors', { as: 'admin', version: '2.1' })).body
  const { server: shown } = (await cloud.ask('GET', `/servers/${active}`)).body
  return {
    active,
    paused,
    stopped,
    shelved,
    deleted,
    immovable,
    network,
    hypervisorNumber: hypervisors[0].id,
    aggregate: aggregate.id,
    demoUser: shown.user_id,
    project: shown.tenant_id,
  }
}

const at = (minor: number): Scene => ({
  ...things,
  settled: () => cloud.settled(),
  ask: (method, path, body, as = 'admin') =>
    cloud.ask(method, path, { as, version: `2.${minor}`, ...(body === undefined ? {} : { body }) }),
  name() {
    names += 1
    return `checked-${names}`
  },
})

const isMissing = notYetRows.some(({ path }) => path.endsWith('/os-volume_attachments'))

for (const { minor, feature } of microversions) {
  const check = checks[feature satisfies ComputeFeature]
  if ('look' in check)
    test(`2.${minor} (${feature}) changes what it says, and nothing did before`, async t => {
      if (check.needs && isMissing) return t.skip('volumes cannot be attached yet (docs/not-yet.md)')
      assert.notDeepEqual(check.sees[0], check.sees[1])
      assert.deepEqual([await check.look(at(minor - 1)), await check.look(at(minor))], check.sees)
      await cloud.settled()
    })
  else if ('keptIn' in check)
    test(`2.${minor} (${feature}) has a test that asks at it and one before`, () => {
      const text = readRoot(check.keptIn)
      for (const version of [`'2.${minor - 1}'`, `'2.${minor}'`])
        assert.ok(text.includes(version), `${check.keptIn} does not ask at ${version}`)
    })
}
