import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestCloud } from '../../support/cloud.ts'
import { askHttp } from '../../support/one-service.ts'
import { assertRefused } from '../../support/refusals.ts'

const cloud = await startTestCloud()
after(() => cloud.close())
const admin = { as: 'admin' } as const
const get = async (path: string) => (await cloud.ask('GET', `/identity/v3${path}`, admin)).body

test('an administrator of a domain names the project a network is for', async () => {
  const [{ id: user }] = (await get('/users?name=admin')).users
  const [{ id: role }] = (await get('/roles?name=admin')).roles
  await cloud.ask('PUT', `/identity/v3/domains/default/users/${user}/roles/${role}`, admin)
  const domain = { id: 'default' }
  const answer = await cloud.ask('POST', '/identity/v3/auth/tokens', {
    as: null,
    body: {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'admin', domain, password: 'admin-secret' } },
        },
        scope: { domain },
      },
    },
  })
  const made = await askHttp(cloud.origin, 'POST', '/network/v2.0/networks', {
    as: null,
    headers: { 'x-auth-token': answer.headers.get('x-subject-token') ?? '' },
    body: { network: { name: 'whose' } },
  })
  assertRefused(made, 'NetworkProjectRequired')
})

test('when compute may no longer ask the other services, a create is a 503 and makes nothing', async () => {
  const [{ id }] = (await get('/users?name=nova')).users
  await cloud.ask('PATCH', `/identity/v3/users/${id}`, { ...admin, body: { user: { password: 'changed' } } })
  const server = { name: 'vm', flavorRef: '1', imageRef: cloud.imageId, networks: 'auto' }
  assertRefused(await cloud.ask('POST', '/servers', { body: { server } }), 'ServiceUnavailable')
  assert.deepEqual((await cloud.ask('GET', '/servers')).body.servers, [])
})
