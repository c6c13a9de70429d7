// Resize and cold migration: a new host (or the same, where allowed), the disk brought there, the old one kept until
// the owner confirms or reverts (facts: states.md §5, resize/migrate; api-surface.md §3 for the events).
import { assert } from '../../base/assert.ts'
import { newUuid } from '../../base/ids.ts'
import { isFault } from '../../model/errors.ts'
import { powerStates } from '../../model/server-states.ts'
import { ExplainedError } from '../errors.ts'
import { HostError } from '../failures.ts'
import { takeNumbers } from '../numbers.ts'
import type { Destination } from '../scheduler/selection.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import { amountsOf, claim, unclaim } from '../store/claims.ts'
import { flavorOf, type ServerPatch } from '../store/servers.ts'
import { machineSpec, zoneOf } from './create.ts'
import { errorOut, revertTask } from './failing.ts'
import { setMigration } from './migration-row.ts'
import { operation, step } from './operation.ts'
import { requestFor, selectHosts } from './schedule.ts'
import { scheduling } from './scheduling-turn.ts'
import { tell, tellTaskFailed } from './tell.ts'
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
  /** The last step whose failure leaves the server as it was. */
  readonly reached?: 'chosen' | 'moving' | 'moved'
}

type ResizeWork = Work<ResizeArgs, ResizeData>

export const resize = operation<ResizeArgs, ResizeData>({
  kind: 'resize',
  steps: [
    step('choose', { at: 'conductor', run: choose, undo: giveBack }),
    step('prepare', { at: 'host', run: prepare }),
    step('resize', { at: 'host', run: packDisk }),
    step('finish', { at: 'host', run: finish }),
  ],
  failed: leave,
})

const flavorWanted = (work: ResizeWork): FlavorSnapshot => work.args.newFlavor ?? flavorOf(work.server)

/** Both events are open at once: `cold_migrate` is nested inside and finishes first. */
async function choose(work: ResizeWork): Promise<void> {
  const { conductorHost } = work.deps
  await work.event('conductor_migrate_server', conductorHost, () =>
    work.event('cold_migrate', conductorHost, () => scheduling.turn(() => chooseTarget(work))),
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
      work as Work<unknown, unknown>,
      {
        ...request,
        ignore: isOff
          ? [{ host: source, cause: args.newFlavor === null ? 'NoHost.CurrentHost' : 'NoHost.SameHost' }]
          : [],
        requested: args.host === null ? null : { host: args.host, node: null },
        alternates: args.host === null ? 2 : 0,
      },
      args.newFlavor === null ? 'No valid host found for cold migrate' : 'No valid host found for resize',
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
  const { deps, args, server, context } = work
  const now = deps.clock.now()
  const migration = await work.transaction(async tx => {
    const made = { id: await takeNumbers(tx, 'migration'), uuid: newUuid() }
    await tx
      .insertInto('migrations')
      .values({
        ...made,
        server_id: server.id,
        migration_type: args.newFlavor === null ? 'migration' : 'resize',
        status: 'pre-migrating',
        source_compute: source,
        source_node: server.node,
        dest_compute: null,
        dest_node: null,
        dest_host: null,
        old_flavor_id: server.flavor_id,
        new_flavor_id: flavorWanted(work).id,
        user_id: context.auth?.userId ?? server.user_id,
        project_id: context.auth?.project?.id ?? server.project_id,
        created_at: now,
        updated_at: now,
      })
      .execute()
    return made
  })
  await work.remember({ migration })
}

/** The server's claim in placement becomes the migration's; the server claims the target (as Nova does). */
async function claimTarget(work: ResizeWork): Promise<void> {
  const { deps, server } = work
  const { placement } = deps.neighbours
  const hosts = work.data.hosts ?? []
  const migration = work.data.migration!
  // Once only: by the second time the server's own claim may be the one on the target.
  await placement.move(work.behalf(), server.id, migration.uuid, { onlyWhenEmpty: true })
  const flavor = flavorWanted(work)
  for (let at = work.data.at ?? 0; at < hosts.length; at += 1) {
    const { host, node, providerId } = hosts[at]! // at < length
    if (
      !(await placement.claim(work.behalf(), server.id, providerId, amountsOf(flavor), {
        projectId: server.project_id,
        userId: server.user_id,
      }))
    )
      continue
    await work.transaction(async tx => {
      await unclaim(tx, server.id, { purpose: 'migration' })
      await claim(tx, server.id, host, 'migration', flavor)
      await tx
        .updateTable('migrations')
        .set({ dest_compute: host, dest_node: node, dest_host: '127.0.0.1' })
        .where('id', '=', migration.id)
        .execute()
    })
    return work.remember({ at })
  }
  throw new ExplainedError(
    'NoValidHost',
    `No valid host was found. No valid host found for ${work.args.newFlavor === null ? 'cold migrate' : 'resize'}`,
    {
      admin: 'placement refused the claim on every chosen host',
      owner: 'the room on every chosen host was taken meanwhile',
    },
  )
}

/** On the target. A target that cannot is left for the next alternate; each failure leaves a hidden fault. */
async function prepare(work: ResizeWork): Promise<void> {
  const { conductorHost } = work.deps
  for (;;) {
    const { host } = target(work)
    try {
      await work.event('compute_prep_resize', host, async () => {
        tell(work, 'resize_prep', 'start', host, { newFlavor: flavorWanted(work) })
        await work.failIfAsked('prep_resize')
        await work.change({ task_state: 'resize_prep' })
        tell(work, 'resize_prep', 'end', host, { newFlavor: flavorWanted(work) })
      })
      return
    } catch (error) {
      const next = (work.data.at ?? 0) + 1
      if (!(error instanceof HostError || isFault(error)) || next >= (work.data.hosts?.length ?? 0))
        throw error
      await work.recordFault(error, host)
      tell(work, 'resize', 'error', host, { fault: error })
      await work.remember({ at: next })
      await work.event('conductor_migrate_server', conductorHost, () =>
        work.event('cold_migrate', conductorHost, () => scheduling.turn(() => claimTarget(work))),
      )
    }
  }
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
  await work.event('compute_resize_instance', source, async () => {
    await work.remember({ reached: 'moving' })
    await work.change({ task_state: 'resize_migrating' }, tx =>
      setMigration(tx, migration.id, 'migrating', work.deps.clock.now()),
    )
    tell(work, 'resize', 'start', source)
    await work.onHost(source, 'pack', null)
    await work.change(
      {
        task_state: 'resize_migrated',
        host,
        node,
        availability_zone: await zoneOf(work as Work<unknown, unknown>, host),
        power_state: powerStates.SHUTDOWN,
      },
      tx => setMigration(tx, migration.id, 'post-migrating', work.deps.clock.now()),
    )
    tell(work, 'resize', 'end', source)
  })
}

/** On the target: the machine is built on the disk, with the new flavor, and waits to be confirmed. */
async function finish(work: ResizeWork): Promise<void> {
  const { source, migration, wasActive } = work.data
  assert(source && migration, 'the first step recorded them')
  const { host } = target(work)
  await work.event('compute_finish_resize', host, async () => {
    await work.remember({ reached: 'moved' })
    await work.change({ task_state: 'resize_finish' })
    tell(work, 'resize_finish', 'start', host)
    const { server, deps } = work
    const network = await deps.neighbours.network.move(work.behalf(host), server.id, host)
    const disk = await work.onHost(source, 'pack', null)
    const old = flavorOf(server)
    const flavor = flavorWanted(work)
    const wanted = { ...server, flavor_json: JSON.stringify(flavor), network_json: JSON.stringify(network) }
    await work.onHost(host, 'spawn', { spec: machineSpec(wanted, null), disk, powerOn: wasActive === true })
    await work.change(
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

/** Claims on the target go; the source's become the server's again. Only while the server still lives on the source. */
async function giveBack(work: ResizeWork): Promise<void> {
  const { migration, reached, source, hosts } = work.data
  if (!migration) return
  const { deps, server } = work
  await work.transaction(tx => setMigration(tx, migration.id, 'error', deps.clock.now()))
  if (hosts === undefined) return
  if (reached === 'moved') return
  const { placement } = deps.neighbours
  await placement.move(work.behalf(), migration.uuid, server.id)
  await work.transaction(tx => unclaim(tx, server.id, { purpose: 'migration' }))
  if (source !== undefined && server.host !== source) await work.change({ host: source })
}

/** Before anything moved the server is as it was; after that it is in ERROR (facts: states.md §5). */
async function leave(work: ResizeWork, error: unknown): Promise<ServerPatch> {
  const { reached } = work.data
  if (reached === undefined)
    tellTaskFailed(work, 'migrate_server', error, work.server.vm_state, flavorWanted(work))
  return reached === 'moving' || reached === 'moved' ? errorOut(work, error) : revertTask(work, error)
}
