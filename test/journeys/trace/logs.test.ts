// `faultline trace --logs`: the logs of a real cloud and our own, asked by the command a person types.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Trace } from '../../../src/model/trace.ts'
import { runCli } from '../../support/cli.ts'
import { startTestCloud } from '../../support/cloud.ts'
import { root } from '../../support/sources.ts'

const recorded = join(root, 'test/contract/fixtures/recorded-logs')
const resize = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'
const folder = mkdtempSync(join(tmpdir(), 'faultline-trace-logs-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const traced = async (
  words: readonly string[],
  options = {},
): Promise<{ trace: Trace; exitCode: number }> => {
  const ran = await runCli(undefined, ['trace', ...words, '--json'], options)
  assert.equal(ran.stderr, '')
  const trace: Trace = JSON.parse(ran.stdout)
  return { trace, exitCode: ran.exitCode }
}

test('the failed resize of a real cloud: verdict, tree and host, and exit code 2', async () => {
  const { trace, exitCode } = await traced([resize, '--logs', recorded])
  assert.equal(exitCode, 2)
  assert.deepEqual(
    [trace.verdict.outcome, trace.verdict.cause?.code, trace.verdict.step],
    ['failed', 'NoHost.SameHost', 'cold_migrate'],
  )
  assert.deepEqual(
    trace.placement.map(({ hosts }) => hosts.map(({ host, first }) => [host, first?.code])),
    [[['compute1', 'NoHost.SameHost']]],
  )
  const ran = await runCli(undefined, ['trace', resize, '--logs', recorded])
  assert.match(ran.stdout, /FAILED[\s\S]*NoHost\.SameHost[\s\S]*nova-conductor/)
})

test('packed files, standard input and a pasted line tell the same', async () => {
  const packed = join(folder, 'packed')
  mkdirSync(packed)
  const names = ['nova-conductor.full.log', 'nova-scheduler.full.log', `nova-api.resize-${resize}.log`]
  const texts = names.map(name => readFileSync(join(recorded, name), 'utf8'))
  for (const [at, name] of names.entries())
    writeFileSync(join(packed, `${name}.gz`), gzipSync(texts[at] ?? ''))
  const verdict = (await traced([resize, '--logs', packed])).trace.verdict.sentence
  assert.match(verdict, /same host/)
  const piped = await traced([resize, '--logs', '-'], { input: texts.join('') })
  assert.equal(piped.trace.verdict.sentence, verdict)
  const line = texts[0]?.split('\n').find(text => text.includes(resize)) ?? ''
  assert.equal((await traced([line, '--logs', packed])).trace.verdict.sentence, verdict)
})

test('what the logs do not have ends with 4 and says where it was looked for', async () => {
  const ran = await runCli(undefined, ['trace', resize.replace('f', '0'), '--logs', recorded])
  assert.equal(ran.exitCode, 4)
  assert.match(ran.stderr, /nothing is known of .* in the logs/)
})

test('big logs are indexed in the background after the first question, small ones are not', async () => {
  const big = join(folder, 'big')
  mkdirSync(big)
  const read = (name: string) => readFileSync(join(recorded, name), 'utf8')
  const other = read('nova-compute-compute1.full.log')
  const filler = other.repeat(Math.ceil((70 * 1_048_576) / other.length))
  writeFileSync(join(big, 'nova-scheduler.log'), filler + read('nova-scheduler.full.log'))
  const cacheFolder = join(folder, 'cache')
  const words = ['trace', resize, '--logs', big]
  assert.deepEqual((await runCli(undefined, [...words, '--no-index'], { cacheFolder })).background, [])
  const first = await runCli(undefined, words, { cacheFolder })
  assert.deepEqual(first.background, [['logs', 'index', '--', big]])
  const built = await runCli(undefined, ['logs', 'index', big], { cacheFolder })
  assert.match(built.stdout, /^1 files indexed/)
  const second = await runCli(undefined, words, { cacheFolder })
  assert.deepEqual(second.background, [])
  assert.equal(second.stdout, first.stdout)
  const small = await runCli(undefined, ['trace', resize, '--logs', recorded], { cacheFolder })
  assert.deepEqual(small.background, [])
})

test("our own cloud's log files tell what its database tells", async () => {
  const logFolder = join(folder, 'own')
  let requestId = ''
  {
    await using cloud = await startTestCloud({ logFolder })
    const server = await cloud.server({ name: 'vm1' })
    const answer = await cloud.act(server, { resize: { flavorRef: '2' } })
    requestId = answer.headers.get('x-openstack-request-id') ?? ''
    const { body } = await cloud.ask('GET', `/trace/v1/traces/${requestId}`, { as: 'admin' })
    assert.deepEqual(body.verdict.cause.code, 'NoHost.SameHost')
    const services = body.calls.map(({ service }: { service: string }) => service)
    for (const service of ['nova-api', 'nova-conductor', 'nova-scheduler', 'placement-api'])
      assert.ok(services.includes(service), `${service} in ${services}`)
    assert.ok(body.logs.length > 0)
    const own = await cloud.ask('GET', `/trace/v1/traces/${requestId}`)
    assert.deepEqual(own.body.logs, [])
    const refused = await cloud.act(server, { unpause: null })
    assert.equal(refused.status, 409)
    const told = await cloud.ask('GET', `/trace/v1/traces/${refused.headers.get('x-openstack-request-id')}`)
    assert.deepEqual([told.status, told.body.verdict.outcome], [200, 'failed'])
    assert.match(told.body.verdict.cause.code, /^State\./)
  }
  const { trace } = await traced([requestId, '--logs', logFolder])
  assert.deepEqual([trace.verdict.outcome, trace.verdict.cause?.code], ['failed', 'NoHost.SameHost'])
})
