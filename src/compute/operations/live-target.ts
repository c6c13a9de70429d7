// Where a live migration goes: what may be refused at once, the scheduler's choice, and both hosts' own word. A host that
// cannot is left for the next one (nova/conductor/tasks/live_migrate.py).
import { assert } from '../../base/assert.ts'
import { newUuid } from '../../base/ids.ts'
import { tables } from '../../platform/store/store.ts'
import { explained, HostUnreachable } from '../errors.ts'
import { HostError } from '../failures.ts'
import { takeNumbers } from '../numbers.ts'
import type { Destination } from '../scheduler/selection.ts'
import { claim, unclaim } from '../store/claims.ts'
import { flavorOf } from '../store/servers.ts'
import { findComputeService, isUp } from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import { claimPlacement, nodeOf, noRoomOn, roomWasTaken } from './claiming.ts'
import type { LiveWork } from './live-migrate.ts'
import { machineSpec } from './machine.ts'
import { addMigration, aimMigration, setMigration } from './migration-row.ts'
import { requestFor, selectHosts } from './schedule.ts'

/** The first step; the event is called as the version calls it. */
export const chooseTarget = (work: LiveWork): Promise<void> =>
  work.event(work.args.event, work.deps.conductorHost, () => findTarget(work))

async function findTarget(work: LiveWork): Promise<void> {
  const { args, server, deps } = work
  const source = server.host
  assert(source, 'an admitted server has a host')
  await recordMigration(work, source)
  await requireUp(work, source)
  if (args.host !== null) {
    if (args.host === source) throw ownHost(work, source)
    await requireUp(work, args.host)
  }
  for (;;) {
    const target = await deps.scheduling.turn(() => takeTarget(work, source))
    try {
      await askBoth(work, source, target)
      return await work.remember({ reached: 'chosen' })
    } catch (error) {
      if (args.host !== null || !isRefusal(error)) throw error
      await work.remember({ tried: [...(work.data.tried ?? []), target.host], target: undefined })
    }
  }
}

/** A host's own no, in Nova's words; anything else that goes wrong there ends it. */
const isRefusal = (error: unknown): boolean =>
  (error instanceof HostError && error.isPublic) || error instanceof HostUnreachable

async function recordMigration(work: LiveWork, source: string): Promise<void> {
  if (work.data.migration) return
  const migration = { id: await work.transaction(tx => takeNumbers(tx, 'migration')), uuid: newUuid() }
  await work.remember({ migration, source }, tx =>
    addMigration(tx, work, { ...migration, migration_type: 'live-migration', status: 'accepted', source }),
  )
}

async function requireUp(work: LiveWork, host: string): Promise<void> {
  const service = await findComputeService(tables<ComputeTables>(work.deps.store), host)
  if (service && isUp(service, work.deps.clock.now())) return
  throw explained(
    'ComputeServiceDown',
    { host },
    {
      admin: `Compute service of ${host}`,
      owner: 'Compute service',
      ownerMessage: 'Compute service of the host is unavailable at this time.',
    },
  )
}

function ownHost({ server }: LiveWork, host: string) {
  const ownerMessage = `Unable to migrate instance (${server.id}) to the host it is on.`
  return explained(
    'MigrateToSelf',
    { server: server.id, host },
    { admin: host, owner: ownerMessage, ownerMessage },
  )
}

/** The server's claim in placement becomes the migration's; the server claims the target (as Nova does). */
async function takeTarget(work: LiveWork, source: string): Promise<Destination> {
  const { args, deps, server, data } = work
  const { migration } = data
  assert(migration, 'it was recorded before')
  const forced = args.isForced ? args.host : null
  const target = data.target ?? (forced === null ? await pick(work, source) : await nodeOf(deps, forced))
  await deps.neighbours.placement.move(work.behalf(), server.id, migration.uuid, { onlyWhenEmpty: true })
  if (!(await claimPlacement(work, server, target)))
    throw forced === null ? roomWasTaken(1) : noRoomOn(server.id, forced)
  await work.remember({ target }, async tx => {
    await unclaim(tx, server.id, { purpose: 'migration' })
    await claim(tx, server, target.host, 'migration', flavorOf(server))
    await aimMigration(tx, migration.id, target)
  })
  return target
}

async function pick(work: LiveWork, source: string): Promise<Destination> {
  const { args, data } = work
  const placed = await selectHosts(work, {
    ...(await requestFor(work.deps, work.server)),
    ignore: [
      { host: source, cause: 'NoHost.CurrentHost' },
      ...(data.tried ?? []).map(host => ({ host, cause: 'NoHost.AlreadyTried' as const })),
    ],
    requested: args.host === null ? null : { host: args.host, node: null },
  })
  const { host, node, providerId } = placed.placements[0]! // one server was asked for
  return { host, node, providerId }
}

/** The target asks the source, so that its event stands inside. */
async function askBoth(work: LiveWork, source: string, { host }: Destination): Promise<void> {
  const { blockMigration } = work.args
  await work.event('compute_check_can_live_migrate_destination', host, async () => {
    await work.onHost(host, 'checkIncoming', { spec: machineSpec(work.server, null), blockMigration })
    await work.event('compute_check_can_live_migrate_source', source, () =>
      work.onHost(source, 'checkOutgoing', { blockMigration }),
    )
  })
}

/** The claims of both hosts are as they were. Not once the machine has left. */
export async function giveBack(work: LiveWork, status: string): Promise<void> {
  const { migration, reached } = work.data
  if (!migration || reached === 'moved') return
  const { deps, server } = work
  await work.transaction(tx => setMigration(tx, migration.id, status, deps.clock.now()))
  await deps.neighbours.placement.move(work.behalf(), migration.uuid, server.id)
  await work.transaction(tx => unclaim(tx, server.id, { purpose: 'migration' }))
}
