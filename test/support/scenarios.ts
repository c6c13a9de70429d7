// Failure scenarios for `faultline trace`: a cloud that writes logs, things done to it, and for each the verdict that
// administrator and owner must read. Whatever an owner reads is searched for what is not theirs.
//   scenarios('a title', { hosts: 3 }, [{ name: '…', ask: stage => stage.create({ … }), code: 'NoHost.Zone', … }])
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { CauseCode } from '../../src/model/causes.ts'
import type { Trace } from '../../src/model/trace.ts'
import { type Account, startTestCloud, type TestAsk, type TestCloud, type TestCloudOptions } from './cloud.ts'
import type { Answer } from './one-service.ts'
import { newTenant, type Tenant } from './tenant.ts'

export interface Told {
  readonly outcome: Trace['verdict']['outcome']
  /** Null where nothing is to blame. */
  readonly code: CauseCode | null
  readonly step: string | null
  readonly fault?: 'request' | 'capacity' | 'cloud' | 'bug'
  /** What the sentence must say. */
  readonly says?: RegExp
}

export interface Scenario extends Told {
  readonly name: string
  /** What is done; the trace is of the request it answers with. */
  readonly ask: (stage: Stage) => Promise<Answer>
  readonly status: number
  /** Where the owner's differs; null where it is nothing of theirs. */
  readonly owner?: Partial<Told> | null
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

export interface Stage {
  readonly cloud: TestCloud
  /** Somebody of another project, with a server of their own. */
  readonly neighbour: Tenant & { readonly serverId: string }
  /** A request, and the end of what it started. */
  send(method: string, path: string, ask?: TestAsk): Promise<Answer>
  /** A create with `body` laid over the ordinary one. */
  create(body?: Json, as?: Account): Promise<Answer>
  /** A new server, and `body` done to it. */
  act(body: Json, server?: Json, as?: Account): Promise<Answer>
  flavor(more?: Json, specs?: Readonly<Record<string, string>>): Promise<string>
}

/** One cloud for all of the scenarios; they are done one after another, then asked about. */
export function scenarios(title: string, options: TestCloudOptions, rows: readonly Scenario[]): void {
  suite(title, () => {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-scenarios-'))
    const logFolder = join(folder, 'logs')
    const done = new Map<string, Answer | Error>()
    let stage: Stage
    before(async () => {
      stage = await openStage(await startTestCloud({ ...options, logFolder }))
      for (const { name, ask } of rows) done.set(name, await ask(stage).catch((error: Error) => error))
    })
    after(async () => {
      await stage?.cloud.close()
      rmSync(folder, { recursive: true, force: true })
    })
    for (const row of rows)
      test(row.name, async () => {
        const answer = done.get(row.name)
        if (!answer || answer instanceof Error) throw answer ?? new Error('it was not done')
        assert.equal(answer.status, row.status, answer.text)
        await assertTold(stage, requestOf(answer), row)
      })
  })
}

export const requestOf = ({ headers }: Answer): string => headers.get('x-openstack-request-id') ?? ''

/** What both read of one request is as the scenario says, and the owner's has nothing that is not theirs. */
export async function assertTold(
  stage: Stage,
  handle: string,
  row: Told & Pick<Scenario, 'owner'>,
): Promise<void> {
  const forAdmin = await traceOf(stage, handle, 'admin')
  assert.equal(forAdmin.status, 200, forAdmin.text)
  assertVerdict(forAdmin.body, row, 'administrator')
  const forOwner = await traceOf(stage, handle, 'demo')
  assertNoLeak(forOwner.text, await secretsOf(stage))
  if (row.owner === null) return assert.equal(forOwner.status, 404, forOwner.text)
  assert.equal(forOwner.status, 200, forOwner.text)
  assertVerdict(forOwner.body, { ...row, ...row.owner }, 'owner')
}

const traceOf = ({ cloud }: Stage, handle: string, as: Account): Promise<Answer> =>
  cloud.ask('GET', `/trace/v1/traces/${handle}`, { as })

function assertVerdict({ verdict }: Trace, row: Told, reader: string): void {
  const { outcome, cause, step } = verdict
  assert.deepEqual(
    { outcome, code: cause?.code ?? null, step, ...(row.fault ? { fault: cause?.fault } : {}) },
    { outcome: row.outcome, code: row.code, step: row.step, ...(row.fault ? { fault: row.fault } : {}) },
    `${reader} reads: ${JSON.stringify(verdict, null, 2)}`,
  )
  if (row.says) assert.match(verdict.sentence, row.says)
  assert.notEqual(verdict.next, '')
}

/** Names of hosts, ids of others, and what only a traceback has. */
async function secretsOf({ cloud, neighbour }: Stage): Promise<readonly string[]> {
  const list = async (path: string, key: string): Promise<Json[]> =>
    (await cloud.ask('GET', path, { as: 'admin' })).body[key]
  const [users, projects, services] = await Promise.all([
    list('/identity/v3/users', 'users'),
    list('/identity/v3/projects', 'projects'),
    list('/os-services', 'services'),
  ])
  return [
    hostname(),
    ...services.map(({ host }) => host),
    ...users.filter(({ name }) => name !== 'demo').map(({ id }) => id),
    ...projects.filter(({ name }) => name !== 'demo').map(({ id }) => id),
    neighbour.serverId,
    'Traceback',
    'File "',
    'File \\"',
  ]
}

function assertNoLeak(text: string, secrets: readonly string[]): void {
  for (const secret of secrets) {
    const at = text.search(new RegExp(`(?<![\\w-])${RegExp.escape(secret)}(?![\\w-])`))
    assert.equal(at, -1, `${secret} in …${text.slice(Math.max(0, at - 200), at + 200)}…`)
  }
}

export async function openStage(cloud: TestCloud): Promise<Stage> {
  const tenant = await newTenant(cloud, `neighbour-${crypto.randomUUID()}`)
  const theirs = await tenant.ask('POST', '/compute/v2.1/servers', {
    server: { name: 'secret', flavorRef: '1', imageRef: cloud.imageId, networks: 'none' },
  })
  await cloud.settled()
  const body = { quota_set: { instances: -1, cores: -1, ram: -1 } }
  await cloud.ask('PUT', `/os-quota-sets/${cloud.projectId.demo}`, { as: 'admin', body })
  const send = async (method: string, path: string, ask?: TestAsk) => {
    const answer = await cloud.ask(method, path, ask)
    await cloud.settled()
    return answer
  }
  return {
    cloud,
    neighbour: { ...tenant, serverId: theirs.body.server.id },
    send,
    create: (body = {}, as = 'demo') =>
      send('POST', '/servers', {
        as,
        body: {
          server: { name: 'mine', flavorRef: '1', imageRef: cloud.imageId, networks: 'auto', ...body },
        },
      }),
    act: async (body, server = {}, as = 'demo') =>
      cloud.act(await cloud.server({ name: 'mine', ...server }), body, as),
    async flavor(more = {}, specs) {
      const flavor = { name: `f-${crypto.randomUUID()}`, vcpus: 1, ram: 64, disk: 1, ...more }
      const { body } = await cloud.ask('POST', '/flavors', { as: 'admin', body: { flavor } })
      if (specs)
        await cloud.ask('POST', `/flavors/${body.flavor.id}/os-extra_specs`, {
          as: 'admin',
          body: { extra_specs: specs },
        })
      return body.flavor.id
    },
  }
}
