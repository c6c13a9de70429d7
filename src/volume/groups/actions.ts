// POST /groups/{id}/action: delete a group, with its volumes where that is said, or free one that is stuck. Nothing is
// replicated here: what has to do with that is refused as upstream refuses it.
import { fault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import { type GroupStatus, groupAllowedFrom } from '../../model/volume-states.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { isTrue } from '../input.ts'
import type { DeleteArgs } from '../jobs.ts'
import { has } from '../negotiate.ts'
import type { Db, VolumeTransaction } from '../store.ts'
import { addJobs } from '../work.ts'
import { type Api, findGroup, lockGroup } from './access.ts'
import { removeGroup } from './follow.ts'
import { groupActionOf } from './schemas.ts'
import { groupSpecsOf } from './types.ts'

interface ActionBody {
  readonly delete?: { readonly 'delete-volumes'?: boolean | string }
  readonly reset_status?: { readonly status: GroupStatus }
}

const replicationRules = {
  enable_replication: 'group:enable_replication',
  disable_replication: 'group:disable_replication',
  failover_replication: 'group:failover_replication',
  list_replication_targets: 'group:list_replication_targets',
} as const satisfies Record<string, PolicyRule>

export async function actOnGroup(call: VolumeCall): Promise<Reply> {
  const name = groupActionOf(call.body)
  const body = call.body as ActionBody // as its schema says
  if (name === 'delete')
    return deleteGroup(call, isTrue(String(body.delete?.['delete-volumes'] ?? false)), 'groups')
  if (name === 'reset_status') {
    requireVersion(call, has(call, 'groupReset'))
    return resetGroup(call, body.reset_status!.status) // the action that was named
  }
  requireVersion(call, has(call, 'groupReplication'))
  return replicate(call, name)
}

/** What has to do with replication: refused for groups that are not of types for it, and there is none to change. */
async function replicate(call: VolumeCall, name: keyof typeof replicationRules): Promise<Reply> {
  const group = await findGroup(call, replicationRules[name], call.params.id!) // in the route's path
  const specs = (await groupSpecsOf(dbOf(call), [group.group_type_id])).get(group.group_type_id) ?? {}
  if (!replicatedSpecs.some(spec => specs[spec] === '<is> True'))
    throw fault('VolumeGroupTypeInvalid', {
      reason: `Group ${group.id} is not a replication group type.`,
    })
  await requireReplicatedTypes(dbOf(call), group.id)
  if (name === 'list_replication_targets') return json(200, { replication_targets: [] })
  if (name === 'enable_replication') throw fault('NotImplementedHere', { what: 'replication of groups' })
  const [valid, verb] =
    name === 'disable_replication'
      ? ["['enabled', 'error']", 'disable']
      : ["['enabled', 'failed-over']", 'failover']
  throw fault('VolumeGroupInvalid', {
    reason: `Group ${group.id} replication status must be ${valid}, but current status is: disabled. Cannot ${verb} replication.`,
  })
}

const replicatedSpecs = ['group_replication_enabled', 'consistent_group_replication_enabled'] as const

/** Every volume type of the group has to say that its volumes are replicated (_check_type upstream). */
async function requireReplicatedTypes(db: Db, groupId: string): Promise<void> {
  const plain = await db
    .selectFrom('volume_group_volume_types')
    .leftJoin('volume_type_specs', join =>
      join
        .onRef('volume_type_specs.type_id', '=', 'volume_group_volume_types.type_id')
        .on('volume_type_specs.name', '=', 'replication_enabled')
        .on('volume_type_specs.value', '=', '<is> True'),
    )
    .select('volume_group_volume_types.type_id')
    .where('group_id', '=', groupId)
    .where('volume_type_specs.name', 'is', null)
    .executeTakeFirst()
  if (plain)
    throw fault('VolumeTypeInvalid', {
      reason: `Volume type ${plain.type_id} does not have 'replication_enabled' spec key set to '<is> True'.`,
    })
}

function requireVersion(call: VolumeCall, isThere: boolean): void {
  if (!isThere) throw fault('VolumeRouteVersion', { version: call.version?.text ?? '' })
}

/** Of any status where its volumes go as well: upstream reads that as force. */
export async function deleteGroup(call: VolumeCall, isWithVolumes: boolean, api: Api): Promise<Reply> {
  const { id } = await findGroup(call, 'group:delete', call.params.id!, api) // in the route's path
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    const group = await lockGroup(tx, id)
    const allowed: readonly GroupStatus[] = groupAllowedFrom.delete
    if (!isWithVolumes && !allowed.includes(group.status))
      throw fault('VolumeGroupInvalid', {
        reason: `Group status must be available or error, but current status is: ${group.status}`,
      })
    const volumes = await holdVolumes(tx, id, isWithVolumes)
    if (volumes.length === 0) return removeGroup(tx, id)
    await tx
      .updateTable('volume_groups')
      .set({ status: 'deleting', updated_at: now })
      .where('id', '=', id)
      .execute()
    await tx
      .updateTable('volumes')
      .set({ status: 'deleting', previous_status: null, updated_at: now })
      .where('group_id', '=', id)
      .execute()
    const args: DeleteArgs = { snapshots: [] }
    await addJobs(
      tx,
      call,
      volumes
        .filter(({ status }) => status !== 'deleting')
        .map(volume => ({ kind: 'delete', subject: volume.id, args })),
    )
  })
  call.deps.work.wake()
  return empty(202)
}

/** The group's volumes, held, when all of them can go. */
async function holdVolumes(tx: Db, groupId: string, isWithVolumes: boolean) {
  const refuse = (reason: string) => fault('VolumeGroupInvalid', { reason })
  const whole = await tx
    .selectFrom('volume_group_snapshots')
    .select('id')
    .where('group_id', '=', groupId)
    .executeTakeFirst()
  if (whole) throw refuse('Group has existing snapshots.')
  const volumes = await tx
    .updateTable('volumes')
    .set(eb => ({ status: eb.ref('status') }))
    .where('group_id', '=', groupId)
    .returningAll()
    .execute()
  if (volumes.length === 0) return volumes
  if (!isWithVolumes)
    throw refuse(`Group ${groupId} still contains volumes. The delete-volumes flag is required to delete it.`)
  if (volumes.some(({ attach_status }) => attach_status === 'attached'))
    throw refuse(`Volume in group ${groupId} is attached. Need to detach first.`)
  const snapshot = await tx
    .selectFrom('volume_snapshots')
    .select('id')
    .where(
      'volume_id',
      'in',
      volumes.map(({ id }) => id),
    )
    .executeTakeFirst()
  if (snapshot) throw refuse('Volume in group still has dependent snapshots.')
  return volumes
}

async function resetGroup(call: VolumeCall, status: GroupStatus): Promise<Reply> {
  const { id } = await findGroup(call, 'group:reset_status', call.params.id!) // in the route's path
  const change = { status, updated_at: call.deps.clock.now() }
  await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.updateTable('volume_groups').set(change).where('id', '=', id).execute(),
  )
  return empty(202)
}
