// A record and its document tell the same: what is shipped is read back as it was.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { idOf, record, serverId } from '../../../test/support/log-records.ts'
import { RecordReader } from '../parse/reader.ts'
import type { LogRecord } from '../record.ts'
import { documentOf } from './document.ts'
import { fields } from './fields.ts'
import { pathTemplate } from './step.ts'

function readBack(written: LogRecord): LogRecord | undefined {
  const reader = new RecordReader({ file: 'faultline-logs-2026.11.23/abc' })
  const text = JSON.stringify(documentOf(written))
  const [read] = [...reader.push(text, 0, text.length), ...reader.end()]
  // Where it stands is where the document stands.
  return read && { ...read, place: written.place }
}

const folder = new URL('../../../test/contract/fixtures/recorded-logs/', import.meta.url)

for (const file of readdirSync(folder).filter(name => name.endsWith('.log')))
  test(`${file}: every record is read back as it was`, () => {
    const reader = new RecordReader({ file })
    const lines = readFileSync(new URL(file, folder), 'utf8').split('\n').slice(0, -1)
    const records = [...lines.flatMap((line, at) => reader.push(line, at, 1)), ...reader.end()]
    assert.ok(records.length > 0)
    for (const one of records) assert.deepEqual(readBack(one), one)
  })

const words = fc.array(
  fc.constantFrom('Claim', 'successful', 'on', 'node', '"é"', '[x]', '{y}', '1.5', '\\'),
  {
    minLength: 1,
    maxLength: 8,
  },
)
const line = words.map(list => list.join(' '))
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })

test('whatever a record holds, it is read back as it was', () => {
  fc.assert(
    fc.property(
      fc.record({
        at: fc.integer({ min: 0, max: 1e10 }),
        level: fc.constantFrom('INFO', 'WARNING', 'ERROR', 'CRITICAL'),
        logger: fc.constantFrom('nova.compute.manager', 'root', 'oslo_messaging._drivers.amqpdriver'),
        service: fc.constantFrom('nova-compute', 'neutron-server', 'placement-api', 'keystone'),
        host: orNull(fc.constantFrom('compute1', 'ctl.example.org')),
        process: orNull(fc.nat()),
        globalId: orNull(fc.nat(1e6).map(idOf)),
        localId: orNull(fc.nat(1e6).map(idOf)),
        userId: orNull(fc.constantFrom('user-1', '92c6d931b85b4254a3f356867acdfa6c')),
        projectId: orNull(fc.constantFrom('project-1')),
        serverId: orNull(fc.constant(serverId)),
        message: fc.array(line, { minLength: 1, maxLength: 3 }).map(lines => lines.join('\n')),
        traceback: fc
          .array(line, { maxLength: 4 })
          .map(lines => (lines.length === 0 ? [] : ['Traceback (most recent call last):', ...lines])),
        access: fc.option(
          fc.record({
            method: fc.constantFrom('GET', 'POST'),
            path: fc.constantFrom('/v2.1/servers?limit=1', '/'),
            status: fc.integer({ min: 100, max: 599 }),
            microversion: orNull(fc.constant('2.79')),
            durationMs: orNull(fc.integer({ min: 0, max: 1e6 }).map(us => us / 1000)),
            remoteAddress: orNull(fc.constantFrom('10.0.0.1', 'fe80::1')),
          }),
          { nil: undefined },
        ),
      }),
      ({ at, service, access, ...given }) => {
        const written = record(service, at, { ...given, ...(access && { access }) })
        assert.deepEqual(readBack(written), written)
      },
    ),
  )
})

test('a request line has its outcome, its step and how long it took', () => {
  const of = (status: number, path = '/v2.1/servers') =>
    documentOf(record('nova-api', 0, { access: { method: 'GET', path, status, durationMs: 5.88 } }))
  assert.deepEqual(
    [202, 302, 404, 500].map(status => of(status).outcome),
    ['succeeded', 'succeeded', 'refused', 'failed'],
  )
  const { step, took_ms } = of(200, `/v2.1/servers/${serverId}/os-instance-actions/${idOf(1)}?a=b`)
  assert.deepEqual([step, took_ms], ['GET /v2.1/servers/{id}/os-instance-actions/{id}', 5.88])
})

test('paths are counted without ids and names', () => {
  const rows = [
    ['/v2.1/servers/detail?all_tenants=1', '/v2.1/servers/detail'],
    ['/v2.1/os-keypairs/my%20key', '/v2.1/os-keypairs/{name}'],
    ['/v2.1/flavors/m1.tiny/os-extra_specs/hw:cpu_policy', '/v2.1/flavors/{name}/os-extra_specs/{name}'],
    ['/v2.1/flavors/detail', '/v2.1/flavors/detail'],
    ['/v3/6cb7d311c5094af8b581cca07da233ff/volumes', '/v3/{id}/volumes'],
    ['/', '/'],
  ] as const
  for (const [path, template] of rows) assert.equal(pathTemplate(path), template)
})

test("nova's own durations are steps, without what differs each time", () => {
  const of = (message: string) => {
    const { step, took_ms } = documentOf(record('nova-compute', 0, { message }))
    return [step, took_ms]
  }
  assert.deepEqual(of('Took 0.80 seconds to spawn the instance on the hypervisor.'), [
    'spawn the instance on the hypervisor',
    800,
  ])
  assert.deepEqual(of('Took 4.27 seconds for pre_live_migration on destination host compute2.'), [
    'pre_live_migration on destination host',
    4270,
  ])
  assert.deepEqual(of('Took 0.15 seconds to detach 2 volumes for instance.'), [
    'detach {n} volumes for instance',
    150,
  ])
  assert.deepEqual(of('Took a while'), [undefined, undefined])
})

test('a failure has the code of its cause, told by its message or its traceback; a calm line has none', () => {
  const cause = (message: string, traceback: readonly string[] = [], level = 'ERROR') =>
    documentOf(record('nova-conductor', 0, { message, traceback, level })).cause
  assert.equal(cause('No valid host was found.'), 'Schedule.NoHost')
  assert.equal(
    cause('Failed', [
      'Traceback (most recent call last):',
      'nova.exception.NoValidHost: No valid host was found.',
    ]),
    'Schedule.NoHost',
  )
  assert.equal(cause('HTTP exception thrown: No valid host was found.', [], 'INFO'), 'Schedule.NoHost')
  assert.equal(cause('Claim successful', [], 'INFO'), undefined)
  assert.equal(cause('No valid host was found.', [], 'DEBUG'), undefined)
})

test('a document has no field that the template does not know', () => {
  const written = documentOf(record('nova-api', 0, { access: {} }))
  for (const name of Object.keys(written)) assert.ok(name in fields, name)
})
