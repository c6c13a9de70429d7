import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { after, test } from 'node:test'
import { startComputeApi } from '../../../test/support/compute-api.ts'
import { callers } from '../../../test/support/one-service.ts'

const api = await startComputeApi()
after(() => api.close())

// A key and its fingerprint from Nova's documentation samples.
const rsaKey =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDx8nkQv/zgGgB4rMYmIf+6A4l6Rr+o/6lHBQdW5aYd44bd8JttDCE/F/pNRr0lRE+PiqSPO8nDPHw0010JeMH9gYgnnFlyY3/OcJ02RhIPyyxYpv9FhY+2YiUkpwFOcLImyrxEsYXpD/0d3ac30bNH6Sw9JD9UZHYcpSxsIbECHw== Generated-by-Nova'
const rsaFingerprint = '1e:2c:9b:56:79:4b:45:77:f9:ca:7a:98:2c:b0:d5:3c'
const create = (keypair: object, at = '2.1', as: 'demo' | 'admin' = 'demo') =>
  api.api('POST', '/os-keypairs', { as, at, body: { keypair } })

test('an imported key is kept as it came, with its fingerprint', async () => {
  const { status, body } = await create({ name: 'brought', public_key: rsaKey })
  assert.equal(status, 200)
  assert.deepEqual(body.keypair, {
    name: 'brought',
    public_key: rsaKey,
    fingerprint: rsaFingerprint,
    user_id: callers.demo.userId,
  })
})

test('a generated pair fits together, and its private half is told once', async () => {
  const { status, body } = await create({ name: 'made', type: 'ssh' }, '2.2')
  assert.equal(status, 201)
  const { private_key, public_key, fingerprint, type } = body.keypair
  assert.equal(type, 'ssh')
  assert.match(private_key, /^-----BEGIN RSA PRIVATE KEY-----\n/)
  assert.match(public_key, /^ssh-rsa AAAAB3NzaC1yc2E\S+ Generated-by-Nova$/)
  assert.match(fingerprint, /^([0-9a-f]{2}:){15}[0-9a-f]{2}$/)
  const { n } = createPublicKey(createPrivateKey(private_key)).export({ format: 'jwk' })
  const blob = Buffer.from(public_key.split(' ')[1], 'base64')
  assert.deepEqual(blob.subarray(-256), Buffer.from(n!, 'base64url'))
  const shown = (await api.api('GET', '/os-keypairs/made', { at: '2.2' })).body.keypair
  assert.deepEqual(shown, {
    name: 'made',
    type: 'ssh',
    public_key,
    fingerprint,
    user_id: callers.demo.userId,
    id: shown.id,
    created_at: '2026-11-23T09:30:00.000000',
    updated_at: null,
    deleted: false,
    deleted_at: null,
  })
  assert.equal(typeof shown.id, 'number')
})

test('a generated certificate is signed by its own key and names its user', async () => {
  const { status, body } = await create({ name: 'made-cert', type: 'x509' }, '2.2')
  assert.equal(status, 201)
  const { private_key, public_key, fingerprint, type, user_id } = body.keypair
  const certificate = new X509Certificate(public_key)
  assert.deepEqual([type, fingerprint], ['x509', certificate.fingerprint.toLowerCase()])
  assert.match(private_key, /^-----BEGIN PRIVATE KEY-----\n/)
  assert.ok(certificate.checkPrivateKey(createPrivateKey(private_key)))
  assert.ok(certificate.verify(certificate.publicKey))
  assert.deepEqual([certificate.subject, certificate.issuer], [`CN=${user_id}`, `CN=${user_id}`])
  assert.match(certificate.subjectAltName ?? '', new RegExp(`othername:.*${user_id}@localhost`))
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2'])
  const [from, to] = [certificate.validFromDate, certificate.validToDate].map(date => date.toISOString())
  assert.deepEqual([from, to], ['2026-11-23T09:30:00.000Z', '2036-11-20T09:30:00.000Z'])
  const { keypair } = (await api.api('GET', '/os-keypairs/made-cert', { at: '2.2' })).body
  assert.deepEqual([keypair.public_key, 'private_key' in keypair], [public_key, false])
  await api.api('DELETE', '/os-keypairs/made-cert')
})

test('x509 certificates can be imported', async () => {
  const { public_key } = (await create({ name: 'source', type: 'x509' }, '2.2')).body.keypair
  const imported = await create({ name: 'cert', type: 'x509', public_key }, '2.2')
  assert.deepEqual([imported.status, imported.body.keypair.public_key], [201, public_key])
  for (const name of ['source', 'cert']) await api.api('DELETE', `/os-keypairs/${name}`)
  const broken = await create({ name: 'broken', type: 'x509', public_key: rsaKey }, '2.2')
  assert.equal(broken.body.badRequest.message, 'Keypair data is invalid: failed to generate fingerprint')
})

test('keys that are no keys are refused', async () => {
  for (const public_key of [
    ' ',
    'ssh-rsa JUNK nova@ubuntu',
    `ssh-rsa ${'A'.repeat(2048)} openstack@ubuntu`,
    rsaKey.replace('ssh-rsa', 'ssh-dss'),
    rsaKey.slice(0, 60),
  ]) {
    const { status, body } = await create({ name: 'bad', public_key })
    assert.equal(status, 400, public_key)
    assert.equal(body.badRequest.message, 'Keypair data is invalid: failed to generate fingerprint')
  }
})

test('names are checked by version', async () => {
  const named = async (name: string, at: string) => (await create({ name, public_key: rsaKey }, at)).status
  assert.equal(await named('me@example.org', '2.91'), 400)
  assert.equal(await named('me@example.org', '2.92'), 201)
  assert.equal(await named('', '2.1'), 400)
  assert.equal(await named('x'.repeat(256), '2.1'), 400)
  assert.equal(await named('a/b', '2.92'), 400)
  const missing = await create({ name: 'none' }, '2.92')
  assert.match(missing.body.badRequest.message, /'public_key' is a required property/)
})

test('a name is taken once for each user', async () => {
  const { status, body } = await create({ name: 'brought', public_key: rsaKey })
  assert.deepEqual([status, body.conflictingRequest.message], [409, "Key pair 'brought' already exists."])
  assert.equal((await create({ name: 'brought', public_key: rsaKey }, '2.1', 'admin')).status, 200)
})

test('lists are by name, paged from 2.35, and show no owner', async () => {
  const list = await api.api('GET', '/os-keypairs', { at: '2.1' })
  assert.deepEqual(Object.keys(list.body.keypairs[0].keypair).sort(), ['fingerprint', 'name', 'public_key'])
  const first = await api.api('GET', '/os-keypairs?limit=1', { at: '2.35' })
  assert.deepEqual(first.body.keypairs[0].keypair.name, 'brought')
  assert.deepEqual(first.body.keypairs_links, [
    { rel: 'next', href: `${api.origin}/compute/v2.1/os-keypairs?limit=1&marker=brought` },
  ])
  const rest = await api.api('GET', '/os-keypairs?marker=brought', { at: '2.35' })
  assert.deepEqual(
    rest.body.keypairs.map(({ keypair }: { keypair: { name: string } }) => keypair.name),
    ['made', 'me@example.org'],
  )
  const lost = await api.api('GET', '/os-keypairs?marker=nope', { at: '2.35' })
  assert.equal(lost.body.badRequest.message, 'Marker nope could not be found.')
})

test("administrators manage other users' keys from 2.10 on; others do not", async () => {
  const user_id = callers.demo.userId
  assert.equal((await create({ name: 'by-admin', public_key: rsaKey, user_id }, '2.10', 'admin')).status, 201)
  const seen = await api.api('GET', '/os-keypairs/by-admin', { at: '2.10' })
  assert.equal(seen.status, 200)
  const foreign = `user_id=${callers.admin.userId}`
  assert.equal((await api.api('GET', `/os-keypairs?${foreign}`, { at: '2.10' })).status, 403)
  const own = await api.api('GET', `/os-keypairs?${foreign}`, { at: '2.9' })
  assert.ok(own.body.keypairs.length > 1)
  const removed = await api.api('DELETE', `/os-keypairs/by-admin?user_id=${user_id}`, {
    as: 'admin',
    at: '2.10',
  })
  assert.equal(removed.status, 204)
})

test('deleting answers 202, from 2.2 on 204, and 404 for what is not there', async () => {
  await create({ name: 'brief', public_key: rsaKey })
  assert.equal((await api.api('DELETE', '/os-keypairs/brief')).status, 202)
  await create({ name: 'brief', public_key: rsaKey })
  assert.equal((await api.api('DELETE', '/os-keypairs/brief', { at: '2.2' })).status, 204)
  const gone = await api.api('DELETE', '/os-keypairs/brief')
  assert.equal(gone.body.itemNotFound.message, `Keypair brief not found for user ${callers.demo.userId}`)
})

test('one key pair over the quota is a 403', async () => {
  const project = callers.demo.project!.id
  const have = (await api.api('GET', '/os-keypairs')).body.keypairs.length
  await api.api('PUT', `/os-quota-sets/${project}`, {
    as: 'admin',
    body: { quota_set: { key_pairs: have + 1 } },
  })
  assert.equal((await create({ name: 'last', public_key: rsaKey })).status, 200)
  const over = await create({ name: 'over', public_key: rsaKey })
  assert.deepEqual([over.status, over.body.forbidden.message], [403, 'Quota exceeded, too many key pairs.'])
})
