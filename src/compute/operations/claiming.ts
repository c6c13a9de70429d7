// Taking room on a chosen host in placement, and what is said when it was taken meanwhile.
import { readJson } from '../../base/json.ts'
import { tables } from '../../platform/store/store.ts'
import { type ExplainedError, explained } from '../errors.ts'
import type { Destination } from '../scheduler/selection.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import { defaultZone } from '../store/aggregates.ts'
import { amountsOf } from '../store/claims.ts'
import { flavorOf, type ServerRow } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import type { AnyWork } from './work.ts'
import type { WorkDeps } from './work-deps.ts'

/** Claims a host for a server in placement, in place of what the server had; false when there is no room. */
export const claimPlacement = (
  work: AnyWork,
  server: ServerRow,
  destination: Destination,
  flavor: FlavorSnapshot = flavorOf(server),
): Promise<boolean> =>
  work.deps.neighbours.placement.claim(
    work.behalf(),
    server.id,
    destination.providerId,
    amountsOf(server, flavor),
    {
      projectId: server.project_id,
      userId: server.user_id,
    },
  )

/** Placement refused what the scheduler had chosen: somebody else was there first. */
export const roomWasTaken = (
  hosts: number,
  novaReason = 'There are not enough hosts available.',
): ExplainedError =>
  explained(
    'NoValidHost',
    { reason: novaReason },
    {
      admin: `placement refused the claim on each of ${hosts} chosen hosts`,
      owner: `the room on each of ${hosts} chosen hosts was taken meanwhile`,
    },
  )

/** Every host there was to try has been tried. */
export function hostsExhausted(serverId: string, lastReason: string | undefined): ExplainedError {
  const exhausted = `Exhausted all hosts available for retrying build failures for instance ${serverId}.`
  const reason = `the last try failed: ${lastReason ?? 'its host had no room'}`
  return explained('MaxRetriesExceeded', { reason: exhausted }, { admin: reason, owner: reason })
}

/** The availability zone of a host: its aggregate's, or Nova's default name. */
export async function zoneOf({ store }: WorkDeps, host: string): Promise<string> {
  const rows = await tables<ComputeTables>(store)
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

/** A host that was named, as a destination: the scheduler is not asked. */
export async function nodeOf({ store }: Pick<WorkDeps, 'store'>, host: string): Promise<Destination> {
  const { node, uuid } = await tables<ComputeTables>(store)
    .selectFrom('compute_nodes')
    .select(['node', 'uuid'])
    .where('host', '=', host)
    .executeTakeFirstOrThrow()
  return { host, node, providerId: uuid }
}

/** A host that was forced has no room. */
export function noRoomOn(serverId: string, host: string): ExplainedError {
  const text = (where: string) =>
    `Unable to move instance ${serverId} to ${where}. There is not enough capacity on the host for the instance.`
  const reason = text(`host ${host}`)
  const owner = text('the host')
  return explained(
    'NoValidHost',
    { reason },
    { admin: reason, owner, ownerMessage: `No valid host was found. ${owner}` },
  )
}
