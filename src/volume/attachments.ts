// The attachments API, by which compute attaches volumes (3.27 and later): reserve, connect, complete, take away
// (cinder/api/v3/attachments.py, cinder/volume/api.py).
import { newUuid } from '../base/ids.ts'
import { isObject, readJson } from '../base/json.ts'
import { isoMicros } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import { volumeAllowedFrom } from '../model/volume-states.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { dbOf, findVolume, listedProject, orList, type VolumeCall } from './access.ts'
import { type Connector, connectionOf } from './connection.ts'
import { isTrue } from './input.ts'
import { has } from './negotiate.ts'
import { collectionLinks, isAfter, readPage, readSorts, sortValue } from './paging.ts'
import { lockVolume, setVolume, type VolumeTransaction } from './store.ts'
import type { VolumeAttachmentRow, VolumeRow } from './tables.ts'

async function findAttachment(call: VolumeCall, rule: PolicyRule): Promise<VolumeAttachmentRow> {
  const id = call.params.attachment_id! // in the route's path
  const row = await dbOf(call)
    .selectFrom('volume_attachments')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row || !(call.auth.isAdmin || call.auth.project?.id === row.project_id)) throw unknown(id)
  call.enforce(rule, { projectId: row.project_id })
  return row
}

const unknown = (id: string) => fault('VolumeAttachmentNotFound', { filter: `attachment_id = ${id}` })

export const listAttachments = (call: VolumeCall): Promise<Reply> => list(call, false)
export const listAttachmentDetails = (call: VolumeCall): Promise<Reply> => list(call, true)

const filters = {
  volume_id: 'volume_id',
  instance_id: 'instance_uuid',
  attach_status: 'attach_status',
  status: 'attach_status',
} as const

async function list(call: VolumeCall, isDetailed: boolean): Promise<Reply> {
  call.enforce('volume:attachment_list')
  const { query } = call
  const page = readPage(query)
  const sorts = readSorts(query, ['attach_status', 'created_at', 'id'])
  let rows = dbOf(call).selectFrom('volume_attachments').selectAll()
  for (const name of Object.keys(filters) as (keyof typeof filters)[]) {
    const value = query.one(name)
    if (value !== undefined) rows = rows.where(filters[name], '=', value as never) // any text: an unknown status finds nothing
  }
  const project = listedProject(call, isTrue(query.one('all_tenants')))
  if (project !== null) rows = rows.where('project_id', '=', project)
  if (page.marker !== undefined) {
    const marker = await dbOf(call)
      .selectFrom('volume_attachments')
      .selectAll()
      .where('id', '=', page.marker)
      .executeTakeFirst()
    if (!marker) throw unknown(page.marker)
    rows = rows.where(isAfter('volume_attachments', sorts, { ...marker }))
  }
  for (const { key, direction } of sorts) rows = rows.orderBy(sortValue(key, 'volume_attachments'), direction)
  const found = page.limit === 0 ? [] : await rows.limit(page.limit).offset(page.offset).execute()
  return json(200, {
    attachments: found.map(isDetailed ? detailView : summaryView),
    ...collectionLinks(
      call,
      'attachments_links',
      isDetailed ? 'attachments/detail' : 'attachments',
      page,
      found,
    ),
  })
}

export const showAttachment = async (call: VolumeCall): Promise<Reply> =>
  json(200, { attachment: detailView(await findAttachment(call, 'volume:attachment_show')) })

interface CreateBody {
  readonly attachment: {
    readonly volume_uuid: string
    readonly instance_uuid?: string | null
    readonly connector?: Connector | null
    readonly mode?: 'rw' | 'ro' | null
  }
}

/** Reserves the volume for a server, and connects it at once where the connector is known already. */
export async function createAttachment(call: VolumeCall): Promise<Reply> {
  const { attachment: given } = call.body as CreateBody // as its schema says
  const volume = await findVolume(call, 'volume:attachment_create', given.volume_uuid)
  const instance = given.instance_uuid ?? null
  const asked = has(call, 'attachmentMode') ? given.mode : undefined
  const mode = volume.readonly === 1 ? 'ro' : (asked ?? 'rw')
  const now = call.deps.clock.now()
  const id = newUuid()
  const connected = given.connector ? connectedBy(call, volume, { id, mode, connector: given.connector }) : {}
  const row: VolumeAttachmentRow = {
    id,
    volume_id: volume.id,
    project_id: volume.project_id,
    instance_uuid: instance,
    attach_status: 'reserved',
    attach_mode: mode,
    attached_host: null,
    mountpoint: null,
    connector: null,
    connection_info: null,
    created_at: now,
    attached_at: null,
    ...connected,
  }
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await reserveFor(tx, volume.id, instance, now)
    await tx.insertInto('volume_attachments').values(row).execute()
    if (given.connector) await followAttachments(tx, volume.id, now)
  })
  return json(200, { attachment: detailView(row) })
}

/** cinder/volume/api.py, _attachment_reserve: a server may have one more attachment of a volume it has already. */
async function reserveFor(
  tx: VolumeTransaction,
  id: string,
  instance: string | null,
  now: number,
): Promise<void> {
  const volume = await lockVolume(tx, id)
  if (!volume) throw fault('VolumeNotFound', { volume: id })
  if (volume.status.startsWith('error'))
    throw fault('VolumeInvalid', {
      reason: `Volume attachments can not be created if the volume is in an error state. The Volume ${id} currently has a status of: ${volume.status} `,
    })
  const allowed: readonly string[] =
    volume.multiattach === 1 ? volumeAllowedFrom.attachmentCreateShared : volumeAllowedFrom.attachmentCreate
  if (allowed.includes(volume.status)) {
    await setVolume(tx, id, { status: 'reserved', updated_at: now })
    return
  }
  const isOwn =
    instance !== null &&
    ['in-use', 'reserved'].includes(volume.status) &&
    (await tx
      .selectFrom('volume_attachments')
      .select('id')
      .where('volume_id', '=', id)
      .where('instance_uuid', '=', instance)
      .executeTakeFirst())
  if (!isOwn)
    throw fault('VolumeInvalid', {
      reason: `Volume ${id} status must be ${orList(allowed)} to reserve, but the current status is ${volume.status}.`,
    })
}

const connectedBy = (
  call: VolumeCall,
  volume: Pick<VolumeRow, 'id' | 'readonly'>,
  { id, mode, connector }: { readonly id: string; readonly mode: string; readonly connector: Connector },
) => ({
  attach_status: 'attaching' as const,
  attach_mode: connector.mode ?? mode,
  attached_host: connector.host ?? null,
  mountpoint: connector.mountpoint ?? 'na',
  connector: JSON.stringify(connector),
  connection_info: JSON.stringify(connectionOf(volume, { attachmentId: id, mode })),
  attached_at: call.deps.clock.now(),
})

export async function updateAttachment(call: VolumeCall): Promise<Reply> {
  const attachment = await findAttachment(call, 'volume:attachment_update')
  const { connector } = (call.body as { readonly attachment: { readonly connector: Connector } }).attachment // its schema's
  const { id, volume_id: volumeId } = attachment
  const volume = await findVolume(call, 'volume:attachment_update', volumeId)
  if (volume.status.startsWith('error'))
    throw fault('VolumeInvalid', {
      reason: `Volume attachments can not be updated if the volume is in an error state. The Volume ${volumeId} currently has a status of: ${volume.status} `,
    })
  if (volume.readonly === 1 && connector.mode === 'rw')
    throw fault('VolumeInvalid', {
      reason: `Invalid attaching mode 'rw' for volume ${volumeId}.`,
    })
  const connected = connectedBy(call, volume, { id, mode: attachment.attach_mode ?? 'rw', connector })
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    if (!(await lockVolume(tx, volumeId))) throw fault('VolumeNotFound', { volume: volumeId })
    const { numUpdatedRows } = await tx
      .updateTable('volume_attachments')
      .set(connected)
      .where('id', '=', id)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw unknown(id)
    await followAttachments(tx, volumeId, now)
  })
  return json(200, { attachment: detailView({ ...attachment, ...connected }) })
}

/** POST /attachments/{id}/action with os-complete, 3.44: the machine has the volume. */
export async function completeAttachment(call: VolumeCall): Promise<Reply> {
  const { id, volume_id: volumeId } = await findAttachment(call, 'volume:attachment_complete')
  const now = call.deps.clock.now()
  await call.deps.store.accept(async (tx: VolumeTransaction) => {
    if (!(await lockVolume(tx, volumeId))) throw fault('VolumeNotFound', { volume: volumeId })
    const { numUpdatedRows } = await tx
      .updateTable('volume_attachments')
      .set({ attach_status: 'attached', attached_at: now })
      .where('id', '=', id)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw unknown(id)
    await setVolume(tx, volumeId, { status: 'in-use', attach_status: 'attached', updated_at: now })
  })
  return empty(204)
}

export async function deleteAttachment(call: VolumeCall): Promise<Reply> {
  const attachment = await findAttachment(call, 'volume:attachment_delete')
  if (attachment.attach_status !== 'reserved') await refuseIfUsed(call, attachment)
  const { id, volume_id: volumeId } = attachment
  const now = call.deps.clock.now()
  const left = await call.deps.store.accept(async (tx: VolumeTransaction) => {
    await lockVolume(tx, volumeId)
    await tx.deleteFrom('volume_attachments').where('id', '=', id).execute()
    return followAttachments(tx, volumeId, now)
  })
  return json(200, { attachments: left.map(summaryView) })
}

/**
 * Only compute takes away what a server uses, or the server would go on writing to a volume that is given to another
 * (CVE-2023-2088; cinder/volume/api.py, attachment_deletion_allowed).
 */
export async function refuseIfUsed(call: VolumeCall, attachment: VolumeAttachmentRow): Promise<void> {
  const { instance_uuid: server, volume_id: volume, id } = attachment
  if (server === null || call.auth.roles.includes('service')) return
  if ((await call.deps.neighbours.compute.attachmentOf({ ids: call, log: call.log }, server, volume)) === id)
    throw fault('VolumeAttachmentUsed', { server })
}

/** A volume's status is that of the attachment that is furthest; answers those that are left. */
export async function followAttachments(
  tx: VolumeTransaction,
  volumeId: string,
  now: number,
): Promise<VolumeAttachmentRow[]> {
  const left = await tx
    .selectFrom('volume_attachments')
    .selectAll()
    .where('volume_id', '=', volumeId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const any = (status: string) => left.some(({ attach_status }) => attach_status === status)
  const change = any('attached')
    ? ({ status: 'in-use', attach_status: 'attached' } as const)
    : any('attaching')
      ? ({ status: 'attaching', attach_status: 'attaching' } as const)
      : any('reserved')
        ? ({ status: 'reserved', attach_status: 'detached' } as const)
        : ({ status: 'available', attach_status: 'detached' } as const)
  await setVolume(tx, volumeId, { ...change, updated_at: now })
  return left
}

const summaryView = (attachment: VolumeAttachmentRow) => ({
  id: attachment.id,
  status: attachment.attach_status,
  instance: attachment.instance_uuid,
  volume_id: attachment.volume_id,
})

function detailView(attachment: VolumeAttachmentRow) {
  const info: unknown = attachment.connection_info === null ? {} : readJson(attachment.connection_info)
  return {
    ...summaryView(attachment),
    attached_at: attachment.attached_at === null ? '' : isoMicros(attachment.attached_at),
    detached_at: '',
    attach_mode: attachment.attach_mode,
    connection_info: isObject(info) ? info : {},
  }
}
