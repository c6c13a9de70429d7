// Groups, and who is in them.
import { newHexId } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { refusing } from './faults.ts'
import { page, pageReply } from './listing.ts'
import { bodyOf, groupCreate, groupUpdate } from './schemas.ts'
import {
  callersDomainId,
  checkSameDomain,
  checkSameId,
  dbOf,
  extraText,
  findGroup,
  findUser,
} from './store.ts'
import type { Tx } from './tables.ts'
import { groupView, userView } from './views.ts'

const known = ['name', 'domain_id', 'description']

const duplicate = (name: string, domainId: string) => () =>
  fault('IdentityConflict', {
    resource: 'group',
    details: `Duplicate entry found with name ${name} at domain ID ${domainId}`,
  })

export async function listGroups(call: Call<IdentityDeps>): Promise<Reply> {
  const query = dbOf(call).selectFrom('identity_groups').selectAll()
  const rows = await page(call, query, 'identity_groups', { name: 'text', domain_id: 'text' })
  return pageReply(call, 'groups', rows, groupView)
}

export async function showGroup(call: Call<IdentityDeps>): Promise<Reply> {
  return json(200, { group: groupView(await findGroup(dbOf(call), call.params.id!), call.request.origin) })
}

export async function createGroup(call: Call<IdentityDeps>): Promise<Reply> {
  const { group } = bodyOf(groupCreate, call)
  const row = {
    id: newHexId(),
    name: group.name.trim(),
    domain_id: group.domain_id ?? callersDomainId(call),
    description: group.description ?? '',
    extra: extraText(group, known),
  }
  await refusing(
    call.deps.store.accept((tx: Tx) => tx.insertInto('identity_groups').values(row).execute()),
    {
      unique: duplicate(row.name, row.domain_id),
      foreign: () => fault('IdentityDomainNotFound', { id: row.domain_id }),
    },
  )
  return json(201, { group: groupView(row, call.request.origin) })
}

export async function updateGroup(call: Call<IdentityDeps>): Promise<Reply> {
  const { group } = bodyOf(groupUpdate, call)
  const id = call.params.id!
  checkSameId(group.id, id)
  const before = await findGroup(dbOf(call), id)
  checkSameDomain(group.domain_id, before.domain_id)
  const row = await refusing(
    call.deps.store.accept((tx: Tx) =>
      tx
        .updateTable('identity_groups')
        .set({
          name: group.name?.trim(),
          description: group.description ?? undefined,
          extra: extraText(group, known, before.extra),
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    ),
    { unique: duplicate(group.name ?? '', before.domain_id) },
  )
  if (!row) throw fault('IdentityGroupNotFound', { id })
  return json(200, { group: groupView(row, call.request.origin) })
}

export async function deleteGroup(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  await call.deps.store.accept(async (tx: Tx) => {
    await findGroup(tx, id)
    await tx
      .deleteFrom('identity_assignments')
      .where('actor_type', '=', 'group')
      .where('actor_id', '=', id)
      .execute()
    await tx.deleteFrom('identity_groups').where('id', '=', id).execute()
  })
  call.deps.onRevoke()
  return empty(204)
}

export async function listGroupUsers(call: Call<IdentityDeps>): Promise<Reply> {
  const group = await findGroup(dbOf(call), call.params.id!)
  const query = dbOf(call)
    .selectFrom('identity_users as u')
    .innerJoin('identity_memberships as m', 'm.user_id', 'u.id')
    .selectAll('u')
    .where('m.group_id', '=', group.id)
  return pageReply(call, 'users', await page(call, query, 'u', { name: 'text' }), userView)
}

export async function listUserGroups(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  call.enforce('identity:list_groups_for_user', { userId: id })
  const user = await findUser(dbOf(call), id)
  const query = dbOf(call)
    .selectFrom('identity_groups as g')
    .innerJoin('identity_memberships as m', 'm.group_id', 'g.id')
    .selectAll('g')
    .where('m.user_id', '=', user.id)
  return pageReply(call, 'groups', await page(call, query, 'g', { name: 'text' }), groupView)
}

export async function checkMembership(call: Call<IdentityDeps>): Promise<Reply> {
  const { id: groupId, user_id: userId } = call.params
  call.enforce('identity:check_user_in_group', { userId: userId! })
  await findUser(dbOf(call), userId!)
  await findGroup(dbOf(call), groupId!)
  const member = await dbOf(call)
    .selectFrom('identity_memberships')
    .select('user_id')
    .where('group_id', '=', groupId!)
    .where('user_id', '=', userId!)
    .executeTakeFirst()
  if (!member) throw fault('IdentityMembershipNotFound', { user: userId, group: groupId })
  return empty(204)
}

export async function addMember(call: Call<IdentityDeps>): Promise<Reply> {
  const { id: groupId, user_id: userId } = call.params
  await call.deps.store.accept(async (tx: Tx) => {
    await findUser(tx, userId!)
    await findGroup(tx, groupId!)
    await tx
      .insertInto('identity_memberships')
      .values({ group_id: groupId!, user_id: userId! })
      .onConflict(conflict => conflict.doNothing())
      .execute()
  })
  call.deps.onRevoke()
  return empty(204)
}

export async function removeMember(call: Call<IdentityDeps>): Promise<Reply> {
  const { id: groupId, user_id: userId } = call.params
  await call.deps.store.accept(async (tx: Tx) => {
    await findUser(tx, userId!)
    await findGroup(tx, groupId!)
    const { numDeletedRows } = await tx
      .deleteFrom('identity_memberships')
      .where('group_id', '=', groupId!)
      .where('user_id', '=', userId!)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw fault('IdentityMembershipNotFound', { user: userId, group: groupId })
  })
  call.deps.onRevoke()
  return empty(204)
}
