// No list asks the database once more for each thing in it: with ten times as many things in the cloud, every GET costs
// no more statements than before.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestCloud, type TestCloud } from '../support/cloud.ts'
import {
  createWorld,
  fill,
  type Json,
  type Plausible,
  type ServiceRows,
  versionHeader,
  type World,
} from '../support/plausible/plausible.ts'
import { plausibleServices } from '../support/plausible/services.ts'
import { liftQuotas } from '../support/quotas.ts'
import { countHeader, countStatements, type StatementCounter } from '../support/statements.ts'

let counter: StatementCounter
let cloud: TestCloud
let world: World
before(async () => {
  counter = countStatements()
  cloud = await startTestCloud({ hosts: 2, wrapStore: counter.wrapStore })
  world = createWorld(cloud)
  await liftQuotas(cloud)
  const volumes = { quota_set: { volumes: -1, snapshots: -1, gigabytes: -1 } }
  await cloud.ask('PUT', `/volume/v3/os-quota-sets/${cloud.projectId.demo}`, { as: 'admin', body: volumes })
})
after(async () => {
  counter.stop()
  await cloud.close()
})

/** A GET and what it is sent with. */
interface Asked {
  readonly service: ServiceRows
  readonly path: string
  readonly request: Plausible
}

/** What a cloud has, `count` times: each list that can be long has that many more, of every kind it shows. */
async function grow(count: number): Promise<void> {
  const { networks } = await world.get('/network/v2.0/networks?name=private', 'demo')
  for (let index = 0; index < count; index += 1) {
    const name = world.name()
    const { server_group } = await world.make(
      '/os-server-groups',
      { server_group: { name, policy: 'affinity' } },
      'demo',
    )
    await world.make('/flavors', { flavor: { name, ram: 64, vcpus: 1, disk: 0 } })
    const { aggregate } = await world.make('/os-aggregates', { aggregate: { name } })
    const hosts = `/os-aggregates/${aggregate.id}/action`
    await world.make(hosts, { add_host: { host: 'host-1' } })
    await world.make(hosts, { set_metadata: { metadata: { rack: name } } })
    await world.make('/identity/v3/projects', { project: { name, tags: ['blue'] } })
    await world.make('/identity/v3/users', { user: { name, password: 'sesame' } })
    await world.make('/image/v2/images', { name, colour: 'red', tags: ['blue'] }, 'demo')
    const network = await world.make('/network/v2.0/networks', { network: { name } }, 'demo')
    const subnet = { network_id: network.network.id, ip_version: 4, cidr: '10.9.0.0/24' }
    await world.make('/network/v2.0/subnets', { subnet }, 'demo')
    await world.make('/network/v2.0/routers', { router: { name } }, 'demo')
    await world.make('/volume/v3/types', { volume_type: { name, extra_specs: { colour: 'red' } } })
    await world.make('/placement/resource_providers', { name })
    await world.make('/network/v2.0/security-groups', { security_group: { name } }, 'demo')
    const { volume } = await world.make('/volume/v3/volumes', { volume: { size: 1, name } }, 'demo')
    await cloud.settled()
    await world.make('/volume/v3/snapshots', { snapshot: { volume_id: volume.id } }, 'demo')
    const ordinary = {
      name,
      networks: [{ uuid: networks[0].id }],
      tags: ['blue', name],
      metadata: { colour: 'blue' },
    }
    await failing(ordinary)
    const moved = await server({ ...ordinary, availability_zone: 'nova:host-1' }, 'admin')
    await cloud.act({ id: moved }, { migrate: null }, 'admin')
    await cloud.act({ id: moved }, { confirmResize: null }, 'admin')
    const grouped = await cloud.ask('POST', '/servers', {
      as: 'demo',
      body: {
        server: { flavorRef: '1', imageRef: cloud.imageId, ...ordinary },
        'os:scheduler_hints': { group: server_group.id },
      },
    })
    assert.equal(grouped.status, 202, grouped.text)
    await world.make(
      '/network/v2.0/floatingips',
      { floatingip: { floating_network_id: await external() } },
      'demo',
    )
  }
  await cloud.settled()
}

const server = async (body: Json, as: 'demo' | 'admin' = 'demo'): Promise<string> =>
  (await cloud.server(body, { as })).id
const failing = (body: Json) => server({ ...body, metadata: { 'faultline:fail': 'spawn:ImageUnacceptable' } })
const external = (): Promise<string> =>
  world.once(
    'external network',
    async () => (await world.get('/network/v2.0/networks?router:external=true')).networks[0].id,
  )

/** Statements of each GET, by its route. */
async function costs(all: readonly Asked[]): Promise<Map<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>()
  for (const { service, path, request } of all) {
    const { version, status = 200 } = request
    const whole = service.prefix + path
    const answer = await cloud.ask(
      'GET',
      service.prefix + fill(path, { ...request, query: wide(request.query) }),
      {
        as: request.as ?? service.as,
        headers: { ...versionHeader(service.prefix), ...request.headers, [countHeader]: whole },
        ...(version === undefined ? {} : { version }),
      },
    )
    assert.equal(answer.status, status, `${whole}: ${answer.text}`)
    found.set(whole, counter.take(whole))
  }
  return found
}

/** Lists are to be whole. */
const wide = (query: string | undefined): string | undefined =>
  query === undefined
    ? undefined
    : query
        .split('&')
        .filter(part => !/^(limit|marker|offset)=/.test(part))
        .join('&')

test('with ten times as many things no GET costs more statements', async () => {
  const all: Asked[] = []
  for (const service of plausibleServices)
    for (const { method, path } of service.routes) {
      if (method !== 'GET') continue
      const row = service.table[`GET ${path}`]
      assert.ok(row, path)
      all.push({ service, path, request: await row(world) })
    }
  await grow(2)
  const few = await costs(all)
  await grow(18)
  const many = await costs(all)
  assert.ok((few.get('/compute/v2.1/servers/detail') ?? []).length > 1, 'nothing was counted')
  const wrong = [...many].flatMap(([path, statements]) => {
    const before = few.get(path) ?? []
    return statements.length > before.length
      ? [`${path}: ${before.length} → ${statements.length}: ${more(before, statements)}`]
      : []
  })
  assert.deepEqual(wrong, [])
})

/** Which statements there are more of. */
function more(before: readonly string[], after: readonly string[]): string {
  const left = [...before]
  return after
    .filter(statement => {
      const index = left.indexOf(statement)
      if (index >= 0) left.splice(index, 1)
      return index < 0
    })
    .slice(0, 5)
    .join('; ')
}
