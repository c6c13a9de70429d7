// No log and no notification holds what is nobody's business: passwords, tokens, keys, user data.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { startTestCloud } from '../support/cloud.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-secrets-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('passwords, tokens and user data are in no log and no notification', async () => {
  const cloud = await startTestCloud({ logFolder: folder })
  const secrets: Record<string, string> = {
    'password of a new user': 'n3w-user-s3cret',
    'password after a change': 'ch4nged-s3cret',
    'wrong password at log-in': 'wr0ng-s3cret',
    'admin password of a server': 'adm1n-pass-s3cret',
    'password given to a server': 'g1ven-pass-s3cret',
    'user data': Buffer.from('#!/bin/sh\necho us3r-data-s3cret').toString('base64'),
    'secret of an application credential': 'cred3ntial-s3cret',
    'token of demo': await cloud.token('demo'),
    'token of admin': await cloud.token('admin'),
    'password of demo': 'demo-secret',
    'password of admin': 'admin-secret',
    'password of the services': 'service-secret',
  }
  const secret = (name: string): string => secrets[name] ?? assert.fail(name)
  const identity = (method: string, path: string, body: object, as: 'demo' | 'admin' | null = 'admin') =>
    cloud.ask(method, `/identity/v3${path}`, { as, body })

  const { user } = (
    await identity('POST', '/users', { user: { name: 'eve', password: secret('password of a new user') } })
  ).body
  await identity('PATCH', `/users/${user.id}`, { user: { password: secret('password after a change') } })
  const logIn = (password: string, more: object = {}) =>
    identity(
      'POST',
      '/auth/tokens',
      {
        auth: { identity: { methods: ['password'], password: { user: { id: user.id, password } } }, ...more },
      },
      null,
    )
  assert.equal((await logIn(secret('wrong password at log-in'))).status, 401)
  const issued = await logIn(secret('password after a change'))
  secrets['token of the new user'] = issued.headers.get('x-subject-token') ?? assert.fail('no token')
  // Bodies that are refused are the ones most likely to be quoted.
  await identity('PATCH', `/users/${user.id}`, { user: { password: [secret('password after a change')] } })
  const [demo] = (await cloud.ask('GET', '/identity/v3/users?name=demo', { as: 'admin' })).body.users
  await identity(
    'POST',
    `/users/${demo.id}/application_credentials`,
    {
      application_credential: { name: 'app', secret: secret('secret of an application credential') },
    },
    'demo',
  )

  const server = await cloud.server({
    networks: 'auto',
    adminPass: secret('admin password of a server'),
    user_data: secret('user data'),
  })
  assert.equal(server.status, 'ACTIVE')
  await cloud.act(server, { changePassword: { adminPass: secret('password given to a server') } })
  await cloud.act(server, {
    rebuild: { imageRef: cloud.imageId, adminPass: secret('admin password of a server') },
  })
  await cloud.act(server, { rescue: { adminPass: secret('admin password of a server') } })
  await cloud.act(server, { resize: { flavorRef: '2' } })
  await cloud.ask('GET', `/servers/${server.id}?x=${encodeURIComponent('a b')}`)
  await cloud.ask('GET', '/servers', { as: null, headers: { 'x-auth-token': `${secret('token of demo')}x` } })
  await cloud.act(server, { unrescue: null })
  await cloud.ask('DELETE', `/servers/${server.id}`)
  await cloud.settled()
  const notifications = JSON.stringify(cloud.notifications)
  await cloud.close()

  const logs = readdirSync(folder).map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
  assert.ok(
    logs.some(({ text }) => text.includes('used request id')),
    'DEBUG lines are there to be looked at',
  )
  for (const [what, value] of Object.entries(secrets)) {
    for (const { name, text } of logs) assert.ok(!text.includes(value), `${what} is in ${name}`)
    // Versioned notifications of a create carry user_data, as Nova's do; nothing else.
    if (what !== 'user data') assert.ok(!notifications.includes(value), `${what} is in a notification`)
  }
})
