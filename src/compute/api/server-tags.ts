// /servers/{id}/tags (2.26).
import type { Transaction } from 'kysely'
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { bodyMessage, validator } from '../../platform/http/validate.ts'
import { tables } from '../../platform/store/store.ts'
import { notifyServerUpdate } from '../notifications/notify.ts'
import { senderOf } from '../notifications/sender.ts'
import { patchServer, type ServerRow, tagsOf } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall } from './call.ts'
import { linkBases } from './links.ts'
import { tagPattern } from './schemas/servers.ts'
import { serverOf } from './servers.ts'

const tagsMax = 50
type TagRule =
  `os_compute_api:os-server-tags:${'index' | 'show' | 'update' | 'update_all' | 'delete' | 'delete_all'}`

const read = async (
  call: ComputeCall,
  rule: TagRule,
): Promise<{ readonly server: ServerRow; readonly tags: readonly string[] }> => {
  const server = await serverOf(call)
  call.enforce(rule, { projectId: server.project_id })
  return {
    server,
    tags: (await tagsOf(tables<ComputeTables>(call.deps.store), [server.id])).get(server.id) ?? [],
  }
}

export const listTags = async (call: ComputeCall): Promise<Reply> =>
  json(200, { tags: (await read(call, 'os_compute_api:os-server-tags:index')).tags })

export async function showTag(call: ComputeCall): Promise<Reply> {
  const { server, tags } = await read(call, 'os_compute_api:os-server-tags:show')
  if (!tags.includes(call.params.tag!))
    throw fault('ServerTagNotFound', { server: server.id, tag: call.params.tag })
  return empty(204)
}

export async function addTag(call: ComputeCall): Promise<Reply> {
  const tag = call.params.tag!
  const invalid = validator(tagPattern)(tag)
  if (invalid)
    throw fault('InvalidInput', {
      reason: `Tag '${tag}' is invalid. It must be a non empty string without characters '/' and ','. Validation error message: ${bodyMessage(invalid)}`,
    })
  const { server, tags } = await read(call, 'os_compute_api:os-server-tags:update')
  if (tags.includes(tag)) return empty(204)
  if (tags.length >= tagsMax) throw fault('ServerTagsTooMany', { max: tagsMax })
  await write(call, server, tx =>
    tx
      .insertInto('server_tags')
      .values({ server_id: server.id, tag })
      .onConflict(conflict => conflict.doNothing())
      .execute(),
  )
  return empty(201, {
    Location: `${linkBases(call).self}/servers/${server.id}/tags/${encodeURIComponent(tag)}`,
  })
}

export async function replaceTags(call: ComputeCall): Promise<Reply> {
  const { server } = await read(call, 'os_compute_api:os-server-tags:update_all')
  const { tags } = bodyOf<{ readonly tags: readonly string[] }>(call)
  await write(call, server, async tx => {
    await tx.deleteFrom('server_tags').where('server_id', '=', server.id).execute()
    if (tags.length > 0)
      await tx
        .insertInto('server_tags')
        .values(tags.map(tag => ({ server_id: server.id, tag })))
        .execute()
  })
  return json(200, { tags })
}

export async function removeTag(call: ComputeCall): Promise<Reply> {
  const tag = call.params.tag!
  const { server, tags } = await read(call, 'os_compute_api:os-server-tags:delete')
  if (!tags.includes(tag)) throw fault('ServerTagNotFound', { server: server.id, tag })
  await write(call, server, tx =>
    tx.deleteFrom('server_tags').where('server_id', '=', server.id).where('tag', '=', tag).execute(),
  )
  return empty(204)
}

export async function removeTags(call: ComputeCall): Promise<Reply> {
  const { server } = await read(call, 'os_compute_api:os-server-tags:delete_all')
  await write(call, server, tx => tx.deleteFrom('server_tags').where('server_id', '=', server.id).execute())
  return empty(204)
}

async function write(
  call: ComputeCall,
  server: ServerRow,
  edit: (tx: Transaction<ComputeTables>) => Promise<unknown>,
): Promise<void> {
  const changed = await call.deps.store.accept<ComputeTables, ServerRow | undefined>(async tx => {
    const row = await patchServer(tx, server.id, {}, call.deps.clock.now())
    if (row) await edit(tx)
    return row
  })
  if (!changed) throw fault('ServerNotFound', { server: server.id })
  const tags = (await tagsOf(tables<ComputeTables>(call.deps.store), [server.id])).get(server.id) ?? []
  notifyServerUpdate(senderOf(call), changed, { tags })
}
