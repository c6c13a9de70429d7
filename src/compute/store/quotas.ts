// Limits and what is used of them. Precedence: a user's own limit in a project, the project's, the default class's,
// Nova's default. Usage is counted, not kept: servers that are not deleted (soft-deleted ones do not count).
import type { Kysely, Transaction } from 'kysely'
import { readJson } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import { type QuotaLimits, type QuotaResource, quotaDefaults } from '../../model/quotas.ts'
import type { FlavorSnapshot } from '../snapshots.ts'
import type { ComputeTables } from '../tables.ts'
import { takeTurn } from './locks.ts'

type Db = Kysely<ComputeTables>
type Tx = Transaction<ComputeTables>

/** Whose quota: the project's, and the user's within it. */
export interface QuotaOwner {
  readonly projectId: string
  readonly userId: string
}

/** Servers and what they take; ram in MB. */
export interface ServerUsage {
  readonly instances: number
  readonly cores: number
  readonly ram: number
}

const serverResources = ['instances', 'cores', 'ram'] as const
type ServerResource = (typeof serverResources)[number]

/** Nova's defaults with the class `default` over them. */
export async function defaultLimits(db: Db, className = 'default'): Promise<QuotaLimits> {
  const rows = await db
    .selectFrom('quota_classes')
    .select(['resource', 'hard_limit'])
    .where('class_name', '=', className)
    .execute()
  return overlay(quotaDefaults, rows)
}

const overlay = (
  limits: QuotaLimits,
  rows: readonly { readonly resource: string; readonly hard_limit: number }[],
): QuotaLimits => ({
  ...limits,
  ...Object.fromEntries(rows.map(row => [row.resource, row.hard_limit])),
})

export interface OwnerLimits {
  readonly project: QuotaLimits
  /** The project's limits with the user's own over them. */
  readonly user: QuotaLimits
  readonly userHasOwn: boolean
}

/** The limits of a project, and of a user in it. */
export async function limitsOf(db: Db, projectId: string, userId?: string): Promise<OwnerLimits> {
  const rows = await db
    .selectFrom('quotas')
    .select(['user_id', 'resource', 'hard_limit'])
    .where('project_id', '=', projectId)
    .where('user_id', 'in', userId === undefined ? [''] : ['', userId])
    .execute()
  const project = overlay(
    await defaultLimits(db),
    rows.filter(row => row.user_id === ''),
  )
  const own = rows.filter(row => row.user_id !== '')
  return { project, user: overlay(project, own), userHasOwn: own.length > 0 }
}

/** What a project's servers take; with `userId` only that user's. */
export async function serverUsage(db: Db, projectId: string, userId?: string): Promise<ServerUsage> {
  let query = db
    .selectFrom('servers')
    .select(eb => ['flavor_json', eb.fn.countAll<number>().as('count')])
    .where('project_id', '=', projectId)
    .where('deleted', '=', 0)
    .where('vm_state', '<>', 'soft-delete')
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  const rows = await query.groupBy('flavor_json').execute()
  const usage = { instances: 0, cores: 0, ram: 0 }
  for (const row of rows) {
    const count = Number(row.count)
    const flavor = readJson<FlavorSnapshot>(row.flavor_json)
    usage.instances += count
    usage.cores += count * flavor.vcpus
    usage.ram += count * flavor.memoryMb
  }
  return usage
}

/**
 * Refuses (403 TooManyInstances) what would go over a limit of the project or the user. `deltas` are what is added;
 * zero and less is never refused. `printed` replaces the requested number of instances in the message (`1-3`).
 * Until the transaction ends, other checks of the same project wait.
 */
export async function checkQuota(
  tx: Tx,
  owner: QuotaOwner,
  deltas: Partial<ServerUsage>,
  printed?: string,
): Promise<void> {
  const state = await quotaState(tx, owner)
  const over = overLimits(state, deltas)
  if (over.length > 0) throw tooMany(state, deltas, over, printed)
}

/**
 * How many servers of a flavor may be made: `max`, or fewer, never fewer than `min`.
 * Refuses (403 TooManyInstances) when not even `min` fit.
 */
export async function allowedCount(
  tx: Tx,
  owner: QuotaOwner,
  flavor: { readonly vcpus: number; readonly memoryMb: number },
  { min, max }: { readonly min: number; readonly max: number },
): Promise<number> {
  const of = (count: number): ServerUsage => ({
    instances: count,
    cores: count * flavor.vcpus,
    ram: count * flavor.memoryMb,
  })
  const state = await quotaState(tx, owner)
  const over = overLimits(state, of(max))
  if (over.length === 0) return max
  const room = Math.min(...serverResources.map(name => roomFor(state, name, of(1)[name])))
  if (room >= min) return room
  throw tooMany(state, of(max), over, min === max ? undefined : `${min}-${max}`)
}

interface QuotaState {
  readonly limits: OwnerLimits
  readonly project: ServerUsage
  readonly user: ServerUsage
}

const nothing: ServerUsage = { instances: 0, cores: 0, ram: 0 }

async function quotaState(tx: Tx, owner: QuotaOwner): Promise<QuotaState> {
  const limits = await limitsOf(tx, owner.projectId, owner.userId)
  const limited = (of: QuotaLimits) => serverResources.some(name => of[name] >= 0)
  // Nothing is counted, and nobody waits, where nothing is limited.
  if (!limited(limits.project) && !limited(limits.user)) return { limits, project: nothing, user: nothing }
  await takeTurn(tx, `quota ${owner.projectId}`)
  const project = await serverUsage(tx, owner.projectId)
  const user = limits.userHasOwn ? await serverUsage(tx, owner.projectId, owner.userId) : project
  return { limits, project, user }
}

const isOver = (limit: number, used: number, delta: number) => limit >= 0 && delta > 0 && used + delta > limit

const overLimits = (state: QuotaState, deltas: Partial<ServerUsage>): readonly ServerResource[] =>
  serverResources
    .filter(name => {
      const delta = deltas[name] ?? 0
      return (
        isOver(state.limits.project[name], state.project[name], delta) ||
        isOver(state.limits.user[name], state.user[name], delta)
      )
    })
    .sort()

function roomFor(state: QuotaState, name: ServerResource, each: number): number {
  if (each <= 0) return Number.POSITIVE_INFINITY
  const left = (limit: number, used: number) =>
    limit < 0 ? Number.POSITIVE_INFINITY : Math.floor((limit - used) / each)
  return Math.min(
    left(state.limits.project[name], state.project[name]),
    left(state.limits.user[name], state.user[name]),
  )
}

// nova/compute/utils.py, get_over_quota_detail: lists in the order of the sorted resource names.
function tooMany(
  state: QuotaState,
  deltas: Partial<ServerUsage>,
  over: readonly ServerResource[],
  printed: string | undefined,
) {
  const byUser = state.limits.userHasOwn
  const limits = byUser ? state.limits.user : state.limits.project
  const used = byUser ? state.user : state.project
  const requested = over.map(name => (name === 'instances' && printed ? printed : String(deltas[name] ?? 0)))
  return fault('TooManyInstances', {
    overs: over.join(', '),
    requested: requested.join(', '),
    used: over.map(name => used[name]).join(', '),
    allowed: over.map(name => limits[name]).join(', '),
    over,
    needs: Object.fromEntries(
      over.map(name => [name, { requested: deltas[name] ?? 0, used: used[name], limit: limits[name] }]),
    ),
  })
}

/** Refuses (403) more metadata items on one server than its project may have. */
export async function checkMetadataQuota(db: Db, owner: QuotaOwner, items: number): Promise<void> {
  const limit = (await limitsOf(db, owner.projectId, owner.userId)).user.metadata_items
  if (limit >= 0 && items > limit) throw fault('TooMuchMetadata', { limit })
}

/** Refuses (403) one key pair more than the user may have. `projectId` is where the limit is set. */
export async function checkKeypairQuota(
  tx: Tx,
  owner: QuotaOwner,
  keypairsOf: string = owner.userId,
): Promise<void> {
  const limit = (await limitsOf(tx, owner.projectId, owner.userId)).user.key_pairs
  if (limit < 0) return
  await takeTurn(tx, `quota ${keypairsOf}`)
  const { count } = await tx
    .selectFrom('keypairs')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('user_id', '=', keypairsOf)
    .executeTakeFirstOrThrow()
  if (Number(count) + 1 > limit) throw fault('TooManyKeypairs')
}

/** Server groups of a project, or of one user in it. */
export async function countServerGroups(db: Db, projectId: string, userId?: string): Promise<number> {
  let query = db
    .selectFrom('server_groups')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('project_id', '=', projectId)
    .where('deleted', '=', 0)
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  return Number((await query.executeTakeFirstOrThrow()).count)
}

/** Refuses (403) one server group more than the project or the user may have. */
export async function checkServerGroupQuota(tx: Tx, owner: QuotaOwner): Promise<void> {
  const limits = await limitsOf(tx, owner.projectId, owner.userId)
  await takeTurn(tx, `quota ${owner.projectId}`)
  const project = await countServerGroups(tx, owner.projectId)
  const user = limits.userHasOwn ? await countServerGroups(tx, owner.projectId, owner.userId) : project
  if (isOver(limits.project.server_groups, project, 1) || isOver(limits.user.server_groups, user, 1))
    throw fault('TooManyServerGroups')
}

/** Refuses (403) `adding` members more than the user may have in one group. */
export async function checkGroupMemberQuota(
  tx: Tx,
  owner: QuotaOwner,
  groupId: string,
  adding: number,
): Promise<void> {
  const limit = (await limitsOf(tx, owner.projectId, owner.userId)).user.server_group_members
  if (limit < 0) return
  await takeTurn(tx, `quota ${owner.projectId}`)
  const { count } = await tx
    .selectFrom('servers')
    .select(eb => eb.fn.countAll<number>().as('count'))
    .where('group_id', '=', groupId)
    .where('user_id', '=', owner.userId)
    .where('deleted', '=', 0)
    .executeTakeFirstOrThrow()
  if (Number(count) + adding > limit) throw fault('TooManyGroupMembers')
}

/** Sets limits of a project, or with a user id of that user in it. */
export async function writeLimits(
  tx: Tx,
  owner: QuotaOwner,
  limits: Partial<Record<QuotaResource, number>>,
): Promise<void> {
  const rows = Object.entries(limits).map(([resource, hard_limit]) => ({
    project_id: owner.projectId,
    user_id: owner.userId,
    resource,
    hard_limit,
  }))
  if (rows.length === 0) return
  await tx
    .insertInto('quotas')
    .values(rows)
    .onConflict(conflict =>
      conflict
        .columns(['project_id', 'user_id', 'resource'])
        .doUpdateSet(eb => ({ hard_limit: eb.ref('excluded.hard_limit') })),
    )
    .execute()
}

/** Back to the defaults: one user's limits, or all of a project's (its users' included). */
export async function clearLimits(tx: Tx, projectId: string, userId?: string): Promise<void> {
  let query = tx.deleteFrom('quotas').where('project_id', '=', projectId)
  if (userId !== undefined) query = query.where('user_id', '=', userId)
  await query.execute()
}

export async function writeClassLimits(
  tx: Tx,
  className: string,
  limits: Partial<Record<QuotaResource, number>>,
): Promise<void> {
  const rows = Object.entries(limits).map(([resource, hard_limit]) => ({
    class_name: className,
    resource,
    hard_limit,
  }))
  if (rows.length === 0) return
  await tx
    .insertInto('quota_classes')
    .values(rows)
    .onConflict(conflict =>
      conflict
        .columns(['class_name', 'resource'])
        .doUpdateSet(eb => ({ hard_limit: eb.ref('excluded.hard_limit') })),
    )
    .execute()
}
