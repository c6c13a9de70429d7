// Every request of a recording of a real Nova, sent to a cloud driven into the same state: the same statuses, headers
// and bodies, apart from what is listed (with its reason) in raw-http-differences.ts.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { type Account, startTestCloud, type TestCloud } from '../support/cloud.ts'
import { askHttp } from '../support/one-service.ts'
import { comparison, leaves } from '../support/recorded.ts'
import { differences } from './raw-http-differences.ts'

interface Pair {
  readonly as: 'demo' | 'admin' | 'other' | 'bad' | null
  readonly method: string
  readonly path: string
  readonly send: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly status: number
  /** Indexes into the recording's lists. */
  readonly headers: number
  readonly answer: number
}
interface Recording {
  readonly headers: readonly (readonly [name: string, value: string])[][]
  readonly bodies: readonly unknown[]
  readonly pairs: readonly Pair[]
}

const recording: Recording = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/recorded-http/raw-http.json'), 'utf8'),
)

/** Ids and names as the recording has them. */
const recorded = {
  server: '2a6513a3-9864-4f44-b27a-8554e4436f0d',
  image: 'a4249af3-1275-4441-9ff8-269997794e11',
  project: '6cb7d311c5094af8b581cca07da233ff',
  user: '92c6d931b85b4254a3f356867acdfa6c',
  hosts: ['compute1', 'compute2', 'vm'],
  /** Oldest first, as they were made: five actions and the revert. */
  requests: [
    'req-db224e70-8963-441e-9c7b-6295f81f0a17',
    'req-f475ad32-4c0a-421f-a77c-0dd30e99339b',
    'req-c028dbf0-ce4e-455b-b060-dc263bfb41ef',
    'req-93b63a56-e165-46d0-9436-723fd0170350',
    'req-405fecae-fdbb-45be-9b94-2dd45ca2c861',
    'req-436fe064-141d-425c-b0ab-f09ac12e02e9',
  ],
} as const

const cloud = await startTestCloud({ hosts: 2 })
after(() => cloud.close())
const requests = await liveThrough(cloud)
const tokens = { other: await otherToken(cloud), bad: 'gAAAAABnot-a-token' }
const names = await translation()

/** vm1's life before the recording began. Answers the request ids of its actions, oldest first. */
async function liveThrough({ ask, act, settled, imageId }: TestCloud): Promise<readonly string[]> {
  const { network } = (
    await ask('POST', '/network/v2.0/networks', { body: { network: { name: 'demo-net' } } })
  ).body
  const subnet = { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' }
  await ask('POST', '/network/v2.0/subnets', { body: { subnet } })
  await setSecondHost('disabled')
  const networks = [{ uuid: network.id, fixed_ip: '10.0.0.247' }]
  const wanted = { name: 'vm1', flavorRef: '1', imageRef: imageId, networks }
  const created = await ask('POST', '/servers', { version: '2.1', body: { server: wanted } })
  await settled()
  const { server } = created.body
  const answers = [created]
  for (const flavorRef of ['2', '3', '5']) answers.push(await act(server, { resize: { flavorRef } }))
  await setSecondHost('enabled')
  answers.push(await act(server, { resize: { flavorRef: '2' } }))
  answers.push(await act(server, { revertResize: null }))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [202, 202, 202, 202, 202, 202],
  )
  return [server.id, ...answers.map(({ headers }) => headers.get('x-compute-request-id')!)] // Nova's always have it
}

async function setSecondHost(status: 'enabled' | 'disabled'): Promise<void> {
  const { services } = (await cloud.ask('GET', '/os-services?host=host-2', { as: 'admin' })).body
  const answer = await cloud.ask('PUT', `/os-services/${services[0].id}`, { as: 'admin', body: { status } })
  assert.equal(answer.status, 200)
}

/** A member of another project. */
async function otherToken({ origin, ask }: TestCloud): Promise<string> {
  const add = async (what: string, body: object) =>
    (await ask('POST', `/identity/v3/${what}s`, { as: 'admin', body: { [what]: body } })).body[what]
  const project = await add('project', { name: 'other', domain_id: 'default' })
  const user = await add('user', { name: 'other', domain_id: 'default', password: 'other-secret' })
  const { roles } = (await ask('GET', '/identity/v3/roles?name=member', { as: 'admin' })).body
  const grant = `/identity/v3/projects/${project.id}/users/${user.id}/roles/${roles[0].id}`
  assert.equal((await ask('PUT', grant, { as: 'admin' })).status, 204)
  const auth = {
    identity: { methods: ['password'], password: { user: { id: user.id, password: 'other-secret' } } },
    scope: { project: { id: project.id } },
  }
  const answer = await askHttp(origin, 'POST', '/identity/v3/auth/tokens', { as: null, body: { auth } })
  return answer.headers.get('x-subject-token') ?? ''
}

function hostId(project: string, host: string): string {
  return createHash('sha224')
    .update(project + host)
    .digest('hex')
}

/** What stands in the recording, and what stands for it here. */
async function translation(): Promise<ReadonlyMap<string, string>> {
  const [server, ...ids] = requests
  const { tenant_id: project, user_id: user } = await cloud.show(server!) // put first by liveThrough
  const hosts = ['host-1', 'host-2', hostname()]
  return new Map([
    [recorded.server, server!],
    [recorded.image, cloud.imageId],
    [recorded.project, project],
    [recorded.user, user],
    ...recorded.requests.map((id, index) => [id, ids[index]!] as const),
    ...recorded.hosts.map(
      (host, index) => [hostId(recorded.project, host), hostId(project, hosts[index]!)] as const,
    ),
    ['http://127.0.0.1:8774/v2', `${cloud.origin}/compute/v2`],
    ['http://127.0.0.1:8774/', `${cloud.origin}/compute/`],
    ['http://127.0.0.1:5000/v3', `${cloud.origin}/identity/v3`],
    ['"compute1"', '"host-1"'],
    ['"vm"', `"${hostname()}"`],
  ])
}

/** A text of the recording, in the words of this cloud. */
function translated(text: string): string {
  let out = text
  for (const [theirs, ours] of names) out = out.replaceAll(theirs, ours)
  return out
}

/** Lines of headers that are Nova's (the others are the HTTP server's), with their spelling. */
function leafHeaders(headers: readonly (readonly [string, string])[], out: Map<string, unknown>): void {
  const seen = new Map<string, number>()
  for (const [name, value] of headers) {
    if (['content-length', 'connection', 'keep-alive', 'date'].includes(name.toLowerCase())) continue
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    out.set(`headers.${name}${count === 0 ? '' : `.${count}`}`, value)
  }
}

const { compare, unused } = comparison(differences)

const tokenOf = async (as: Pair['as']) =>
  as === null ? null : as === 'other' || as === 'bad' ? tokens[as] : cloud.token(as satisfies Account)

async function replay(pair: Pair): Promise<string[]> {
  const token = await tokenOf(pair.as)
  const answer = await send(pair, {
    accept: 'application/json',
    ...(token === null ? {} : { 'x-auth-token': token }),
    ...JSON.parse(JSON.stringify(pair.send).replace('compute 2.94', oneTooHigh)),
  })
  await cloud.settled()
  const theirs = new Map<string, unknown>([['status', pair.status]])
  const ours = new Map<string, unknown>([['status', answer.status]])
  leafHeaders(
    recording.headers[pair.headers]!.map(([name, value]) => [name, translated(value)]),
    theirs,
  )
  leafHeaders(answer.headers, ours)
  leaves(JSON.parse(translated(JSON.stringify(recording.bodies[pair.answer]))), 'body', theirs)
  leaves(answer.text === '' ? null : JSON.parse(answer.text), 'body', ours)
  const when = `${pair.as} ${pair.send['OpenStack-API-Version'] ?? '-'}`
  return compare(when, theirs, ours, path => path.startsWith('body.version'))
}

/** One more than the recorded Nova spoke, and one more than we do. */
const oneTooHigh = 'compute 2.105'

interface Answer {
  readonly status: number
  /** Line by line, spelled as they came. */
  readonly headers: readonly (readonly [string, string])[]
  readonly text: string
}

// fetch joins the lines of one header; here two `Vary` lines must stay two.
async function send(pair: Pair, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const url = `${cloud.origin}/compute${translated(pair.path)}`
  const sent = request(url, { method: pair.method, headers })
  sent.end(pair.body === undefined ? undefined : JSON.stringify(pair.body))
  const [response] = (await once(sent, 'response')) as [IncomingMessage] // node:http documents it
  const { rawHeaders } = response
  const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1]!] as const] : []))
  const id = response.headers['x-openstack-request-id']
  return {
    status: response.statusCode!, // every response has one
    headers: lines.map(([name, value]) => [
      name,
      name.endsWith('request-id') && value === id ? '<request id>' : value,
    ]),
    text: await text(response),
  }
}

for (const [index, pair] of recording.pairs.entries()) {
  const { as, method, path, send, body } = pair
  const short = path.replace(recorded.server, '…').replace(/req-[0-9a-f]{4}[0-9a-f-]+/, 'req-…')
  const version = send['OpenStack-API-Version'] ?? send['X-OpenStack-Nova-API-Version'] ?? 'no version'
  const what = body === undefined ? '' : ` ${JSON.stringify(body)}`
  test(`${index}: ${as ?? 'nobody'}, ${version}: ${method} ${short}${what}`, async () => {
    assert.deepEqual(await replay(pair), [])
  })
}

test('every listed difference is still one', () => {
  assert.deepEqual(unused(), [])
})
