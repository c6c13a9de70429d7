// Nova's documented requests of moves and backups, sent as they are but for the names of hosts: each is taken at its own
// microversion, and answered with the keys of its response where one is documented.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { nothingLeaked, startTestCloud } from '../support/cloud.ts'
import { liftQuotas } from '../support/quotas.ts'

const folder = join(import.meta.dirname, 'fixtures/nova-api-samples')
const cloud = await startTestCloud({ hosts: 2, migrationRate: 1 })
after(() => cloud.close())
await liftQuotas(cloud)

const names = ['01c0cadef72d47e28a672a76060d492c', 'testHost', 'host1']
const hostOf = async (id: string): Promise<string> => (await cloud.show(id))['OS-EXT-SRV-ATTR:host']
const bodyOf = (path: string, host: string) => {
  const text = readFileSync(path, 'utf8')
  return JSON.parse(names.reduce((all, name) => all.replaceAll(name, host), text))
}
const forceDown = (host: string, forced_down: boolean) =>
  cloud.ask('PUT', '/os-services/force-down', {
    as: 'admin',
    version: '2.11',
    body: { host, binary: 'nova-compute', forced_down },
  })
const newest = async (id: string) =>
  (await cloud.ask('GET', `/os-migrations?instance_uuid=${id}`, { as: 'admin' })).body.migrations[0]

const statuses: Readonly<Record<string, number>> = { evacuate: 200 }

for (const area of ['os-migrate-server', 'os-evacuate', 'os-create-backup', 'server-migrations'])
  for (const entry of ['', ...readdirSync(join(folder, area)).filter(name => /^v2\.\d+$/.test(name))])
    for (const file of readdirSync(join(folder, area, entry)).filter(name => name.endsWith('.json')))
      if (!/resp\.json$|migrations-|force_complete/.test(file))
        test(`${area} ${entry || 'v2.1'} ${file}`, async () => {
          const version = entry === '' ? '2.1' : entry.slice(1)
          const server = await cloud.server()
          const home = await hostOf(server.id)
          const body = bodyOf(join(folder, area, entry, file), home === 'host-1' ? 'host-2' : 'host-1')
          if (body.evacuate) await forceDown(home, true)
          const path = `/servers/${server.id}/action`
          const answer = await cloud.ask('POST', path, { as: 'admin', body, version })
          await forceDown(home, false)
          assert.equal(answer.status, statuses[Object.keys(body)[0]!] ?? 202, answer.text)
          const documented = join(folder, area, entry, file.replace('-req.json', '-resp.json'))
          if (file.endsWith('-req.json') && existsSync(documented))
            assert.deepEqual(
              Object.keys(answer.body),
              Object.keys(JSON.parse(readFileSync(documented, 'utf8'))),
            )
          if (body['os-migrateLive']) await force(server.id)
          await cloud.settled()
          assert.notEqual((await cloud.show(server.id)).status, 'ERROR')
          await cloud.act(server, { forceDelete: null }, 'admin')
        })

/** As the documented request to force it says it, once it runs. */
async function force(id: string): Promise<void> {
  while ((await newest(id))?.status !== 'running') await new Promise(resolve => setTimeout(resolve, 5))
  const path = `/servers/${id}/migrations/${(await newest(id)).id}/action`
  const body = bodyOf(join(folder, 'server-migrations/v2.22/force_complete.json'), '')
  const answer = await cloud.ask('POST', path, { as: 'admin', version: '2.22', body })
  assert.equal(answer.status, 202, answer.text)
}

test('nothing of them is left', async () => {
  await cloud.cloud.periodic.run('evacuated')
  assert.deepEqual(await cloud.leaks(), nothingLeaked)
})
