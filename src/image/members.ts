// The projects a shared image is offered to. The owner offers and withdraws; each project answers for itself. The
// owner sees all members, a member only itself.
import { isObject } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { findImage } from './access.ts'
import type { ImageDeps } from './deps.ts'
import type { Image } from './image.ts'
import { type ImageTransaction, listMemberRows, lockImage, readMember } from './store.ts'
import { type ImageMemberRow, type ImageTables, type MemberStatus, memberStatuses } from './tables.ts'
import { membersView, memberView } from './views.ts'

export async function listMembers(call: Call<ImageDeps>): Promise<Reply> {
  const image = await findImage(call, call.params.image_id!, 'ImageUnknownHere')
  if (image.visibility !== 'shared') throw fault('ImageMembersNotShared', { image: image.id })
  call.enforce('image:get_members')
  const only = seesAll(call, image) ? undefined : call.auth.project?.id
  return json(200, membersView(await listMemberRows(tables<ImageTables>(call.deps.store), image.id, only)))
}

export async function showMember(call: Call<ImageDeps>): Promise<Reply> {
  const image = await findImage(call, call.params.image_id!, 'ImageUnknownHere')
  if (image.visibility !== 'shared') throw fault('ImageMemberHidden')
  return json(200, memberView(await findMember(call, image)))
}

export async function createMember(call: Call<ImageDeps>): Promise<Reply> {
  const memberId = readMemberId(call.body)
  const image = await findSharedImage(call, 'create')
  if (!call.allows('image:add_member', { projectId: image.owner })) throw forbidden('create', image)
  const { store, clock } = call.deps
  const now = clock.now()
  const member: ImageMemberRow = {
    image_id: image.id,
    member_id: memberId,
    status: 'pending',
    created_at: now,
    updated_at: now,
  }
  await store.accept(async (tx: ImageTransaction) => {
    if (!(await lockImage(tx, image.id))) throw fault('ImageUnknownHere', { image: image.id })
    const known = await listMemberRows(tx, image.id)
    if (known.some(other => other.member_id === memberId))
      throw fault('ImageMemberTaken', { member: memberId, image: image.id })
    if (known.length >= limits.imageMembersMax)
      throw fault('ImageMembersTooMany', {
        image: image.id,
        attempted: known.length + 1,
        maximum: limits.imageMembersMax,
      })
    await tx.insertInto('image_members').values(member).execute()
  })
  return json(200, memberView(member))
}

export async function updateMember(call: Call<ImageDeps>): Promise<Reply> {
  const status = readStatus(call.body)
  const image = await findSharedImage(call, 'update')
  // The owner cannot accept in the member's name.
  if (!call.auth.isAdmin && image.owner === call.auth.project?.id) throw forbidden('update', image)
  const member = await findMember(call, image)
  if (!call.allows('image:modify_member', { projectId: member.member_id })) throw forbidden('update', image)
  const row = await call.deps.store.accept((tx: ImageTransaction) =>
    tx
      .updateTable('image_members')
      .set({ status: readKnownStatus(status), updated_at: call.deps.clock.now() })
      .where('image_id', '=', image.id)
      .where('member_id', '=', member.member_id)
      .returningAll()
      .executeTakeFirst(),
  )
  if (!row) throw fault('ImageMemberUnknown', { member: member.member_id, image: image.id })
  return json(200, memberView(row))
}

export async function deleteMember(call: Call<ImageDeps>): Promise<Reply> {
  const image = await findSharedImage(call, 'delete')
  if (!call.allows('image:delete_member', { projectId: image.owner })) throw forbidden('delete', image)
  const member = await findMember(call, image)
  await call.deps.store.accept((tx: ImageTransaction) =>
    tx
      .deleteFrom('image_members')
      .where('image_id', '=', image.id)
      .where('member_id', '=', member.member_id)
      .execute(),
  )
  return empty(204)
}

type MemberAction = 'create' | 'update' | 'delete'

const forbidden = (action: MemberAction, image: Image) =>
  fault('ImageMembersForbidden', { action, image: image.id })

async function findSharedImage(call: Call<ImageDeps>, action: MemberAction): Promise<Image> {
  const image = await findImage(call, call.params.image_id!, 'ImageUnknownHere')
  if (image.visibility !== 'shared') throw forbidden(action, image)
  return image
}

const seesAll = (call: Call<ImageDeps>, image: Image): boolean =>
  call.auth.isAdmin || image.owner === call.auth.project?.id

async function findMember(call: Call<ImageDeps>, image: Image): Promise<ImageMemberRow> {
  const memberId = call.params.member_id!
  const isVisible = seesAll(call, image) || memberId === call.auth.project?.id
  const member =
    isVisible && !memberId.includes('\0')
      ? await readMember(tables<ImageTables>(call.deps.store), image.id, memberId)
      : undefined
  if (!member) throw fault('ImageMemberUnknown', { member: memberId, image: image.id })
  return member
}

function readMemberId(body: unknown): string {
  if (body === undefined) throw fault('ImageBodyMissing')
  if (!isObject(body)) throw fault('ImageMemberForm')
  const { member } = body
  if (member === undefined) throw fault('ImageMemberUnspecified')
  if (member === '' || member === null || member === 0 || member === false) throw fault('ImageMemberEmpty')
  if (typeof member !== 'string') throw fault('ImageMemberForm')
  if (member.length > 255)
    throw fault('ImageInvalid', { schema: 'member', reason: `'${member}' is too long` })
  return member
}

function readStatus(body: unknown): unknown {
  if (body === undefined) throw fault('ImageBodyMissing')
  if (!isObject(body)) throw fault('ImageMemberStatusForm')
  if (body.status === undefined) throw fault('ImageMemberStatusUnspecified')
  return body.status
}

function readKnownStatus(status: unknown): MemberStatus {
  const known = memberStatuses.find(one => one === status)
  if (known === undefined) throw fault('ImageMemberStatusInvalid')
  return known
}
