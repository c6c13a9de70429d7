// Evacuation: the host of a server is down, and the server is built anew on another one, from its image, with its ports.
// What the old host has of it is removed when it comes back (agent/evacuated.ts).
import { assert } from '../../base/assert.ts'
import { isFault } from '../../model/errors.ts'
import { powerStates } from '../../model/server-states.ts'
import type { Destination } from '../scheduler/selection.ts'
import { claim, unclaim } from '../store/claims.ts'
import { flavorOf, type ServerPatch } from '../store/servers.ts'
import { claimPlacement, nodeOf, noRoomOn, roomWasTaken, zoneOf } from './claiming.ts'
import { revertTask } from './failing.ts'
import { machineSpec } from './machine.ts'
import { aimMigration, setMigration } from './migration-row.ts'
import { operation, step } from './operation.ts'
import { aborted, powerOffAgain } from './rebuild.ts'
import { requestFor, selectHosts } from './schedule.ts'
import { tell, tellScheduled, tellTaskFailed } from './tell.ts'
import { connectVolumes, keepVolumes } from './volumes.ts'
import type { Work } from './work.ts'

export interface EvacuateArgs {
  readonly migration: { readonly id: number; readonly uuid: string }
  readonly source: string
  /** Host an administrator named. */
  readonly host: string | null
  /** The scheduler is not asked about it. */
  readonly isForced: boolean
  readonly endsStopped: boolean
  readonly publicKey: string | null
}

interface EvacuateData {
  readonly target?: Destination
  /** How far it came, which decides how a failure leaves the server. */
  readonly reached?: 'host' | 'rebuilding' | 'built'
}

type EvacuateWork = Work<EvacuateArgs, EvacuateData>

export const evacuate = operation<EvacuateArgs, EvacuateData>({
  kind: 'evacuate',
  steps: [
    step('choose', { event: 'rebuild_server', at: 'conductor', run: choose, undo: giveBack }),
    step('rebuild', { at: 'host', run: rebuild, undo: takeAway }),
    step('stop', {
      at: 'host',
      run: async work => {
        if (work.args.endsStopped) await powerOffAgain(work)
      },
    }),
  ],
  failed: leave,
})

async function choose(work: EvacuateWork): Promise<void> {
  await work.deps.scheduling.turn(() => takeTarget(work))
  tellScheduled(work)
}

/** The old host's claim in placement becomes the migration's until the host is back; the server claims the new one. */
async function takeTarget(work: EvacuateWork): Promise<void> {
  const { args, deps, server, data } = work
  const { migration } = args
  const forced = args.isForced ? args.host : null
  const target = data.target ?? (forced === null ? await pick(work) : await nodeOf(deps, forced))
  await deps.neighbours.placement.move(work.behalf(), server.id, migration.uuid, { onlyWhenEmpty: true })
  if (!(await claimPlacement(work, server, target)))
    throw forced === null ? roomWasTaken(1) : noRoomOn(server.id, forced)
  await work.remember({ target }, async tx => {
    await unclaim(tx, server.id, { purpose: 'migration' })
    await claim(tx, server, target.host, 'migration', flavorOf(server))
    await aimMigration(tx, migration.id, target)
  })
}

async function pick(work: EvacuateWork): Promise<Destination> {
  const { host: asked, source } = work.args
  const placed = await selectHosts(work, {
    ...(await requestFor(work.deps, work.server)),
    ignore: [{ host: source, cause: 'NoHost.CurrentHost' }],
    requested: asked === null ? null : { host: asked, node: null },
  })
  const { host, node, providerId } = placed.placements[0]! // one server was asked for
  return { host, node, providerId }
}

async function rebuild(work: EvacuateWork): Promise<void> {
  const { target } = work.data
  assert(target, 'the first step chose it')
  await work.event('compute_rebuild_instance', target.host, () => rebuildOn(work, target))
}

async function rebuildOn(work: EvacuateWork, { host, node }: Destination): Promise<void> {
  const { args, deps, server } = work
  const { migration } = args
  tell(work, 'rebuild', 'start', host)
  await work.remember({ reached: 'host' }, tx =>
    setMigration(tx, migration.id, 'pre-migrating', deps.clock.now()),
  )
  // The room was taken before: only somebody asking for it makes this fail.
  await work.failIfAsked('claim')
  await work.change({ task_state: 'rebuild_block_device_mapping' }, undefined, { reached: 'rebuilding' })
  const network = await deps.neighbours.network.move(work.behalf(host), server.id, host)
  const network_json = JSON.stringify(network)
  await keepVolumes(work)
  await connectVolumes(work, host)
  await work.change({ task_state: 'rebuild_spawning' })
  const spec = machineSpec({ ...work.server, network_json }, args.publicKey)
  await work.onHost(host, 'spawn', { spec, disk: null, powerOn: true })
  const zone = await zoneOf(deps, host)
  await work.complete(
    {
      host,
      node,
      availability_zone: zone,
      network_json,
      vm_state: 'active',
      task_state: args.endsStopped ? 'powering-off' : null,
      power_state: powerStates.RUNNING,
      launched_at: deps.clock.now(),
    },
    async tx => {
      await setMigration(tx, migration.id, 'done', deps.clock.now())
      await unclaim(tx, server.id)
      await claim(tx, server, host, 'server', flavorOf(server))
    },
    { reached: 'built' },
  )
  tell(work, 'rebuild', 'end', host)
}

/** The server stays on the host that is down, to be evacuated again. */
async function takeAway(work: EvacuateWork): Promise<void> {
  const { reached, target } = work.data
  if (reached !== 'rebuilding' || !target) return
  await work.onHost(target.host, 'destroy', null)
  await work.deps.neighbours.network.move(work.behalf(), work.server.id, work.args.source)
  await keepVolumes(work)
  await connectVolumes(work, work.args.source)
}

async function giveBack(work: EvacuateWork): Promise<void> {
  const { args, data, deps, server } = work
  if (data.reached === 'built') return
  const status = data.reached === 'rebuilding' ? 'failed' : 'error'
  await work.transaction(tx => setMigration(tx, args.migration.id, status, deps.clock.now()))
  await deps.neighbours.placement.move(work.behalf(), args.migration.uuid, server.id)
  await work.transaction(tx => unclaim(tx, server.id, { purpose: 'migration' }))
}

async function leave(work: EvacuateWork, error: unknown): Promise<ServerPatch> {
  const { reached, target } = work.data
  if (reached === 'built') return revertTask(work, error)
  if (reached === undefined || !target) {
    tellTaskFailed(work, 'rebuild_server', error, work.args.isForced ? work.server.vm_state : 'error')
    await work.recordFault(error, work.server.host)
    return work.args.isForced ? {} : { vm_state: 'error' }
  }
  tell(work, 'rebuild', 'error', target.host, { fault: error })
  const isRefused = reached === 'host' || isFault(error)
  await work.recordFault(isRefused ? aborted(work.server.id, error) : error, target.host)
  return reached === 'host' ? {} : { vm_state: 'error' }
}
