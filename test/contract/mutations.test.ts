// Thousands of broken requests at every route of every service (FAULTLINE_LONG=1: tens of thousands). None is answered
// with a 500 or without a request id, refusals have the service's own form, and what was refused changed nothing.
// A failure prints the seed; FAULTLINE_SEED=… repeats it.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { nothingLeaked, startTestCloud, type TestCloud } from '../support/cloud.ts'
import { flawOf } from '../support/mutations/checks.ts'
import { type Draft, type Mutation, mutations, wirePath } from '../support/mutations/mutate.ts'
import {
  createWorld,
  type Plausible,
  type RouteRow,
  type ServiceRows,
  versionHeader,
  type World,
} from '../support/plausible/plausible.ts'
import { plausibleServices } from '../support/plausible/services.ts'
import { liftQuotas } from '../support/quotas.ts'
import { type RawAnswer, type RawClient, rawClient } from '../support/raw-http.ts'

const runs = process.env.FAULTLINE_LONG === '1' ? 30_000 : 3_000
// The ordinary run repeats one seed, so that a change is judged by what it changed; the long one looks for new ones.
const fixedSeed = 20_261_123
const seed = Number(
  process.env.FAULTLINE_SEED ??
    (process.env.FAULTLINE_LONG ? Math.floor(Math.random() * 2 ** 31) : fixedSeed),
)

let cloud: TestCloud
let world: World
let client: RawClient
let wrongTokens: Readonly<Record<string, string>>
let offsetMs = 0

before(async () => {
  cloud = await startTestCloud({ hosts: 2, clock: { now: () => Date.now() + offsetMs } })
  world = createWorld(cloud)
  client = rawClient(cloud.origin)
  await liftQuotas(cloud)
  wrongTokens = {
    'no token': '',
    'a token nobody made': 'gAAAAABk-nobody-made-this',
    'a forged token': forged(await cloud.token('demo')),
    'an expired token': await expiredToken(),
    "another project's token": await strangersToken(),
    'a token of half a megabyte': 'x'.repeat(8_000),
  }
})
after(async () => {
  client.close()
  await cloud.close()
})

const forged = (token: string): string => {
  const middle = Math.floor(token.length / 2)
  return token.slice(0, middle) + (token[middle] === 'A' ? 'B' : 'A') + token.slice(middle + 1)
}

async function logIn(user: object, project: object): Promise<string> {
  const auth = {
    identity: { methods: ['password'], password: { user: { ...user, domain: { id: 'default' } } } },
    scope: { project: { ...project, domain: { id: 'default' } } },
  }
  const answer = await cloud.ask('POST', '/identity/v3/auth/tokens', { as: null, body: { auth } })
  assert.equal(answer.status, 201, answer.text)
  return answer.headers.get('x-subject-token') ?? ''
}

async function expiredToken(): Promise<string> {
  offsetMs = -7_200_000
  const token = await logIn({ name: 'demo', password: 'demo-secret' }, { name: 'demo' })
  offsetMs = 0
  return token
}

async function strangersToken(): Promise<string> {
  const { project } = await world.make('/identity/v3/projects', { project: { name: 'strangers' } })
  const { user } = await world.make('/identity/v3/users', { user: { name: 'stranger', password: 'sesame' } })
  const { roles } = await world.get('/identity/v3/roles?name=member')
  await cloud.ask('PUT', `/identity/v3/projects/${project.id}/users/${user.id}/roles/${roles[0].id}`, {
    as: 'admin',
  })
  return logIn({ name: 'stranger', password: 'sesame' }, { name: 'strangers' })
}

interface Target {
  readonly service: ServiceRows
  readonly route: RouteRow
}
const targets: readonly Target[] = plausibleServices.flatMap(service =>
  service.routes.map(route => ({ service, route })),
)

/** Requests that are still good: what they need was not changed by an earlier one. */
const ready = new Map<Target, Plausible>()

async function plausible(target: Target): Promise<Plausible> {
  const { service, route } = target
  const row = service.table[`${route.method} ${route.path}`]
  assert.ok(row)
  const request = ready.get(target) ?? (await row(world))
  ready.set(target, request)
  return request
}

async function draftOf({ service, route }: Target, request: Plausible, variant: number): Promise<Draft> {
  const bodies = [request.body, ...(request.variants ?? [])]
  const body = bodies[variant % bodies.length]
  const version = request.version ?? 'latest'
  return {
    method: route.method,
    prefix: service.prefix,
    path: route.path,
    params: request.params ?? {},
    rawParams: {},
    query: request.query ?? '',
    headers: {
      accept: 'application/json',
      'x-auth-token': await cloud.token(request.as ?? service.as),
      ...(service.name === 'compute' ? { 'openstack-api-version': `compute ${version}` } : {}),
      ...versionHeader(service.prefix),
      ...(body === undefined && request.raw === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    body,
    raw: request.raw ?? null,
  }
}

const send = (draft: Draft): Promise<RawAnswer> =>
  client.send({
    method: draft.method,
    path: wirePath(draft),
    headers: draft.headers,
    body: draft.raw ?? (draft.body === undefined ? null : (JSON.stringify(draft.body) ?? '')),
  })

/** Says something else each time, or is about a token that the request names. */
const restless = new Set(['/auth/tokens', '/os-simple-tenant-usage', '/os-simple-tenant-usage/{id}'])

/** The nearest thing above the path that can be read, as an administrator sees it. */
async function look({ service, route }: Target, request: Plausible): Promise<string | null> {
  for (let path = route.path; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    const key = `GET ${path}`
    if (!(key in service.table) || restless.has(path)) continue
    const draft = await draftOf(
      { service, route: { method: 'GET', path } },
      { as: 'admin', params: request.params, version: request.version },
      0,
    )
    const { status, text } = await send(draft)
    if (status >= 300) return String(status)
    // Services say when they were last heard of, every few seconds.
    return `${status} ${path === '/os-services' ? text.replace(/"updated_at": ?"[^"]*"/g, '') : text}`
  }
  return null
}

async function flaw(target: Target, broken: readonly Mutation[], variant: number): Promise<string | null> {
  const request = await plausible(target)
  const draft = broken.reduce(
    (made, mutation) => mutation.apply(made),
    await draftOf(target, request, variant),
  )
  const canChange = draft.method !== 'GET' && draft.method !== 'HEAD' && draft.method !== 'OPTIONS'
  const seen = canChange ? await look(target, request) : null
  const answer = await send(draft)
  const said = `${answer.status} ${answer.text.slice(0, 300)}`
  const wrong = flawOf(target.service.name, draft.method, answer)
  if (wrong !== null) return `${wrong}: ${said}`
  if (!canChange) return null
  if (answer.status < 400) {
    await cloud.settled()
    ready.delete(target)
    // Another method may have taken away what others look at.
    if (draft.method !== target.route.method) {
      ready.clear()
      world.forget()
      await liftQuotas(cloud)
    }
    return null
  }
  const then = await look(target, request)
  return then === seen ? null : `refused (${said}) and changed all the same: ${seen} became ${then}`
}

test(`${runs} broken requests: no 500, no change by what was refused (seed ${seed})`, async () => {
  const property = fc.asyncProperty(
    fc.nat(targets.length - 1),
    fc.nat(1000),
    fc.array(mutations(wrongTokens), { minLength: 1, maxLength: 2 }),
    async (index, variant, broken) => {
      const target = targets[index]!
      const wrong = await flaw(target, broken, variant)
      assert.equal(
        wrong,
        null,
        `${target.route.method} ${target.service.prefix}${target.route.path} with ${broken.map(({ what }) => what).join(' and ')}`,
      )
    },
  )
  // What a request finds depends on those before it: a smaller one would be another story.
  await fc.assert(property, { numRuns: runs, seed, endOnFailure: true })
})

test('afterwards everything works, and nothing is left lying about', async () => {
  await cloud.settled()
  assert.equal((await cloud.server({ networks: 'none' })).status, 'ACTIVE')
  // The requests to placement leave allocations of their own.
  assert.deepEqual({ ...(await cloud.leaks()), allocations: [] }, nothingLeaked)
})
