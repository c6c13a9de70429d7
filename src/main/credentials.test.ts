import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parse } from 'yaml'
import { writeCredentials } from './credentials.ts'
import { openDataFolder } from './data-folder.ts'
import { StartError } from './start-error.ts'

const parent = mkdtempSync(join(tmpdir(), 'faultline-data-'))
after(() => rmSync(parent, { recursive: true, force: true }))
const modeOf = (path: string) => statSync(path).mode & 0o777

test('a new data directory is private, with passwords of its own that stay', () => {
  const path = join(parent, 'deep', 'data')
  const first = openDataFolder(path)
  first.release()
  const second = openDataFolder(path)
  second.release()
  const other = openDataFolder(join(parent, 'other'))
  other.release()
  assert.deepEqual(second.passwords, first.passwords)
  assert.equal(new Set([...Object.values(first.passwords), ...Object.values(other.passwords)]).size, 6)
  assert.ok(Object.values(first.passwords).every(password => password.length >= 16))
  assert.deepEqual([modeOf(path), modeOf(join(path, 'passwords.json'))], [0o700, 0o600])
})

test('two processes do not share a data directory', () => {
  const path = join(parent, 'one')
  const held = openDataFolder(path)
  assert.throws(
    () => openDataFolder(path),
    (error: unknown) => error instanceof StartError && /another faultline is running on/.test(error.message),
  )
  held.release()
  openDataFolder(path).release()
})

test('credentials: two clouds, the same as shell files, nobody else may read them', () => {
  const path = join(parent, 'credentials')
  const folder = openDataFolder(path)
  folder.release()
  const passwords = { admin: 'a1', demo: 'd1', service: 's1' }
  writeCredentials(path, 'http://127.0.0.1:8774', passwords)
  for (const name of ['clouds.yaml', 'openrc', 'openrc-admin']) assert.equal(modeOf(join(path, name)), 0o600)
  const read = (name: string) => readFileSync(join(path, name), 'utf8')
  const { clouds } = parse(read('clouds.yaml'))
  assert.deepEqual(Object.keys(clouds), ['faultline', 'faultline-admin'])
  assert.deepEqual(clouds.faultline, {
    auth: {
      auth_url: 'http://127.0.0.1:8774/identity/v3',
      username: 'demo',
      password: 'd1',
      project_name: 'demo',
      user_domain_name: 'Default',
      project_domain_name: 'Default',
    },
    region_name: 'RegionOne',
    identity_api_version: 3,
  })
  assert.match(read('openrc'), /^export OS_USERNAME=demo\nexport OS_PASSWORD=d1$/m)
  assert.match(read('openrc-admin'), /^export OS_USERNAME=admin\nexport OS_PASSWORD=a1$/m)
  for (const name of readdirSync(path))
    if (!name.startsWith('.') && name !== 'passwords.json') assert.doesNotMatch(read(name), /s1/)
})
