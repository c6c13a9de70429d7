// Resize and cold migration: a new host (or the same, where allowed), the disk brought there, the old one kept until
// the owner confirms or reverts (facts: states.md §5, resize/migrate; api-surface.md §3 for the events).
import { assert } from '../../base/assert.ts'
import { newUuid } from '../../base/ids.ts'
import { hostCauses } from '../../model/causes/hosts.ts'
import { powerStates } from '../../model/server-states.ts'
import { publicMessage } from '../errors.ts'
import { failureKey } from '../failures.ts'
import { takeNumbers } from '../numbers.ts'
import type { Destination } from '../scheduler/selection.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import { claim, unclaim } from '../store/claims.ts'
import { flavorOf, type ServerPatch } from '../store/servers.ts'
import { claimPlacement, hostsExhausted, roomWasTaken, zoneOf } from './claiming.ts'
import { errorOut, revertTask } from './failing.ts'
import { machineSpec } from './machine.ts'
import { addMigration, aimMigration, setMigration } from './migration-row.ts'
import { operation, step } from './operation.ts'
import { keepNext, requestFor, selectHosts } from './schedule.ts'
import { tell, tellTaskFailed } from './tell.ts'
import { connectVolumes, keepVolumes, plugVolumes } from './volumes.ts'
import type { Work } from './work.ts'

export interface ResizeArgs {
  /** The flavor to resize to; null for a cold migration. */
  readonly newFlavor: FlavorSnapshot | null
  /** Host a migration is asked to go to. */
  readonly host: string | null
  /** Take over the new flavor's disk layout; kept for the driver. */
  readonly autoDiskConfig: boolean | null
}

export interface ResizeData {
  readonly migration?: { readonly id: number; readonly uuid: string }
  readonly source?: string
  readonly hosts?: readonly Destination[]
  readonly at?: number
  readonly wasActive?: boolean
  /** How far it came, which decides how a failure leaves the server. */
  readonly reached?: 'chosen' | 'preparing' | 'moving' | 'moved'
}

type ResizeWork = Work<ResizeArgs, ResizeData>

export const resize = operation<ResizeArgs, ResizeData>({
  kind: 'resize',
  steps: [
    step('choose', { at: 'conductor', run: choose, undo: giveBack }),
    step('prepare', { at: 'host', run: prepare }),
    step('resize', { at: 'host', run: packDisk, undo: runAgain }),
    step('finish', { at: 'host', run: finish, undo: settleOnTarget }),
  ],
  failed: leave,
  failuresIn: ({ newFlavor }) => newFlavor?.extraSpecs[failureKey],
})

const flavorWanted = (work: ResizeWork): FlavorSnapshot => work.args.newFlavor ?? flavorOf(work.server)

/** Both events are open at once: `cold_migrate` is nested inside and finishes first. */
async function choose(work: ResizeWork): Promise<void> {
  const { conductorHost } = work.deps
  await work.event('conductor_migrate_server', conductorHost, () =>
    work.event('cold_migrate', conductorHost, () => work.deps.scheduling.turn(() => chooseTarget(work))),
  )
}

async function chooseTarget(work: ResizeWork): Promise<void> {
  const { deps, args, server } = work
  const source = server.host
  assert(source, 'an admitted server has a host')
  await recordMigration(work, source)
  if (work.data.hosts === undefined) {
    const request = await requestFor(deps, server, flavorWanted(work))
    const isOff = args.newFlavor === null || !deps.settings.allowResizeToSameHost
    const placed = await selectHosts(
      work,
      {
        ...request,
        ignore: isOff
          ? [{ host: source, cause: args.newFlavor === null ? 'NoHost.CurrentHost' : 'NoHost.SameHost' }]
          : [],
        requested: args.host === null ? null : { host: args.host, node: null },
        alternates: args.host === null ? 2 : 0,
      },
      { novaReason: `No valid host found for ${nameOf(work)}` },
    )
    const first = placed.placements[0]! // one server was asked for
    await work.remember({
      hosts: [{ host: first.host, node: first.node, providerId: first.providerId }, ...first.alternates],
      at: 0,
      source,
      wasActive: server.vm_state === 'active',
    })
  }
  await claimTarget(work)
  await work.remember({ reached: 'chosen' })
}

async function recordMigration(work: ResizeWork, source: string): Promise<void> {
  if (work.data.migration) return
  const migration = { id: await work.transaction(tx => takeNumbers(tx, 'migration')), uuid: newUuid() }
  await work.remember({ migration }, tx =>
    addMigration(tx, work, {
      ...migration,
      migration_type: work.args.newFlavor === null ? 'migration' : 'resize',
      status: 'pre-migrating',
      source,
      newFlavorId: flavorWanted(work).id,
    }),
  )
}

/** The server's claim in placement becomes the migration's; the server claims the target (as Nova does). */
async function claimTarget(work: ResizeWork): Promise<void> {
  const { deps, server } = work
  const { hosts = [], migration } = work.data
  assert(migration, 'it was recorded before')
  // Once only: by the second time the server's own claim may be the one on the target.
  await deps.neighbours.placement.move(work.behalf(), server.id, migration.uuid, { onlyWhenEmpty: true })
  const flavor = flavorWanted(work)
  for (let at = work.data.at ?? 0; at < hosts.length; at += 1) {
    const destination = hosts[at]! // at < length
    if (!(await claimPlacement(work, server, destination, flavor))) continue
    if (at > 0) keepNext(work, hosts, at, hostCauses['NoHost.AlreadyTried'].one)
    return work.remember({ at }, async tx => {
      await unclaim(tx, server.id, { purpose: 'migration' })
      await claim(tx, server, destination.host, 'migration', flavor)
      await aimMigration(tx, migration.id, destination)
    })
  }
  throw roomWasTaken(hosts.length, `No valid host found for ${nameOf(work)}`)
}

const nameOf = (work: ResizeWork) => (work.args.newFlavor === null ? 'cold migrate' : 'resize')

/**
 * On the target. One that cannot is left for the next alternate: its event is a success, its fault is hidden (facts:
 * api-surface.md §5). A host an administrator named has no alternates: its failure is the operation's.
 */
async function prepare(work: ResizeWork): Promise<void> {
  await work.remember({ reached: 'preparing' })
  for (;;) {
    const { host } = target(work)
    const failure = await prepareOn(work, host)
    if (failure === null) return
    await work.recordFault(failure, host)
    tell(work, 'resize', 'error', host, { fault: failure })
    await work.remember({ reached: 'chosen', at: (work.data.at ?? 0) + 1 })
    await chooseAgain(work, failure)
    await work.remember({ reached: 'preparing' })
  }
}

const prepareOn = (work: ResizeWork, host: string): Promise<unknown> => {
  const body = async () => {
    tell(work, 'resize_prep', 'start', host, { newFlavor: flavorWanted(work) })
    await work.failIfAsked('prep_resize')
    await work.change({ task_state: 'resize_prep' })
    tell(work, 'resize_prep', 'end', host, { newFlavor: flavorWanted(work) })
    return null
  }
  return work.args.host === null
    ? work.attempt('compute_prep_resize', host, body)
    : work.event('compute_prep_resize', host, body)
}

/** The conductor once more, with the hosts that are left. */
async function chooseAgain(work: ResizeWork, failure: unknown): Promise<void> {
  const { conductorHost, scheduling } = work.deps
  const { hosts = [], at = 0 } = work.data
  await work.event('conductor_migrate_server', conductorHost, () =>
    work.event('cold_migrate', conductorHost, async () => {
      if (at < hosts.length) return scheduling.turn(() => claimTarget(work))
      throw hostsExhausted(work.server.id, publicMessage(failure))
    }),
  )
}

const target = (work: ResizeWork): Destination => {
  const destination = work.data.hosts?.[work.data.at ?? 0]
  assert(destination, 'a target was chosen')
  return destination
}

/** On the source: the machine is stopped and its disk made ready; then the server belongs to the target. */
async function packDisk(work: ResizeWork): Promise<void> {
  const { source, migration } = work.data
  assert(source && migration, 'the first step recorded them')
  const { host, node } = target(work)
  await work.remember({ reached: 'moving' })
  await work.event('compute_resize_instance', source, async () => {
    await work.change({ task_state: 'resize_migrating' }, tx =>
      setMigration(tx, migration.id, 'migrating', work.deps.clock.now()),
    )
    tell(work, 'resize', 'start', source)
    await work.onHost(source, 'pack', null)
    await keepVolumes(work)
    const zone = await zoneOf(work.deps, host)
    await work.complete(
      {
        task_state: 'resize_migrated',
        host,
        node,
        availability_zone: zone,
        power_state: powerStates.SHUTDOWN,
      },
      tx => setMigration(tx, migration.id, 'post-migrating', work.deps.clock.now()),
      { reached: 'moved' },
    )
    tell(work, 'resize', 'end', source)
  })
}

/** The machine was stopped for its disk; while the server is still on the source, it runs there again. */
async function runAgain(work: ResizeWork): Promise<void> {
  const { reached, source, wasActive } = work.data
  if (reached !== 'moving' || source === undefined) return
  await plugVolumes(work, source)
  if (wasActive) await work.onHost(source, 'start', null)
}

/** On the target: the machine is built on the disk, with the new flavor, and waits to be confirmed. */
async function finish(work: ResizeWork): Promise<void> {
  const { source, migration, wasActive } = work.data
  assert(source && migration, 'the first step recorded them')
  const { host } = target(work)
  await work.event('compute_finish_resize', host, async () => {
    await work.change({ task_state: 'resize_finish' })
    tell(work, 'resize_finish', 'start', host)
    await connectVolumes(work, host)
    const { server, deps } = work
    const network = await deps.neighbours.network.move(work.behalf(host), server.id, host)
    const disk = await work.onHost(source, 'pack', null)
    const old = flavorOf(server)
    const flavor = flavorWanted(work)
    const wanted = { ...server, flavor_json: JSON.stringify(flavor), network_json: JSON.stringify(network) }
    await work.onHost(host, 'spawn', { spec: machineSpec(wanted, null), disk, powerOn: wasActive === true })
    await work.complete(
      {
        vm_state: 'resized',
        task_state: null,
        power_state: wasActive ? powerStates.RUNNING : powerStates.SHUTDOWN,
        previous_vm_state: wasActive ? 'active' : 'stopped',
        flavor_json: wanted.flavor_json,
        flavor_id: flavor.id,
        old_flavor_json: JSON.stringify(old),
        network_json: wanted.network_json,
        launched_at: deps.clock.now(),
        progress: 0,
        ...(work.args.autoDiskConfig === null
          ? {}
          : { auto_disk_config: work.args.autoDiskConfig ? (1 as const) : (0 as const) }),
      },
      tx => setMigration(tx, migration.id, 'finished', deps.clock.now()),
    )
    tell(work, 'resize_finish', 'end', host)
  })
}

/**
 * The server stays on the target, with its old flavor and room for that; the source's room is given up (nova/compute/
 * manager.py, finish_resize). Its disk is on the source still, until it is brought here by a hard reboot, given up by a
 * rebuild, or the server is deleted (left-behind.ts).
 */
async function settleOnTarget(work: ResizeWork): Promise<void> {
  const { migration, source } = work.data
  assert(source && migration, 'the first step recorded them')
  const { deps, server } = work
  const destination = target(work)
  if (destination.host !== source) await work.onHost(destination.host, 'destroy', null)
  await deps.neighbours.placement.release(work.behalf(destination.host), migration.uuid)
  await claimPlacement(work, server, destination)
  await work.transaction(async tx => {
    await unclaim(tx, server.id)
    await claim(tx, server, destination.host, 'server', flavorOf(server))
  })
}

/** Claims on the target go; the source's become the server's again. Only while the server still lives on the source. */
async function giveBack(work: ResizeWork): Promise<void> {
  const { migration, reached } = work.data
  if (!migration) return
  const { deps, server } = work
  await work.transaction(tx => setMigration(tx, migration.id, 'error', deps.clock.now()))
  if (reached === 'moved') return
  await deps.neighbours.placement.move(work.behalf(), migration.uuid, server.id)
  await work.transaction(tx => unclaim(tx, server.id, { purpose: 'migration' }))
}

/** Before a host has done anything the server is as it was; after that it is in ERROR (facts: states.md §5). */
async function leave(work: ResizeWork, error: unknown): Promise<ServerPatch> {
  switch (work.data.reached) {
    case 'preparing':
    case 'moving':
      return errorOut(work, error)
    case 'moved':
      await work.recordFault(error, work.server.host)
      return { vm_state: 'error' }
    default:
      tellTaskFailed(work, 'migrate_server', error, work.server.vm_state, flavorWanted(work))
      return revertTask(work, error)
  }
}
