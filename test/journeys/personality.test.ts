import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestCloud } from '../support/cloud.ts'

test('files are put into a server until 2.56, within the quota', async () => {
  await using cloud = await startTestCloud()
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  const create = (personality: unknown, version = '2.56') =>
    cloud.ask('POST', '/servers', {
      version,
      body: {
        server: { name: 'vm', flavorRef: '1', imageRef: cloud.imageId, networks: 'none', personality },
      },
    })
  const refusal = async (personality: unknown) => {
    const { status, body } = await create(personality)
    return [status, body.forbidden?.message]
  }
  const file = { path: '/etc/motd', contents: base64('hello') }
  assert.deepEqual(await refusal(Array.from({ length: 6 }, () => file)), [
    403,
    'Personality file limit exceeded',
  ])
  assert.deepEqual(await refusal([{ ...file, path: `/${'a'.repeat(255)}` }]), [
    403,
    'Personality file path exceeds maximum 255',
  ])
  assert.deepEqual(await refusal([{ ...file, contents: base64('x'.repeat(10_241)) }]), [
    403,
    'Personality file content exceeds maximum 10240',
  ])
  assert.equal((await create([file], '2.57')).status, 400)

  const { status, body } = await create([file])
  assert.equal(status, 202)
  await cloud.settled()
  const { output } = (await cloud.act(body.server, { 'os-getConsoleOutput': {} })).body
  assert.match(output, /config-drive: \/etc\/motd \(5 bytes\)/)

  const rebuilt = await cloud.act(
    body.server,
    { rebuild: { imageRef: cloud.imageId, personality: [{ path: '/etc/issue', contents: base64('hi') }] } },
    'demo',
    '2.56',
  )
  assert.equal(rebuilt.status, 202)
  assert.match(
    (await cloud.act(body.server, { 'os-getConsoleOutput': {} })).body.output,
    /config-drive: \/etc\/issue \(2 bytes\)/,
  )
})
