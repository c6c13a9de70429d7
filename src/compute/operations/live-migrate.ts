// Live migration: a running machine goes to another host (facts: states.md §5; api-surface.md §3 for the events). Until
// it has arrived the server is where it was, and anything that goes wrong is taken back.
import { assert } from '../../base/assert.ts'
import { explained } from '../errors.ts'
import { HostError } from '../failures.ts'
import type { Destination } from '../scheduler/selection.ts'
import type { BlockDevice } from '../snapshots.ts'
import { failAction } from '../store/actions.ts'
import { claim, unclaim } from '../store/claims.ts'
import { devicesOf, editDevices, flavorOf, type ServerPatch, volumesOf } from '../store/servers.ts'
import type { Sending } from '../virt/driver.ts'
import { zoneOf } from './claiming.ts'
import { chooseTarget, giveBack } from './live-target.ts'
import { wishOf } from './live-wishes.ts'
import { machineSpec } from './machine.ts'
import { setMigration } from './migration-row.ts'
import { isInterruption, operation, Superseded, step } from './operation.ts'
import { tell } from './tell.ts'
import { connectVolume, reserveVolume } from './volumes.ts'
import type { Work } from './work.ts'

export interface LiveMigrateArgs {
  /** Host an administrator named. */
  readonly host: string | null
  /** The scheduler is not asked about it. */
  readonly isForced: boolean
  /** Whether disks are copied; null: whichever the hosts find right. */
  readonly blockMigration: boolean | null
  /** The first event's name, which is another one up to 2.33. */
  readonly event: 'conductor_live_migrate_instance' | 'conductor_migrate_server'
}

export interface LiveMigrateData {
  readonly migration?: { readonly id: number; readonly uuid: string }
  readonly source?: string
  readonly target?: Destination
  /** Hosts that said they could not. */
  readonly tried?: readonly string[]
  /** The server's volumes as the target has them: each with an attachment of its own there. */
  readonly volumes?: readonly BlockDevice[]
  /** How far it came, which decides how a failure leaves the server. */
  readonly reached?: 'chosen' | 'queued' | 'preparing' | 'starting' | 'running' | 'moved'
}

export type LiveWork = Work<LiveMigrateArgs, LiveMigrateData>

export const liveMigrate = operation<LiveMigrateArgs, LiveMigrateData>({
  kind: 'liveMigration',
  steps: [
    step('choose', { at: 'conductor', run: chooseTarget, undo: work => giveBack(work, statusAfter(work)) }),
    step('queue', { event: 'compute_live_migration', at: 'host', run: queue }),
    step('send', { at: 'host', run: takeTurn, undo: rollBack }),
    step('arrive', { at: 'host', run: arrive, undo: settle }),
  ],
  failed: leave,
})

/** Somebody said so: no failure, but an end like one. */
const aborted = () => {
  const text = 'The live migration was aborted.'
  return explained('LiveMigrationAborted', {}, { admin: text, owner: text })
}
const abortedName = aborted().name

function partsOf({ data }: LiveWork) {
  const { migration, source, target } = data
  assert(migration && source && target, 'the first step recorded them')
  return { migration, source, target }
}

/** Remembers how far it is, with the status people see. */
function reach(work: LiveWork, reached: LiveMigrateData['reached'], status: string): Promise<void> {
  const { migration } = partsOf(work)
  return work.remember({ reached }, tx => setMigration(tx, migration.id, status, work.deps.clock.now()))
}

function queue(work: LiveWork): Promise<void> {
  return reach(work, 'queued', 'queued')
}

/** One at a time leaves a host: what waits can be aborted, and what is under way goes on after a crash. */
async function takeTurn(work: LiveWork): Promise<void> {
  const { source, migration } = partsOf(work)
  const turns = work.deps.liveTurns
  for (;;) {
    await stopIfAsked(work)
    if (turns.take(source, migration.uuid)) break
    await turns.next(source)
  }
  try {
    if (work.data.reached !== 'running') await prepare(work)
    await send(work)
  } finally {
    turns.leave(source, migration.uuid)
  }
}

/** Before anything is sent, an abort ends it at once; after that only the source can tell whether it came in time. */
async function stopIfAsked(work: LiveWork): Promise<void> {
  await work.stillWanted()
  if (work.data.reached === 'running') return
  if ((await wishOf(work.deps.store, partsOf(work).migration.id)) === 'abort') throw aborted()
}

async function prepare(work: LiveWork): Promise<void> {
  const { host } = partsOf(work).target
  await reach(work, 'preparing', 'preparing')
  await work.event('compute_pre_live_migration', host, async () => {
    tell(work, 'live_migration_pre', 'start', host)
    await connectThere(work, host)
    const there = { ...work.server, block_devices_json: JSON.stringify(devicesThere(work)) }
    await work.onHost(host, 'receive', { spec: machineSpec(there, null) })
    tell(work, 'live_migration_pre', 'end', host)
  })
  await stopIfAsked(work)
  await reach(work, 'starting', 'running')
  await work.failIfAsked('live_migration')
  await work.remember({ reached: 'running' })
}

/** While it moves, the server has each volume twice: on the host it comes from, and on the one it goes to. */
async function connectThere(work: LiveWork, host: string): Promise<void> {
  const { volume } = work.deps.neighbours
  for (const device of volumesOf(work.server)) {
    const done = work.data.volumes ?? []
    if (done.some(({ id }) => id === device.id)) continue
    const attachmentId = await reserveVolume(work, device, host)
    const connected = await connectVolume(work, host, device, attachmentId)
    await volume.complete(work.behalf(host), attachmentId)
    await work.remember({ volumes: [...done, connected] })
  }
}

const devicesThere = ({ server, data }: LiveWork): readonly BlockDevice[] =>
  devicesOf(server).map(device => data.volumes?.find(({ id }) => id === device.id) ?? device)

/** The attachments of one end go: of the host it has left, or of the one it does not go to. */
async function disconnect(work: LiveWork, end: 'here' | 'there'): Promise<void> {
  const { volume } = work.deps.neighbours
  const kept = new Set(
    (end === 'here' ? (work.data.volumes ?? []) : volumesOf(work.server)).map(attachmentOf),
  )
  const there =
    volumesOf(work.server).length === 0 ? [] : await volume.attachmentsOf(work.behalf(), work.server.id)
  for (const { id } of there) if (!kept.has(id)) await volume.release(work.behalf(), id)
}

const attachmentOf = ({ attachmentId }: BlockDevice) => attachmentId

/** Until the machine runs on the target; then the server is there, and its room too. */
async function send(work: LiveWork): Promise<void> {
  const { source, migration, target } = partsOf(work)
  const { deps } = work
  const zone = await zoneOf(deps, target.host)
  for (;;) {
    await work.stillWanted()
    const wish = await wishOf(deps.store, migration.id)
    if (wish === 'abort') await stopHere(work, source)
    if (wish === 'complete') await work.onHost(source, 'completeSend', null)
    const sending = await work.onHost(source, 'send', { toHost: target.host })
    deps.liveTurns.nudge(source)
    if (sending.state === 'cancelled') throw aborted()
    if (sending.state === 'done') break
    await tellProgress(work, sending)
  }
  const { server } = work
  await work.complete(
    row => ({
      host: target.host,
      node: target.node,
      availability_zone: zone,
      ...editDevices(row, device => work.data.volumes?.find(({ id }) => id === device.id) ?? device),
    }),
    async tx => {
      await unclaim(tx, server.id)
      await claim(tx, server, target.host, 'server', flavorOf(server))
    },
    { reached: 'moved' },
  )
}

/** Ends it unless the machine has left: then the abort came too late. */
async function stopHere(work: LiveWork, source: string): Promise<void> {
  await work.onHost(source, 'abortSend', null)
  if ((await work.onHost(source, 'power', null)) !== null) throw aborted()
}

async function tellProgress(work: LiveWork, { memory, disk }: Sending): Promise<void> {
  const { migration } = partsOf(work)
  const [total, processed] = [memory, disk].reduce(
    ([all, done], part) => [all + (part?.total ?? 0), done + (part?.processed ?? 0)],
    [0, 0],
  )
  await work.change({ progress: total === 0 ? 0 : Math.floor((processed * 100) / total) }, async tx => {
    await tx
      .updateTable('migrations')
      .set({
        memory_total: memory.total,
        memory_processed: memory.processed,
        memory_remaining: memory.remaining,
        disk_total: disk?.total ?? 0,
        disk_processed: disk?.processed ?? 0,
        disk_remaining: disk?.remaining ?? 0,
        updated_at: work.deps.clock.now(),
      })
      .where('id', '=', migration.id)
      .execute()
  })
}

/** On the target: the machine runs there already. */
async function arrive(work: LiveWork): Promise<void> {
  const { source, migration, target } = partsOf(work)
  const { deps, server } = work
  const { host } = target
  tell(work, 'live_migration_post', 'start', source)
  await work.event('compute_post_live_migration_at_destination', host, async () => {
    tell(work, 'live_migration_post_dest', 'start', host)
    const network = await deps.neighbours.network.move(work.behalf(host), server.id, host)
    await disconnect(work, 'here')
    const power = await work.onHost(host, 'power', null)
    await deps.neighbours.placement.release(work.behalf(host), migration.uuid)
    await work.complete(
      {
        task_state: null,
        power_state: power ?? server.power_state,
        progress: 0,
        network_json: JSON.stringify(network),
      },
      tx => setMigration(tx, migration.id, 'completed', deps.clock.now()),
    )
    tell(work, 'live_migration_post_dest', 'end', host)
  })
  tell(work, 'live_migration_post', 'end', source)
}

/** There is no way back: the server's ports and its room are where its machine is. */
async function settle(work: LiveWork): Promise<void> {
  const { migration, target } = partsOf(work)
  const { deps, server } = work
  await deps.neighbours.placement.release(work.behalf(target.host), migration.uuid)
  await work.transaction(tx => setMigration(tx, migration.id, 'error', deps.clock.now()))
  await deps.neighbours.network.move(work.behalf(target.host), server.id, target.host)
  await disconnect(work, 'here')
}

/** The machine goes on where it is; what the target made ready goes. */
async function rollBack(work: LiveWork): Promise<void> {
  const { reached } = work.data
  if (reached !== 'preparing' && reached !== 'starting' && reached !== 'running') return
  const { source, target } = partsOf(work)
  const { host } = target
  tell(work, 'live_migration_rollback', 'start', source)
  if (reached === 'running') await stopSending(work, source)
  await work.event('compute_rollback_live_migration_at_destination', host, async () => {
    tell(work, 'live_migration_rollback_dest', 'start', host)
    await work.onHost(host, 'destroy', null)
    await disconnect(work, 'there')
    tell(work, 'live_migration_rollback_dest', 'end', host)
    if (work.failure) work.noteFailure(work.failure)
  })
  tell(work, 'live_migration_rollback', 'end', source)
}

async function stopSending(work: LiveWork, source: string): Promise<void> {
  try {
    await work.onHost(source, 'abortSend', null)
  } catch (error) {
    if (isInterruption(error)) throw error
    work.log.warning(`${source} could not be told to stop sending`, { server: work.server.id, error })
  }
}

/** The status of the migration that is taken back. */
function statusAfter({ data, failure }: LiveWork): string {
  if (failure instanceof Superseded || failure?.name === abortedName) return 'cancelled'
  return data.reached === 'running' && failure instanceof HostError ? 'failed' : 'error'
}

async function leave(work: LiveWork, error: unknown): Promise<ServerPatch> {
  const { actionId } = work
  // Upstream's events are over by then and all well: the record would say nothing (docs/differences.md).
  if (actionId !== null) work.withNext(tx => failAction(tx, actionId))
  const isAborted = error instanceof Error && error.name === abortedName
  if (!isAborted) await work.recordFault(error, work.server.host)
  return { progress: 0, ...(isAborted || leavesItRunning(work, error) ? {} : { vm_state: 'error' }) }
}

/** A refusal, or a sending that failed on its way: nothing happened to the machine. Else nobody knows. */
function leavesItRunning({ data }: LiveWork, error: unknown): boolean {
  switch (data.reached) {
    case undefined:
      return !(error instanceof HostError) || error.isPublic
    case 'chosen':
    case 'queued':
    case 'preparing':
      return true
    case 'running':
      return error instanceof HostError
    default:
      return false
  }
}
