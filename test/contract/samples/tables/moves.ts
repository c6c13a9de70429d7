// Servers on their way to other hosts, and what is told of that.
import { act, type Changes, read, type SampleRow, send } from '../rows.ts'
import type { Stage } from '../stage.ts'
import { active, hostOf, otherHost, resized, running, server, setDown } from '../states.ts'

const toOther = { put: async (stage: Stage) => ({ host: await otherHost(stage) }) }

/** A server on a host that is down, until the next look at `afterwards`. */
const stranded = async (stage: Stage) => {
  const id = await server(stage)
  await setDown(stage, await hostOf(stage, id), true)
  return id
}
const evacuated = {
  status: 200,
  after: async (stage: Stage) => {
    for (const host of ['host-1', 'host-2', 'host-3', 'host-4']) await setDown(stage, host, false)
  },
} as const

export const moveRows: readonly SampleRow[] = [
  act('os-migrate-server/migrate-server', active, {
    put: async (stage, minor) => (minor < 56 ? {} : { host: await otherHost(stage) }),
  }),
  act('os-migrate-server/migrate-server-null', active),
  act('os-migrate-server/live-migrate-server', active, toOther),
  act('server-migrations/live-migrate-server', active, {
    // From 2.65 on, the samples leave the host to the scheduler. What they say until then is taken until 2.24 ...
    not: [24],
    put: async (stage, minor) => (minor < 65 ? { host: await otherHost(stage) } : {}),
    until: 24,
  }),
  act('server-migrations/live-migrate-server', active, { variant: 'by the scheduler', not: [22, 24] }),
  act('os-evacuate/server-evacuate-find-host-req', stranded, evacuated),
  act('os-evacuate/server-evacuate-req', stranded, { ...evacuated, ...toOther }),
]

/** A migration that is going on, and a newer one that is over, as in the samples. */
const list =
  (query = '') =>
  async (stage: Stage) => {
    await resized(stage)
    return `/os-migrations${query}`
  }
const near = (offsetMs: number) => `${new Date(Date.now() + offsetMs).toISOString().slice(0, 19)}Z`

// biome-ignore lint/suspicious/noExplicitAny: a sample's migration
type Shown = any
const without =
  (...keys: readonly string[]) =>
  (sample: Shown): Shown => {
    const strip = (one: object) =>
      Object.fromEntries(Object.entries(one).filter(([key]) => !keys.includes(key)))
    return sample.migration
      ? { migration: strip(sample.migration) }
      : { migrations: sample.migrations.map(strip) }
  }
const before: Changes = { 59: without('uuid'), 80: without('user_id', 'project_id') }
const ofServer = (below: (id: number) => string) => async (stage: Stage) => {
  const { serverId, migration } = await running(stage)
  return `/servers/${serverId}/migrations${below(migration.id)}`
}

/** While a server is on its way; nobody waits for it. */
export const migrationRows: readonly SampleRow[] = [
  read('os-migrations/migrations-get', list()),
  read('os-migrations/migrations-get-with-limit', list('?limit=1')),
  read(
    'os-migrations/migrations-get-with-marker',
    async stage => `/os-migrations?marker=${(await resized(stage)).migration.uuid}`,
  ),
  read(
    'os-migrations/migrations-get-with-changes-since',
    list(`?migration_type=resize&changes-since=${near(-3_600_000)}`),
  ),
  read(
    'os-migrations/migrations-get-with-changes-before',
    list(`?migration_type=live-migration&changes-before=${near(3_600_000)}`),
  ),
  read('os-migrations/migrations-get-with-user-or-project-id', async stage => {
    const path = await list()(stage)
    return `${path}?project_id=${stage.cloud.projectId.admin}`
  }),
  read(
    'server-migrations/migrations-index',
    ofServer(() => ''),
    { since: 23, before },
  ),
  read(
    'server-migrations/migrations-get',
    ofServer(id => `/${id}`),
    { since: 23, before },
  ),
  send(
    'POST',
    'server-migrations/force_complete',
    async stage => {
      const { serverId, migration } = await running(stage, stage.fresh('forced'))
      return `/servers/${serverId}/migrations/${migration.id}/action`
    },
    { status: 202 },
  ),
].map(row => ({ ...row, busy: true }))
