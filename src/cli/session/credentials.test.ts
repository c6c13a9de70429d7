import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { authBody } from './auth.ts'
import { type CredentialSources, findCredentials } from './credentials.ts'

const directory = mkdtempSync(join(tmpdir(), 'faultline-cli-'))
after(() => rmSync(directory, { recursive: true }))

function cloudsFile(path: string, ...names: readonly string[]): string {
  mkdirSync(join(directory, path), { recursive: true })
  const clouds = names.map(
    name => `  ${name}:
    region_name: RegionOne
    auth:
      auth_url: http://127.0.0.1:8774/identity/v3/
      username: ${name}
      password: "s: #e"
      project_name: demo
      user_domain_name: Default
      project_domain_name: Default
`,
  )
  writeFileSync(join(directory, path, 'clouds.yaml'), `clouds:\n${clouds.join('')}`)
  return join(directory, path)
}
const find = (sources: Partial<CredentialSources>) =>
  findCredentials({
    options: {},
    cloud: undefined,
    data: undefined,
    environment: {},
    directory: '/nowhere',
    ...sources,
  })

test('with nothing given the cloud in ./.faultline is meant', async () => {
  cloudsFile('own/.faultline', 'faultline', 'faultline-admin')
  const found = await find({ directory: join(directory, 'own') })
  assert.equal(found.auth_url, 'http://127.0.0.1:8774/identity/v3')
  assert.equal(found.username, 'faultline')
  assert.equal(found.password, 's: #e')
  await assert.rejects(find({}), /no cloud is given, and there is none in \.\/\.faultline/)
})

test('a named cloud is looked for in every file until one has it', async () => {
  cloudsFile('named', 'other')
  cloudsFile('named/.faultline', 'faultline')
  const home = cloudsFile('home/.config/openstack', 'far').replace('/.config/openstack', '')
  const at = { directory: join(directory, 'named'), environment: { HOME: home } }
  assert.equal((await find({ ...at, cloud: 'faultline' })).username, 'faultline')
  assert.equal((await find({ ...at, cloud: 'far' })).username, 'far')
  assert.equal((await find({ ...at, environment: { HOME: home, OS_CLOUD: 'other' } })).username, 'other')
  await assert.rejects(find({ ...at, cloud: 'nope' }), /Cloud nope was not found: .*clouds\.yaml has other; /)
})

test('--data names the directory of a cloud of ours', async () => {
  const data = cloudsFile('data', 'faultline', 'faultline-admin')
  assert.equal((await find({ data })).username, 'faultline')
  assert.equal((await find({ data, cloud: 'faultline-admin' })).username, 'faultline-admin')
})

test('options win over the named cloud, which wins over variables', async () => {
  const data = cloudsFile('rank', 'faultline')
  const environment = {
    OS_AUTH_URL: 'http://v/v3',
    OS_USERNAME: 'variable',
    OS_PROJECT_NAME: 'p',
    OS_PASSWORD: 'x',
  }
  assert.equal((await find({ environment })).username, 'variable')
  assert.equal((await find({ environment, data })).username, 'faultline')
  const found = await find({ environment, data, options: { username: 'option', compute_api_version: '2.1' } })
  assert.deepEqual([found.username, found.compute_api_version, found.project_name], ['option', '2.1', 'demo'])
})

test('a password, a token and an application credential each make the body identity wants', async () => {
  const base = { auth_url: 'http://x', source: 'test' }
  assert.deepEqual(authBody({ ...base, username: 'u', password: 'p', project_name: 'demo' }), {
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'u', domain: { name: 'Default' }, password: 'p' } },
      },
      scope: { project: { name: 'demo', domain: { name: 'Default' } } },
    },
  })
  assert.deepEqual(authBody({ ...base, token: 't', project_id: 'p1' }), {
    auth: { identity: { methods: ['token'], token: { id: 't' } }, scope: { project: { id: 'p1' } } },
  })
  assert.deepEqual(
    authBody({
      ...base,
      application_credential_id: 'a',
      application_credential_secret: 's',
      project_name: 'ignored',
    }),
    {
      auth: {
        identity: { methods: ['application_credential'], application_credential: { id: 'a', secret: 's' } },
      },
    },
  )
  assert.throws(() => authBody({ ...base, username: 'u' }), /test gives no password/)
})

test('a file that is not YAML is said to be so', async () => {
  mkdirSync(join(directory, 'bad'))
  writeFileSync(join(directory, 'bad', 'clouds.yaml'), 'clouds: [unclosed')
  await assert.rejects(find({ data: join(directory, 'bad') }), /bad\/clouds\.yaml is not YAML/)
})
