// A whole cloud in this process, driven over HTTP, on a store of its own (STORE=postgres for that engine).
//   await using cloud = await startTestCloud({ hosts: 2 })
//   const server = await cloud.server({ name: 'vm1' })
//   await cloud.act(server, { reboot: { type: 'HARD' } })
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../src/base/time.ts'
import type { ComputeSettings } from '../../src/compute/deps.ts'
import type { ComputeTables } from '../../src/compute/tables.ts'
import { type Cloud, type ConductorWrap, startCloud } from '../../src/main/cloud.ts'
import { memorySink } from '../../src/platform/journal/notifications.ts'
import { openStore } from '../../src/platform/store/open.ts'
import { type Store, tables } from '../../src/platform/store/store.ts'
import { type Answer, askHttp } from './one-service.ts'
import { testStoreUrl } from './store.ts'
import { strictStore, usualStrictness } from './strict-store.ts'

export type Account = 'demo' | 'admin'

export interface TestCloudOptions {
  readonly hosts?: number
  readonly hostVcpus?: number
  readonly hostRamMb?: number
  readonly hostDiskGb?: number
  readonly stepMs?: number
  readonly migrationRate?: number
  readonly compute?: Partial<ComputeSettings>
  readonly clock?: Clock
  /** Write DEBUG logs into this folder; none otherwise. */
  readonly logFolder?: string
  /** Collector for a trace of every operation. */
  readonly otlpUrl?: string
  /** Data of a cloud before this one, which `close()` then leaves; a fresh folder and database otherwise. */
  readonly data?: { readonly folder: string; readonly databaseUrl: string }
  readonly wrap?: ConductorWrap
  /** The store of everybody, wrapped. */
  readonly wrapStore?: (store: Store) => Store
  /** Every transaction is run twice, the first time for nothing (strict-store.ts). */
  readonly twice?: boolean
}

export interface TestAsk {
  readonly as?: Account | null
  readonly body?: unknown
  readonly raw?: string
  /** Compute microversion, `2.51`; latest when not given. */
  readonly version?: string
  readonly headers?: Readonly<Record<string, string>>
}

// Views of servers differ by version; tests name what they look at.
// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

export interface TestCloud extends AsyncDisposable {
  readonly cloud: Cloud
  readonly origin: string
  readonly notifications: Record<string, unknown>[]
  readonly projectId: Readonly<Record<Account, string>>
  readonly imageId: string
  token(as: Account): Promise<string>
  /** `path` below the origin (`/network/v2.0/ports`), or below compute when it starts with `/servers` and its like. */
  ask(method: string, path: string, ask?: TestAsk): Promise<Answer>
  /** A new server, ACTIVE unless `wait: false`; `body` is laid over the ordinary one. */
  server(body?: Json, options?: { readonly as?: Account; readonly wait?: boolean }): Promise<Json>
  show(id: string, as?: Account): Promise<Json>
  /** POST …/action, and waits for what it started. */
  act(server: { readonly id: string }, body: Json, as?: Account, version?: string): Promise<Answer>
  /** Waits until every accepted operation and every job of a volume has ended. */
  settled(): Promise<void>
  /** Actions of a server, newest first, with their events as an administrator sees them. */
  actions(id: string): Promise<Json[]>
  /** Ports, allocations, claims and machines of servers that are gone, and servers with a task: all empty when nothing leaked. */
  leaks(): Promise<{
    readonly ports: string[]
    readonly allocations: string[]
    readonly claims: string[]
    readonly machines: string[]
    readonly busy: string[]
    readonly operations: string[]
  }>
  /** As `cloud.close`. */
  close(drainMs?: number): Promise<void>
}

export const passwords = { admin: 'admin-secret', demo: 'demo-secret', service: 'service-secret' }

export async function startTestCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const folder = options.data?.folder ?? mkdtempSync(join(tmpdir(), 'faultline-test-'))
  const database = options.data ? { url: options.data.databaseUrl, drop: null } : await testStoreUrl()
  const sink = memorySink()
  const cloud = await startCloud({
    folder,
    passwords,
    databaseUrl: database.url,
    host: '127.0.0.1',
    port: 0,
    hosts: {
      count: options.hosts ?? 1,
      vcpus: options.hostVcpus ?? 64,
      memoryMb: options.hostRamMb ?? 65_536,
      diskGb: options.hostDiskGb ?? 2000,
    },
    stepMs: options.stepMs ?? 0,
    migrationRate: options.migrationRate ?? 0,
    compute: options.compute ?? {},
    logs: { folder: options.logFolder ?? null, format: 'text', fileLevel: 'DEBUG', stderrLevel: 'CRITICAL' },
    notifications: { format: 'both', sink },
    openStore: async url => {
      const strictness = options.twice === undefined ? usualStrictness : { twice: options.twice }
      const store = strictStore(await openStore(url), strictness)
      return options.wrapStore?.(store) ?? store
    },
    otlpUrl: options.otlpUrl ?? '',
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.wrap ? { wrap: options.wrap } : {}),
  })
  const { origin } = cloud
  const tokens = new Map<Account, string>()

  async function token(as: Account): Promise<string> {
    let known = tokens.get(as)
    if (known === undefined) {
      const domain = { id: 'default' }
      const body = {
        auth: {
          identity: {
            methods: ['password'],
            password: { user: { name: as, domain, password: passwords[as] } },
          },
          scope: { project: { name: as, domain } },
        },
      }
      const answer = await askHttp(origin, 'POST', '/identity/v3/auth/tokens', { as: null, body })
      known = answer.headers.get('x-subject-token') ?? ''
      tokens.set(as, known)
      projectId[as] = answer.body.token.project.id
    }
    return known
  }

  const projectId: Record<Account, string> = { demo: '', admin: '' }
  await token('demo')
  await token('admin')

  async function ask(
    method: string,
    path: string,
    { as = 'demo', body, raw, version = 'latest', headers }: TestAsk = {},
  ): Promise<Answer> {
    const full = /^\/(identity|image|network|volume|placement|compute|trace|healthz)(\/|$)/.test(path)
      ? path
      : `/compute/v2.1${path}`
    return askHttp(origin, method, full, {
      as: null,
      ...(body === undefined ? {} : { body }),
      ...(raw === undefined ? {} : { raw }),
      headers: {
        ...(as === null ? {} : { 'x-auth-token': await token(as) }),
        ...(full.startsWith('/compute') ? { 'openstack-api-version': `compute ${version}` } : {}),
        ...headers,
      },
    })
  }

  const imageId: string = (await ask('GET', '/image/v2/images')).body.images[0].id
  const settled = async () => {
    await cloud.conductor.idle()
    await cloud.volumeWork.settled()
    // A volume that has grown is told to its server.
    await cloud.conductor.idle()
    await cloud.imageCaching.settled()
  }
  const show = async (id: string, as: Account = 'admin') =>
    (await ask('GET', `/servers/${id}`, { as })).body.server

  return {
    cloud,
    origin,
    notifications: sink.messages,
    projectId,
    imageId,
    token,
    ask,
    settled,
    show,
    async server(body = {}, { as = 'demo', wait = true } = {}) {
      const answer = await ask('POST', '/servers', {
        as,
        body: { server: { name: 'vm', flavorRef: '1', imageRef: imageId, networks: 'auto', ...body } },
      })
      if (answer.status !== 202) throw new Error(`create answered ${answer.status}: ${answer.text}`)
      if (!wait) return answer.body.server
      await settled()
      return show(answer.body.server.id)
    },
    async act(server, body, as = 'demo', version = 'latest') {
      const answer = await ask('POST', `/servers/${server.id}/action`, { as, body, version })
      await settled()
      return answer
    },
    async actions(id) {
      const { body } = await ask('GET', `/servers/${id}/os-instance-actions`, { as: 'admin' })
      const whole = body.instanceActions.map(
        async (action: Json) =>
          (await ask('GET', `/servers/${id}/os-instance-actions/${action.request_id}`, { as: 'admin' })).body
            .instanceAction,
      )
      return Promise.all(whole)
    },
    async leaks() {
      const db = tables<ComputeTables>(cloud.store)
      const live = await db.selectFrom('servers').selectAll().where('deleted', '=', 0).execute()
      const ids = new Set(live.map(server => server.id))
      const { ports } = (await ask('GET', '/network/v2.0/ports', { as: 'admin' })).body
      const openMoves = await db
        .selectFrom('migrations')
        .selectAll()
        .where('status', 'not in', ['confirmed', 'reverted', 'error', 'completed', 'cancelled', 'failed'])
        .execute()
      const consumers = new Set([...ids, ...openMoves.map(({ uuid }) => uuid)])
      const providers = (await ask('GET', '/placement/resource_providers', { as: 'admin' })).body
        .resource_providers
      const allocations: string[] = []
      for (const { uuid } of providers) {
        const answer = await ask('GET', `/placement/resource_providers/${uuid}/allocations`, { as: 'admin' })
        allocations.push(...Object.keys(answer.body.allocations).filter(consumer => !consumers.has(consumer)))
      }
      const claims = await db.selectFrom('claims').select('server_id').execute()
      const machines: string[] = []
      const moving = new Map(
        openMoves.map(move => [move.server_id, [move.source_compute, move.dest_compute]]),
      )
      for (const [host, driver] of cloud.drivers)
        for (const { id } of await driver.list()) {
          const server = live.find(row => row.id === id)
          if (!server || (server.host !== host && !moving.get(id)?.includes(host)))
            machines.push(`${id} on ${host}`)
        }
      const operations = await db
        .selectFrom('operations')
        .select(['id', 'kind'])
        .where('state', 'in', ['accepted', 'running', 'undoing'])
        .execute()
      return {
        ports: ports
          .filter((port: Json) => port.device_owner.startsWith('compute:') && !ids.has(port.device_id))
          .map((port: Json) => port.id),
        allocations,
        claims: claims.map(({ server_id }) => server_id).filter(id => !ids.has(id)),
        machines,
        busy: live
          .filter(({ task_state }) => task_state !== null)
          .map(({ id, task_state }) => `${id} ${task_state}`),
        operations: operations.map(({ id, kind }) => `${kind} ${id}`),
      }
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  }

  async function close(drainMs?: number): Promise<void> {
    await cloud.close(drainMs)
    await database.drop?.()
    if (!options.data) rmSync(folder, { recursive: true, force: true })
  }
}

/** What `leaks()` answers when all is well. */
export const nothingLeaked = {
  ports: [],
  allocations: [],
  claims: [],
  machines: [],
  busy: [],
  operations: [],
}
