// /servers/{id}/metadata: the items as a whole, and one by one.
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { checkAdmission } from '../accept.ts'
import { notifyServerUpdate } from '../notifications/notify.ts'
import { senderOf } from '../notifications/sender.ts'
import { checkMetadataQuota } from '../store/quotas.ts'
import { metadataOf, patchServer, readServer, type ServerRow } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall } from './call.ts'
import { serverOf } from './servers.ts'

type Metadata = Readonly<Record<string, string>>

export async function listMetadata(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:server-metadata:index', { projectId: server.project_id })
  return json(200, { metadata: metadataOf(server) })
}

export async function showMetadata(call: ComputeCall): Promise<Reply> {
  const server = await serverOf(call)
  call.enforce('os_compute_api:server-metadata:show', { projectId: server.project_id })
  const key = call.params.key!
  const metadata = metadataOf(server)
  if (!Object.hasOwn(metadata, key)) throw fault('ServerMetadataKeyNotFound')
  return json(200, { meta: { [key]: metadata[key] } })
}

export async function mergeMetadata(call: ComputeCall): Promise<Reply> {
  const { metadata } = bodyOf<{ readonly metadata: Metadata }>(call)
  return json(200, {
    metadata: await change(call, 'os_compute_api:server-metadata:create', old => ({ ...old, ...metadata })),
  })
}

export async function replaceMetadata(call: ComputeCall): Promise<Reply> {
  const { metadata } = bodyOf<{ readonly metadata: Metadata }>(call)
  return json(200, {
    metadata: await change(call, 'os_compute_api:server-metadata:update_all', () => metadata),
  })
}

export async function setMetadata(call: ComputeCall): Promise<Reply> {
  const { meta } = bodyOf<{ readonly meta: Metadata }>(call)
  const key = call.params.key!
  if (!Object.hasOwn(meta, key)) throw fault('MetadataKeyMismatch')
  if (Object.keys(meta).length > 1) throw fault('MetadataItemsTooMany')
  await change(call, 'os_compute_api:server-metadata:update', old => ({ ...old, ...meta }))
  return json(200, { meta })
}

export async function removeMetadata(call: ComputeCall): Promise<Reply> {
  const key = call.params.key!
  await change(call, 'os_compute_api:server-metadata:delete', old => {
    if (!Object.hasOwn(old, key)) throw fault('ServerMetadataKeyNotFound')
    return Object.fromEntries(Object.entries(old).filter(([name]) => name !== key))
  })
  return empty(204)
}

type MetadataRule = `os_compute_api:server-metadata:${'create' | 'update_all' | 'update' | 'delete'}`

/** Reads and writes in one transaction, so that two changes at once both stay. */
async function change(
  call: ComputeCall,
  rule: MetadataRule,
  edit: (old: Metadata) => Metadata,
): Promise<Metadata> {
  const server = await serverOf(call)
  call.enforce(rule, { projectId: server.project_id })
  checkAdmission(call, server, 'updateMetadata', 'update metadata')
  const owner = { projectId: server.project_id, userId: server.user_id }
  const changed = await call.deps.store.accept<ComputeTables, ServerRow | undefined>(async tx => {
    // The first write of a transaction waits for the others; what is read after it is the latest.
    await patchServer(tx, server.id, {}, call.deps.clock.now())
    const row = await readServer(tx, server.id)
    if (!row || row.deleted === 1) return undefined
    const metadata = edit(metadataOf(row))
    await checkMetadataQuota(tx, owner, Object.keys(metadata).length)
    return patchServer(tx, server.id, { metadata_json: JSON.stringify(metadata) }, call.deps.clock.now())
  })
  if (!changed) throw fault('ServerNotFound', { server: server.id })
  notifyServerUpdate(senderOf(call), changed, {})
  return metadataOf(changed)
}
