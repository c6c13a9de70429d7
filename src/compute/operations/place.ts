// Hosts for the servers of one request: for all of them at once, or for none.

import { readJson } from '../../base/json.ts'
import { limits } from '../../model/limits.ts'
import { tables } from '../../platform/store/store.ts'
import type { Destination, Placed } from '../scheduler/selection.ts'
import type { InjectedFile } from '../snapshots.ts'
import { claim } from '../store/claims.ts'
import { flavorOf } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { claimPlacement, roomWasTaken } from './claiming.ts'
import { errorOf, type FailureRecord, recordOf } from './failure-record.ts'
import { isInterruption } from './operation.ts'
import { requestFor, selectHosts } from './schedule.ts'
import type { Work } from './work.ts'

export interface CreateArgs {
  /** Servers of the same request, this one among them; placed together or not at all. */
  readonly siblings: readonly string[]
  readonly force: { readonly host: string | null; readonly node: string | null } | null
  readonly requested: { readonly host: string | null; readonly node: string | null } | null
  readonly publicKey: string | null
  readonly files: readonly InjectedFile[]
}

export interface CreateData {
  /** The chosen host first, then alternates; empty until scheduled. */
  readonly hosts?: readonly Destination[]
  /** Which of `hosts` is being tried. */
  readonly at?: number
  /** Reason of the last failed try, for the message when all are used up. */
  readonly lastReason?: string
  /** Ids of volumes that are made for it, by disk: chosen before they are made. */
  readonly volumes?: Readonly<Record<string, string>>
  /** A sibling found that there is no room for all of them. */
  readonly refused?: FailureRecord
}

export type CreateWork = Work<CreateArgs, CreateData>

/** A chosen host that is claimed in placement: `hosts[at]`. */
interface Claimed {
  readonly server: string
  readonly hosts: readonly Destination[]
  readonly at: number
}

/**
 * Chooses and claims for every server of the request that waits for it, and keeps the outcome, whichever it is, in each
 * one's operation in one transaction. Whoever comes first does it for all. Throws NoValidHost.
 */
export async function placeSiblings(work: CreateWork): Promise<void> {
  const { deps, server } = work
  const rows = await siblingOperations(work)
  const own = rows.find(row => row.server_id === server.id)
  const known: CreateData = own ? readJson(own.data_json) : {}
  if (known.refused) throw errorOf(known.refused)
  if (known.hosts) return work.remember(known)
  const waiting = rows.filter(row => readJson<CreateData>(row.data_json).hosts === undefined)
  const keep = (outcomes: ReadonlyMap<string, CreateData>) =>
    work.remember(outcomes.get(server.id) ?? {}, async tx => {
      for (const row of waiting) {
        const data = outcomes.get(row.server_id)
        if (data === undefined || row.server_id === server.id) continue
        await tx
          .updateTable('operations')
          .set({ data_json: JSON.stringify({ ...readJson<CreateData>(row.data_json), ...data }) })
          .where('id', '=', row.id)
          .execute()
      }
      // Room is taken here for all of them, so that the next request sees it gone.
      for (const [id, { hosts, at }] of outcomes)
        if (hosts) await claim(tx, { ...server, id }, hosts[at ?? 0]!.host, 'server', flavorOf(server)) // `at` is below their length
    })
  let placed: readonly Claimed[]
  try {
    placed = await choose(work, new Map(waiting.map(row => [row.server_id, row.action_id])))
  } catch (error) {
    if (isInterruption(error)) throw error
    const refused = recordOf(error)
    await keep(new Map(waiting.map(row => [row.server_id, { refused }])))
    throw error
  }
  await keep(new Map(placed.map(({ server: id, hosts, at }) => [id, { hosts, at }])))
  deps.logs.scheduler
    .under(work.context)
    .debug(`Claimed ${placed.map(({ server: id, hosts, at }) => `${hosts[at]?.host} for ${id}`).join(', ')}`)
}

const siblingOperations = ({ deps, args }: CreateWork) =>
  tables<ComputeTables>(deps.store)
    .selectFrom('operations')
    .select(['id', 'server_id', 'action_id', 'data_json'])
    .where('server_id', 'in', args.siblings as string[])
    .where('kind', '=', 'create')
    .where('state', 'in', ['accepted', 'running'])
    .orderBy('seq')
    .execute()

/** `actions`: of every server to be placed, by the server's id. */
async function choose(
  work: CreateWork,
  actions: ReadonlyMap<string, string | null>,
): Promise<readonly Claimed[]> {
  const { args, deps, server } = work
  const request = {
    ...(await requestFor(deps, server)),
    servers: [...actions.keys()],
    force: args.force,
    requested: args.requested,
    alternates: args.force || args.requested?.host ? 0 : limits.buildAttemptsMax - 1,
  }
  const { placements } = await selectHosts(work, request, { actions })
  const claimed: Claimed[] = []
  for (const placement of placements) {
    const mine = await claimOne(work, placement)
    if (mine === null) {
      await giveBack(work, claimed)
      throw roomWasTaken(1 + placement.alternates.length)
    }
    claimed.push(mine)
  }
  return claimed
}

async function claimOne(work: CreateWork, placement: Placed['placements'][number]): Promise<Claimed | null> {
  const { server: id, host, node, providerId, alternates } = placement
  const hosts = [{ host, node, providerId }, ...alternates]
  for (const [at, destination] of hosts.entries())
    if (await claimPlacement(work, { ...work.server, id }, destination)) return { server: id, hosts, at }
  return null
}

async function giveBack(work: CreateWork, claimed: readonly Claimed[]): Promise<void> {
  for (const { server: id } of claimed) await work.deps.neighbours.placement.release(work.behalf(), id)
}
