// Building a server: a host is chosen (for all servers of a request at once), claimed, and the machine is built there;
// when that fails in a way another host may not, the next one is tried, three in all (facts: states.md §5, create).
import { hostCauses } from '../../model/causes/hosts.ts'
import { isFault } from '../../model/errors.ts'
import { powerStates } from '../../model/server-states.ts'
import { tables } from '../../platform/store/store.ts'
import { ExplainedError, publicMessage } from '../errors.ts'
import { abortsBuild, HostError } from '../failures.ts'
import type { Destination } from '../scheduler/selection.ts'
import { defaultZone } from '../store/aggregates.ts'
import { claim, unclaim } from '../store/claims.ts'
import { flavorOf, requestedNetworksOf, securityGroupsOf, tagsOf } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { claimPlacement, hostsExhausted, zoneOf } from './claiming.ts'
import { machineSpec } from './machine.ts'
import { makeVolumes, reserveVolumes } from './make-volumes.ts'
import { isInterruption, operation, Superseded, step } from './operation.ts'
import { type CreateArgs, type CreateData, type CreateWork, placeSiblings } from './place.ts'
import { keepNext } from './schedule.ts'
import { tell, tellTaskFailed } from './tell.ts'
import { connectVolumes, keepVolumes, letVolumesGo } from './volumes.ts'

export const create = operation<CreateArgs, CreateData>({
  kind: 'create',
  steps: [
    step('schedule', { at: 'conductor', run: schedule, undo: letGo }),
    step('build', { at: 'host', run: build, undo: tearDown }),
  ],
  failed: async (work, error) => {
    await work.recordFault(error, work.server.host)
    return {
      vm_state: 'error',
      host: null,
      node: null,
      availability_zone: null,
      power_state: powerStates.NOSTATE,
      network_json: '[]',
    }
  },
})

async function schedule(work: CreateWork): Promise<void> {
  const { conductorHost, scheduling } = work.deps
  try {
    await work.failIfAsked('conductor_schedule_and_build_instances')
    await reserveVolumes(work)
    await scheduling.turn(() => placeSiblings(work))
  } catch (error) {
    if (error instanceof Superseded || isInterruption(error)) throw error
    tellTaskFailed(work, 'build_instances', error, 'error')
    // Only a scheduling failure leaves this event; a build that goes well never shows it.
    await work.event('conductor_schedule_and_build_instances', conductorHost, () => Promise.reject(error))
  }
  await work.complete(await settledOn(work, hostTried(work)))
}

const settledOn = async (work: CreateWork, { host, node }: Destination) => ({
  host,
  node,
  availability_zone: await zoneOf(work.deps, host),
  task_state: null,
})

function hostTried(work: CreateWork): Destination {
  const { hosts = [], at = 0 } = work.data
  const destination = hosts[at]
  if (!destination) throw exhausted(work)
  return destination
}

async function build(work: CreateWork): Promise<void> {
  for (;;) {
    if (work.server.host !== hostTried(work).host) await claimNext(work)
    const { host } = hostTried(work)
    const failure = await work.attempt('compute__do_build_and_run_instance', host, () => buildOn(work, host))
    if (failure === null) return
    work.hostLog(host).error('Instance failed to spawn', { server: work.server.id, error: failure })
    await cleanUpAfter(work, host, failure)
    if (isFinal(failure)) throw aborted(work, failure)
    // Sent to one host by force, there is no other to try: the reason is told as it is.
    if (work.args.force) throw asItIs(failure)
    await work.change(
      { task_state: 'scheduling', host: null, node: null, availability_zone: null },
      tx => unclaim(tx, work.server.id),
      { at: (work.data.at ?? 0) + 1, lastReason: publicMessage(failure) },
    )
  }
}

/** The first of the hosts left that placement still has room on. */
async function claimNext(work: CreateWork): Promise<void> {
  const { server } = work
  await work.deps.scheduling.turn(async () => {
    while (!(await claimPlacement(work, server, hostTried(work))))
      await work.remember({ at: (work.data.at ?? 0) + 1 })
    const destination = hostTried(work)
    keepNext(work, work.data.hosts ?? [], work.data.at ?? 0, hostCauses['NoHost.AlreadyTried'].one)
    await work.change(await settledOn(work, destination), async tx => {
      await unclaim(tx, server.id)
      await claim(tx, server, destination.host, 'server', flavorOf(server))
    })
  })
}

const isFinal = (error: unknown): boolean =>
  error instanceof HostError ? abortsBuild.has(error.name) : isFault(error)

function aborted(work: CreateWork, failure: unknown): ExplainedError {
  const reason = publicMessage(failure)
  const text = `Build of instance ${work.server.id} aborted: ${reason}`
  return new ExplainedError('BuildAbortException', text, { admin: reason, owner: reason }, 500, {
    cause: failure,
  })
}

const asItIs = (failure: unknown): unknown =>
  failure instanceof HostError
    ? new HostError(failure.name, failure.message, { code: failure.code, isPublic: true, cause: failure })
    : failure

function exhausted(work: CreateWork): ExplainedError {
  const error = hostsExhausted(work.server.id, work.data.lastReason)
  tellTaskFailed(work, 'build_instances', error, 'error')
  return error
}

async function buildOn(work: CreateWork, host: string): Promise<void> {
  const { deps } = work
  const tags = (await tagsOf(tables<ComputeTables>(deps.store), [work.server.id])).get(work.server.id) ?? []
  tell(work, 'create', 'start', host, { tags })
  await work.failIfAsked('claim')
  await work.change({ task_state: 'networking' })
  await work.failIfAsked('networking')
  const { server } = work
  const network = await deps.neighbours.network.allocate(
    work.behalf(host),
    {
      id: server.id,
      projectId: server.project_id,
      host,
      zone: server.availability_zone ?? defaultZone,
      hostname: server.hostname,
    },
    requestedNetworksOf(server),
    securityGroupsOf(server),
  )
  await work.change({ task_state: 'block_device_mapping', network_json: JSON.stringify(network) })
  await work.failIfAsked('block_device_mapping')
  await makeVolumes(work, host)
  await connectVolumes(work, host)
  await work.change({ task_state: 'spawning' })
  await work.onHost(host, 'spawn', {
    spec: machineSpec(work.server, work.args.publicKey, work.args.files),
    disk: null,
    powerOn: true,
  })
  const now = deps.clock.now()
  await work.complete(
    { vm_state: 'active', task_state: null, power_state: powerStates.RUNNING, launched_at: now },
    async tx => {
      await tx
        .updateTable('compute_nodes')
        .set({ failed_builds: 0 })
        .where('host', '=', host)
        .where('failed_builds', '>', 0)
        .execute()
    },
  )
  tell(work, 'create', 'end', host, { tags })
}

async function cleanUpAfter(work: CreateWork, host: string, failure: unknown): Promise<void> {
  const { deps, server } = work
  tell(work, 'create', 'error', host, { fault: failure })
  await ignoringLoss(work, () => work.onHost(host, 'destroy', null))
  await ignoringLoss(work, () => deps.neighbours.network.release(work.behalf(host), server.id))
  await ignoringLoss(work, () => keepVolumes(work))
  // The room is kept until the server leaves the host: the next host's claim replaces it.
  await work.transaction(async tx => {
    await tx
      .updateTable('compute_nodes')
      .set(eb => ({ failed_builds: eb('failed_builds', '+', 1) }))
      .where('host', '=', host)
      .execute()
  })
}

// A clean-up that fails must not hide why it was needed; what it leaves is removed with the server.
async function ignoringLoss(work: CreateWork, body: () => Promise<unknown>): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (isInterruption(error)) throw error
    work.log.warning('cleaning up after a failed build', { server: work.server.id, error })
  }
}

async function tearDown(work: CreateWork): Promise<void> {
  const { host, id } = work.server
  if (host !== null) await ignoringLoss(work, () => work.onHost(host, 'destroy', null))
  await ignoringLoss(work, () => work.deps.neighbours.network.release(work.behalf(), id))
}

async function letGo(work: CreateWork): Promise<void> {
  await ignoringLoss(work, () => letVolumesGo(work))
  await ignoringLoss(work, () => work.change({ block_devices_json: '[]' }))
  await ignoringLoss(work, () => work.deps.neighbours.placement.release(work.behalf(), work.server.id))
  await work.transaction(tx => unclaim(tx, work.server.id))
}
