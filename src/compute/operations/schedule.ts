// Asking the scheduler from an operation: gathers the snapshot, says in the log what nova-scheduler would say, and
// turns "no host" into an error that carries Nova's words and ours.
import { readJson } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import type { GroupPolicy } from '../../model/server-groups.ts'
import { tables } from '../../platform/store/store.ts'
import type { ComputeSettings } from '../deps.ts'
import { type ExplainedError, explained } from '../errors.ts'
import { explain } from '../scheduler/explain.ts'
import { select } from '../scheduler/select.ts'
import type { Destination, NoHost, Placed } from '../scheduler/selection.ts'
import { defaultSettings, type GroupAsk, type Request, type Settings } from '../scheduler/snapshot.ts'
import { nextRecord, recordsOf, type SchedulingRecord } from '../scheduling-record.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import { addSchedulings } from '../store/schedulings.ts'
import { flavorOf, hintsOf, imageOf, isVolumeBacked, type ServerRow } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { gatherHosts } from './gather-hosts.ts'
import { tellScheduling } from './tell.ts'
import type { AnyWork } from './work.ts'
import type { WorkDeps } from './work-deps.ts'

/** The scheduler's request for a server as it is; callers change what their operation needs. */
export async function requestFor(
  deps: Pick<WorkDeps, 'store'>,
  server: ServerRow,
  flavor: FlavorSnapshot = flavorOf(server),
): Promise<Request> {
  const hints = hintsOf(server)
  const image = imageOf(server)
  return {
    servers: [server.id],
    projectId: server.project_id,
    flavor,
    bootsFromVolume: isVolumeBacked(server),
    image: { id: image.id, properties: image.properties },
    zone: server.pinned_zone,
    force: null,
    requested: null,
    ignore: [],
    group: server.group_id === null ? null : await groupAsk(deps, server.group_id, server.id),
    sameHost: await hinted(deps, hints.same_host),
    differentHost: await hinted(deps, hints.different_host),
    currentHost: server.host,
    isRebuild: false,
    alternates: 0,
  }
}

async function groupAsk(
  deps: Pick<WorkDeps, 'store'>,
  groupId: string,
  except: string,
): Promise<GroupAsk | null> {
  const db = tables<ComputeTables>(deps.store)
  const group = await db
    .selectFrom('server_groups')
    .selectAll()
    .where('id', '=', groupId)
    .where('deleted', '=', 0)
    .executeTakeFirst()
  if (!group) return null
  const members = await db
    .selectFrom('servers')
    .select(['host', eb => eb.fn.countAll<number>().as('count')])
    .where('group_id', '=', groupId)
    .where('deleted', '=', 0)
    .where('id', '!=', except)
    .where('host', 'is not', null)
    .groupBy('host')
    .execute()
  const rules = readJson<{ max_server_per_host?: number }>(group.rules_json)
  return {
    id: groupId,
    policy: group.policy as GroupPolicy, // the API takes only these
    serversPerHostMax: rules.max_server_per_host ?? 1,
    membersByHost: new Map(members.map(({ host, count }) => [host!, Number(count)])), // host is not null, by the query
  }
}

async function hinted(deps: Pick<WorkDeps, 'store'>, hint: unknown): Promise<Request['sameHost']> {
  const ids = (Array.isArray(hint) ? hint : hint === undefined ? [] : [hint]).map(String)
  if (ids.length === 0) return []
  const rows = await tables<ComputeTables>(deps.store)
    .selectFrom('servers')
    .select(['id', 'host'])
    .where('id', 'in', ids)
    .where('deleted', '=', 0)
    .execute()
  return ids.map(id => ({ id, host: rows.find(row => row.id === id)?.host ?? null }))
}

export const schedulerSettings = ({ filters }: ComputeSettings): Settings =>
  filters === undefined ? defaultSettings : { ...defaultSettings, filters }

interface SelectOptions {
  /** Replaces the scheduler's own words. */
  readonly novaReason?: string
  /** The actions the outcome is kept under, by server; the operation's own when only its server is placed. */
  readonly actions?: ReadonlyMap<string, string | null>
}

/** Hosts for the request; throws NoValidHost with every host accounted for. What was found is kept either way. */
export async function selectHosts(
  work: AnyWork,
  request: Request,
  { novaReason, actions = new Map([[work.server.id, work.actionId]]) }: SelectOptions = {},
): Promise<Placed> {
  const { deps } = work
  const log = deps.logs.scheduler.under(work.context).named('nova.filters')
  tellScheduling(work, 'start', request)
  await work.failIfAsked('select_destinations')
  const hosts = await gatherHosts(deps, work.behalf(), request)
  const selection = select(hosts, request, schedulerSettings(deps.settings), deps.random)
  keep(
    work,
    recordsOf(selection, request.servers),
    request.servers.map(server => actions.get(server) ?? null),
  )
  if (selection.kind === 'placed') {
    log.debug(`Placed ${selection.placements.map(({ server, host }) => `${server} on ${host}`).join(', ')}`)
    tellScheduling(work, 'end', request)
    return selection
  }
  const counts = selection.counts.filter(({ stage }) => stage === 'filter')
  if (selection.reason === 'NoCandidates')
    log
      .named('nova.scheduler.manager')
      .info(
        'Got no allocation candidates from the Placement API. This could be due to insufficient resources or a temporary occurrence as compute nodes start up.',
      )
  else
    log.info(
      `Filtering removed all hosts for the request with instance ID '${request.servers[0]}'. Filter results: [${counts.map(({ filter, start, end }) => `'${filter}: (start: ${start}, end: ${end})'`).join(', ')}]`,
    )
  log
    .named('faultline.scheduler')
    .info(explain(selection, { showHosts: true }), { server: request.servers[0] })
  throw noValidHost(selection, novaReason)
}

/** Another of the hosts that were chosen is taken; `text` says what is wrong with those before it. */
export function keepNext(work: AnyWork, hosts: readonly Destination[], at: number, text: string): void {
  keep(work, [nextRecord(hosts, at, text)], [work.actionId])
}

function keep(
  work: AnyWork,
  records: readonly SchedulingRecord[],
  actionIds: readonly (string | null)[],
): void {
  const byAction = new Map<string, SchedulingRecord>()
  for (const [index, actionId] of actionIds.entries())
    if (actionId !== null) byAction.set(actionId, records[index]!) // a record for each
  const now = work.deps.clock.now()
  work.withNext(tx => addSchedulings(tx, byAction, now))
}

export function noValidHost(
  selection: NoHost,
  novaReason: string = selection.upstreamReason,
): ExplainedError {
  const { message } = fault('NoValidHost', { reason: novaReason })
  // Room for both: Nova's words come first in details, and all of it is cut to 255 bytes.
  const bytesMax = limits.faultMessageBytesMax - Buffer.byteLength(message) - 2
  return explained(
    'NoValidHost',
    { reason: novaReason },
    {
      admin: explain(selection, { showHosts: true, maxBytes: bytesMax }),
      owner: explain(selection, { showHosts: false, maxBytes: bytesMax }),
    },
  )
}
