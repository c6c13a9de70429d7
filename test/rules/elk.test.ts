// deploy/elk by what can be told of it without a server: its patterns against recorded lines, its fields against the
// template, its causes against the rules. Ruby's patterns are put into JavaScript's words; they use little of either.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { rubyPattern, translated } from '../../scripts/elk.ts'
import { RecordReader } from '../../src/tracer/parse/reader.ts'
import { documentOf } from '../../src/tracer/ship/document.ts'
import { fields } from '../../src/tracer/ship/fields.ts'
import { pathTemplate, stepOf } from '../../src/tracer/ship/step.ts'
import { readRoot } from '../support/sources.ts'

const logstash = readRoot('deploy/elk/logstash.conf')

const definitions = new Map(
  [...logstash.matchAll(/"(OSLO_\w+)" => '([^']*)'/g)].map(([, name = '', pattern = '']) => [name, pattern]),
)

/** Ruby's words for the ends of a text; named groups stay, `[@metadata][x]` is called metadata_x. */
function javaScript(pattern: string): RegExp {
  const expanded = pattern.replace(/%\{(\w+)(?::([^}]+))?\}/g, (_, name: string, field?: string) => {
    const inner = definitions.get(name)
    assert.ok(inner !== undefined, `${name} is defined nowhere`)
    return field === undefined
      ? `(?:${inner})`
      : `(?<${field.replace(/^\[@metadata\]\[(\w+)\]$/, 'metadata_$1')}>${inner})`
  })
  return new RegExp(expanded.replaceAll('\\A', '^').replaceAll('\\z', '$'))
}

const grokPatterns = [...logstash.matchAll(/'(\\A[^'\n]*|\(\?<service>[^'\n]*)'/g)].map(([, text = '']) =>
  javaScript(text),
)
const [heads, said, requests, took] = [
  grokPatterns.slice(0, 5),
  grokPatterns.slice(5, 7),
  grokPatterns.slice(7, 10),
  grokPatterns.slice(10, 11),
]

const substitutions = [...logstash.matchAll(/"(message|traceback|step)", "([^"\n]*)", "([^"\n]*)"/g)].map(
  ([, field = '', pattern = '', text = '']) => ({
    field,
    pattern: new RegExp(
      pattern.replaceAll('\\z', '$').replaceAll('\\e', '\\x1b'),
      pattern.startsWith('^') ? 'gm' : 'g',
    ),
    text: text.replace('\\1', '$1'),
  }),
)
const substituted = (field: string, value: string, from = 0, to?: number): string =>
  substitutions
    .filter(one => one.field === field)
    .slice(from, to)
    .reduce((text, { pattern, text: by }) => text.replace(pattern, by), value)

const groupsOf = (patterns: readonly RegExp[], text: string): Readonly<Record<string, string>> =>
  patterns.map(pattern => pattern.exec(text)?.groups).find(groups => groups !== undefined) ?? {}

const known = (value: string | undefined) =>
  value === '-' || value === 'None' || value === '' ? undefined : value

/** What the pipeline makes of an event, as far as its patterns do. */
function filtered(event: string) {
  const head = groupsOf(heads, event)
  const parts = head.metadata_said === undefined ? {} : groupsOf(said, head.metadata_said)
  const message = parts.metadata_first === undefined ? event : substituted('message', parts.metadata_first)
  const request = head.status === undefined ? groupsOf(requests, message) : head
  const timed = request.status === undefined ? groupsOf(took, message) : request
  const seconds = timed.metadata_took_s
  return {
    levelname: head.levelname,
    name: head.name,
    process: head.process === undefined ? undefined : Number(head.process),
    request_id: head.request_id,
    global_request_id: head.global_request_id,
    user_id: known(head.user_id),
    project_id: known(head.project_id),
    instance_uuid: head.instance_uuid,
    message: head.metadata_said === undefined ? undefined : message,
    traceback: parts.traceback && substituted('traceback', parts.traceback),
    method: request.method,
    path: request.path,
    status: request.status === undefined ? undefined : Number(request.status),
    took_ms:
      seconds === undefined
        ? timed.took_ms && Number(timed.took_ms)
        : Math.round(Number(seconds) * 1e6) / 1e3,
  }
}

const multiline = new RegExp(
  (
    parse(readRoot('deploy/elk/filebeat.yml')) as {
      'filebeat.inputs': { parsers: { multiline: { pattern: string } }[] }[]
    }
  )['filebeat.inputs'][0]!.parsers[0]!.multiline.pattern, // our own file
)

/** As Filebeat puts lines together. */
function eventsOf(text: string): readonly string[] {
  const events: string[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    if (multiline.test(line) || events.length === 0) events.push(line)
    else events[events.length - 1] += `\n${line}`
  }
  return events
}

const folder = 'test/contract/fixtures/recorded-logs'
for (const file of readdirSync(new URL(`../../${folder}`, import.meta.url)).filter(name =>
  name.endsWith('.log'),
))
  test(`${file}: the pipeline reads what the tracer reads`, () => {
    const text = readRoot(`${folder}/${file}`)
    const events = eventsOf(text)
    const reader = new RecordReader({ file })
    const records = [
      ...text
        .split('\n')
        .slice(0, -1)
        .flatMap((line, at) => reader.push(line, at, 1)),
      ...reader.end(),
    ].sort((a, b) => a.place.offset - b.place.offset)
    assert.equal(events.length, records.length)
    const plain = (text: unknown) => String(text).replace(/\n\s*(?=\n|$)/g, '')
    for (const [at, record] of records.entries()) {
      const document = documentOf(record)
      const { message, traceback, levelname, ...rest } = filtered(events[at] ?? '')
      for (const [name, value] of Object.entries(rest))
        assert.equal(value, document[name as keyof typeof rest], `${name} of ${events[at]}`) // its own names
      if (message === undefined) continue
      assert.equal(levelname, document.levelname)
      assert.equal(plain(message), plain(document.message))
      assert.equal(plain(traceback), plain(document.traceback))
    }
  })

const rest = '92c6d931b85b4254a3f356867acdfa6c 6cb7d311c5094af8b581cca07da233ff - - default default'
const local = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'
const global = 'req-00000001-0000-4000-8000-000000000000'

test('both layouts of ids, no ids, and tracebacks in the clothes of records are read', () => {
  const front = '2026-11-23 09:30:40.234 7 ERROR nova.compute.manager'
  assert.equal(filtered(`${front} [${local} ${rest}] said`).request_id, local)
  const both = filtered(
    `${front} [${global} ${local} ${rest}] [instance: 2a6513a3-9864-4f44-b27a-8554e4436f0d] said`,
  )
  assert.deepEqual(
    [both.global_request_id, both.request_id, both.instance_uuid, both.message],
    [global, local, '2a6513a3-9864-4f44-b27a-8554e4436f0d', 'said'],
  )
  assert.equal(filtered(`${front} [None ${local} - - - - - -] said`).user_id, undefined)
  assert.deepEqual(
    [filtered(`${front} [-] said`).message, filtered(`${front} [-] said`).request_id],
    ['said', undefined],
  )
  const text = `${front} [None ${local} ${rest}] failed\n${front} Traceback (most recent call last):\n${front}   File "x.py"\n${front} ValueError: no\n`
  const [event = ''] = eventsOf(text)
  assert.equal(filtered(event).traceback, 'Traceback (most recent call last):\n  File "x.py"\nValueError: no')
})

test('request lines of every service have method, path, status and time', () => {
  const front = `2026-11-23 09:30:40.234 7 INFO some.logger [None ${local} ${rest}]`
  const rows = [
    [
      '10.0.0.1,10.0.0.2 "POST /v2.0/ports HTTP/1.1" status: 201  len: 1077 time: 0.5123456',
      'POST',
      201,
      512.346,
    ],
    [
      '10.0.0.1 "GET /allocation_candidates?limit=1" status: 200 len: 53 microversion: 1.36',
      'GET',
      200,
      undefined,
    ],
    ['10.0.0.1 - - [23/Nov/2026 09:30:40] "GET /v2/images HTTP/1.1" 200 4311 0.012345', 'GET', 200, 12.345],
    ['"POST /v3/auth/tokens HTTP/1.1" 201', 'POST', 201, undefined],
  ] as const
  for (const [message, method, status, ms] of rows) {
    const read = filtered(`${front} ${message}`)
    assert.deepEqual([read.method, read.status, read.took_ms], [method, status, ms], message)
  }
  const apache = filtered('10.0.0.1 - - [23/Nov/2026:10:30:40 +0100] "GET /v3 HTTP/1.1" 200 252')
  assert.deepEqual([apache.method, apache.path, apache.status], ['GET', '/v3', 200])
})

test('paths are counted as the shipper counts them', () => {
  for (const path of [
    '/v2.1/servers/2a6513a3-9864-4f44-b27a-8554e4436f0d/action?x=1',
    `/v2.1/servers/2a6513a3-9864-4f44-b27a-8554e4436f0d/os-instance-actions/${local}`,
    '/v2.1/os-keypairs/my%20key',
    '/v2.1/flavors/detail',
    '/v2.1/flavors/m1.tiny/os-extra_specs/hw:cpu_policy',
    '/v3/6cb7d311c5094af8b581cca07da233ff/volumes',
  ])
    assert.equal(substituted('step', `GET ${path}`, 0, 4), `GET ${pathTemplate(path)}`)
})

test("nova's own durations are counted as the shipper counts them", () => {
  for (const message of [
    'Took 0.80 seconds to spawn the instance on the hypervisor.',
    'Took 4.27 seconds for pre_live_migration on destination host compute2.',
    'Took 0.15 seconds to detach 2 volumes for instance.',
  ]) {
    const { step = '', metadata_took_s } = groupsOf(took, message)
    const own = stepOf({ message, access: null })
    assert.equal(substituted('step', step, 4), own?.step)
    assert.equal(Number(metadata_took_s) * 1000, own?.tookMs)
  }
})

test('every field the pipeline and the dashboard name is in the template', () => {
  const written = [
    ...logstash.matchAll(
      /\(\?<(\w+)>|%\{OSLO_\w+:(\w+)\}|\]" => "(\w+)"|target => "(\w+)"|add_field => \{ "(\w+)"|event\.set\("(\w+)"/g,
    ),
  ].map(found => found.slice(1).find(name => name !== undefined) ?? '')
  assert.ok(written.length > 30)
  // The JSON of a line, until it is taken apart.
  for (const name of written) assert.ok(name === 'oslo' || name in fields, name)
  const objects = readRoot('deploy/elk/dashboard.ndjson').trim().split('\n')
  const used = objects.flatMap(line =>
    [...line.replaceAll('\\', '').matchAll(/"field":"([^"]+)"/g)].map(([, name = '']) => name),
  )
  const columns = objects.flatMap(line => (JSON.parse(line).attributes.columns ?? []) as string[]) // our own file
  const queried = objects
    .flatMap(line => [...line.replaceAll('\\', '').matchAll(/"query":"([^"]+)"/g)])
    .flatMap(([, query = '']) => [...query.matchAll(/(\w+): /g)].map(([, name = '']) => name))
  assert.ok(used.length >= 6 && columns.length > 3 && queried.length >= 4)
  for (const name of [...used, ...columns, ...queried]) assert.ok(name in fields, name)
})

test('every reference of the dashboard leads to an object of it', () => {
  const objects = readRoot('deploy/elk/dashboard.ndjson')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { id: string; references: { id: string }[] }) // our own file
  const ids = new Set(objects.map(({ id }) => id))
  for (const { references } of objects) for (const { id } of references) assert.ok(ids.has(id), id)
})

test('causes.yml finds the cause of every example as the rules do, in the order it has', () => {
  const rows = Object.entries(parse(readRoot('deploy/elk/causes.yml')) as Record<string, string>).map(
    ([key, cause]) => ({ pattern: ownPattern(key), cause }),
  ) // our own file
  assert.ok(rows.length > 150)
  for (const { example, match } of translated) {
    const own = translated.find(rule => rule.match.test(example))
    const found = rows.find(({ pattern }) => pattern.test(example))
    assert.equal(found?.cause, own?.cause, `${match}`)
  }
})

/** Ruby's pattern back into ours. */
function ownPattern(key: string): RegExp {
  const isLoose = key.startsWith('(?i)')
  const source = (isLoose ? key.slice(4) : key).replaceAll('\\A', '^').replaceAll('\\z', '$')
  return new RegExp(source, isLoose ? 'i' : '')
}

test("Ruby's words: ends of a text, brackets in classes, flags", () => {
  const rows = [
    [/^a$/, '\\Aa\\z'],
    [/^a$/m, '^a$'],
    [/[$^[\]]\//i, '(?i)[$^\\[\\]]/'],
    [/\[x\]\$/, '\\[x\\]\\$'],
  ] as const
  for (const [ours, ruby] of rows) assert.equal(rubyPattern(ours), ruby)
})
