// Building a server: a host is chosen (for all servers of a request at once), claimed, and the machine is built there;
// when that fails in a way another host may not, the next one is tried, three in all (facts: states.md §5, create).
import { readJson } from '../../base/json.ts'
import { isFault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import { powerStates } from '../../model/server-states.ts'
import { tables } from '../../platform/store/store.ts'
import { ExplainedError, publicMessage } from '../errors.ts'
import { abortsBuild, HostError } from '../failures.ts'
import type { Destination } from '../scheduler/selection.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import { amountsOf, claim, unclaim } from '../store/claims.ts'
import {
  flavorOf,
  imageOf,
  instanceName,
  metadataOf,
  requestedNetworksOf,
  type ServerRow,
  securityGroupsOf,
  tagsOf,
} from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import type { MachineSpec } from '../virt/driver.ts'
import { operation, Superseded, step } from './operation.ts'
import { defaultZone, requestFor, selectHosts } from './schedule.ts'
import { scheduling } from './scheduling-turn.ts'
import { tell, tellTaskFailed } from './tell.ts'
import type { Work } from './work.ts'

export interface CreateArgs {
  /** Servers of the same request, this one among them; placed together or not at all. */
  readonly siblings: readonly string[]
  readonly force: { readonly host: string | null; readonly node: string | null } | null
  readonly requested: { readonly host: string | null; readonly node: string | null } | null
  readonly publicKey: string | null
}

interface CreateData {
  /** The chosen host first, then alternates; empty until scheduled. */
  readonly hosts?: readonly Destination[]
  /** Which of `hosts` is being tried. */
  readonly at?: number
  /** Reason of the last failed try, for the message when all are used up. */
  readonly lastReason?: string
}

type CreateWork = Work<CreateArgs, CreateData>

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
  if (work.data.hosts !== undefined) return claimFirst(work, work.data.hosts)
  try {
    await scheduling.turn(async () => {
      await placeSiblings(work)
      if (work.data.hosts) await claimFirst(work, work.data.hosts)
    })
  } catch (error) {
    if (error instanceof Superseded) throw error
    tellTaskFailed(work, 'build_instances', error, 'error')
    // Only a scheduling failure leaves this event; a build that goes well never shows it.
    await work.event('conductor_schedule_and_build_instances', work.deps.conductorHost, () =>
      Promise.reject(error),
    )
  }
}

/** Chooses for every sibling that has no host yet and keeps the choice in each one's operation, in one transaction. */
async function placeSiblings(work: CreateWork): Promise<void> {
  const { args, deps, server } = work
  const mine = await siblingOperations(work)
  const own = mine.find(row => row.server_id === server.id)
  const known = own && readJson<CreateData>(own.data_json)
  if (known?.hosts !== undefined) return work.remember(known)
  const request = await requestFor(deps, server)
  const placed = await selectHosts(work as Work<unknown, unknown>, {
    ...request,
    servers: args.siblings,
    force: args.force,
    requested: args.requested,
    alternates: args.force || args.requested?.host ? 0 : limits.buildAttemptsMax - 1,
  })
  await deps.store.transaction<ComputeTables, void>(async tx => {
    for (const { server: id, host, node, providerId, alternates } of placed.placements) {
      const row = mine.find(candidate => candidate.server_id === id)
      if (!row || id === server.id) continue
      const data: CreateData = {
        ...readJson<CreateData>(row.data_json),
        hosts: [{ host, node, providerId }, ...alternates],
        at: 0,
      }
      await tx
        .updateTable('operations')
        .set({ data_json: JSON.stringify(data) })
        .where('id', '=', row.id)
        .execute()
      // Room is taken here for all of them, so that the next request sees it gone.
      await claim(tx, id, host, 'server', flavorOf(server))
    }
  })
  const first = placed.placements.find(placement => placement.server === server.id)!
  await work.remember({
    hosts: [{ host: first.host, node: first.node, providerId: first.providerId }, ...first.alternates],
    at: 0,
  })
}

const siblingOperations = (work: CreateWork) =>
  tables<ComputeTables>(work.deps.store)
    .selectFrom('operations')
    .select(['id', 'server_id', 'data_json'])
    .where('server_id', 'in', work.args.siblings as string[])
    .where('kind', '=', 'create')
    .where('state', 'in', ['accepted', 'running'])
    .execute()

async function claimFirst(work: CreateWork, hosts: readonly Destination[]): Promise<void> {
  const { server } = work
  const flavor = flavorOf(server)
  for (let at = work.data.at ?? 0; at < hosts.length; at += 1) {
    const destination = hosts[at]! // at < length
    if (!(await claimPlacement(work, destination, flavor))) continue
    await work.change(
      {
        host: destination.host,
        node: destination.node,
        availability_zone: await zoneOf(work, destination.host),
        task_state: null,
      },
      async tx => {
        await unclaim(tx, server.id)
        await claim(tx, server.id, destination.host, 'server', flavor)
      },
    )
    return work.remember({ at })
  }
  throw new ExplainedError('NoValidHost', 'No valid host was found. There are not enough hosts available.', {
    admin: `placement refused the claim on each of ${hosts.length} chosen hosts`,
    owner: `the room on each of ${hosts.length} chosen hosts was taken meanwhile`,
  })
}

const claimPlacement = (
  work: Work<unknown, unknown> | CreateWork,
  destination: Destination,
  flavor: FlavorSnapshot,
): Promise<boolean> =>
  work.deps.neighbours.placement.claim(
    work.behalf(),
    work.server.id,
    destination.providerId,
    amountsOf(flavor),
    {
      projectId: work.server.project_id,
      userId: work.server.user_id,
    },
  )

/** The availability zone of a host: its aggregate's, or Nova's default name. */
export async function zoneOf(
  work: Work<never, never> | CreateWork | Work<unknown, unknown>,
  host: string,
): Promise<string> {
  const rows = await tables<ComputeTables>(work.deps.store)
    .selectFrom('aggregate_hosts')
    .innerJoin('aggregates', 'aggregates.id', 'aggregate_hosts.aggregate_id')
    .select('aggregates.metadata_json')
    .where('aggregate_hosts.host', '=', host)
    .execute()
  const zones = rows.map(
    ({ metadata_json }) => readJson<Record<string, string>>(metadata_json).availability_zone,
  )
  return zones.find(zone => zone !== undefined) ?? defaultZone
}

async function build(work: CreateWork): Promise<void> {
  const hosts = work.data.hosts ?? []
  for (;;) {
    const at = work.data.at ?? 0
    const destination = hosts[at]
    if (!destination) throw exhausted(work)
    const failure = await tryOn(work, destination.host)
    if (failure === null) return
    await cleanUpAfter(work, destination.host, failure)
    if (isFinal(failure)) {
      const text = publicMessage(failure)
      throw new ExplainedError(
        'BuildAbortException',
        `Build of instance ${work.server.id} aborted: ${text}`,
        { admin: text, owner: text },
      )
    }
    if (hosts.length === 1) throw failure
    await work.remember({ at: at + 1, lastReason: publicMessage(failure) })
    if (at + 1 >= hosts.length) throw exhausted(work)
    await work.change({ task_state: 'scheduling', host: null, node: null })
    await scheduling.turn(() => claimFirst(work, hosts))
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof HostError ? abortsBuild.has(error.name) : isFault(error)

const exhausted = (work: CreateWork) => {
  const text = `Exhausted all hosts available for retrying build failures for instance ${work.server.id}.`
  const reason = `the last try failed: ${work.data.lastReason ?? 'its host had no room'}`
  return new ExplainedError('MaxRetriesExceeded', `Exceeded maximum number of retries. ${text}`, {
    admin: reason,
    owner: reason,
  })
}

/**
 * One try on one host, inside its event. A failure is answered, not thrown: upstream's build event ends with Success
 * whatever happens in it (facts: api-surface.md §5), and the reason stands in the fault.
 */
const tryOn = (work: CreateWork, host: string): Promise<unknown> =>
  work.event('compute__do_build_and_run_instance', host, async () => {
    try {
      await buildOn(work, host)
      return null
    } catch (error) {
      if (error instanceof Superseded) throw error
      work.hostLog(host).error('Instance failed to spawn', { server: work.server.id, error })
      return error
    }
  })

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
  await work.change({ task_state: 'spawning' })
  await work.onHost(host, 'spawn', {
    spec: machineSpec(work.server, work.args.publicKey),
    disk: null,
    powerOn: true,
  })
  const now = deps.clock.now()
  await work.change(
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

/** What a driver is told to build the server as its row says. */
export const machineSpec = (server: ServerRow, publicKey: string | null): MachineSpec => ({
  id: server.id,
  name: instanceName(server),
  hostname: server.hostname,
  flavor: flavorOf(server),
  image: imageOf(server),
  network: readJson(server.network_json),
  metadata: metadataOf(server),
  userData: server.user_data,
  configDrive: server.config_drive === 1,
  publicKey,
})

async function cleanUpAfter(work: CreateWork, host: string, failure: unknown): Promise<void> {
  const { deps, server } = work
  tell(work, 'create', 'error', host, { fault: failure })
  await ignoringLoss(work, () => work.onHost(host, 'destroy', null))
  await ignoringLoss(work, () => deps.neighbours.network.release(work.behalf(host), server.id))
  await ignoringLoss(work, () => deps.neighbours.placement.release(work.behalf(host), server.id))
  await work.transaction(async tx => {
    await unclaim(tx, server.id)
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
    work.log.warning('cleaning up after a failed build', { server: work.server.id, error })
  }
}

async function tearDown(work: CreateWork): Promise<void> {
  const { host, id } = work.server
  if (host !== null) await ignoringLoss(work, () => work.onHost(host, 'destroy', null))
  await ignoringLoss(work, () => work.deps.neighbours.network.release(work.behalf(), id))
}

async function letGo(work: CreateWork): Promise<void> {
  await ignoringLoss(work, () => work.deps.neighbours.placement.release(work.behalf(), work.server.id))
  await work.transaction(tx => unclaim(tx, work.server.id))
}
