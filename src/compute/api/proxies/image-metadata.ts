// /images/{id}/metadata, up to 2.38: an image's own properties, as a whole and one by one.
import { fault } from '../../../model/errors.ts'
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { tables } from '../../../platform/store/store.ts'
import { checkMetadataQuota } from '../../store/quotas.ts'
import type { ComputeTables } from '../../tables.ts'
import { bodyOf, type ComputeCall, projectOf } from '../call.ts'
import { accepted, askAs } from './ask.ts'
import { findImage, propertiesOf } from './images.ts'

type Metadata = Readonly<Record<string, unknown>>

export const listImageMetadata = async (call: ComputeCall): Promise<Reply> =>
  json(200, { metadata: propertiesOf(await findImage(call)) })

export async function showImageMetadata(call: ComputeCall): Promise<Reply> {
  const metadata = propertiesOf(await findImage(call))
  const key = call.params.key! // in the route's path
  if (!Object.hasOwn(metadata, key)) throw fault('ServerMetadataKeyNotFound')
  return json(200, { meta: { [key]: metadata[key] } })
}

export async function mergeImageMetadata(call: ComputeCall): Promise<Reply> {
  const { metadata } = bodyOf<{ readonly metadata: Metadata }>(call)
  return json(200, { metadata: await change(call, old => ({ ...old, ...metadata })) })
}

export async function replaceImageMetadata(call: ComputeCall): Promise<Reply> {
  const { metadata } = bodyOf<{ readonly metadata: Metadata }>(call)
  return json(200, { metadata: await change(call, () => metadata) })
}

export async function setImageMetadata(call: ComputeCall): Promise<Reply> {
  const { meta } = bodyOf<{ readonly meta: Metadata }>(call)
  const key = call.params.key! // in the route's path
  if (!Object.hasOwn(meta, key)) throw fault('MetadataKeyMismatch')
  await change(call, old => ({ ...old, ...meta }))
  return json(200, { meta })
}

export async function removeImageMetadata(call: ComputeCall): Promise<Reply> {
  const key = call.params.key! // in the route's path
  await change(call, old => {
    if (!Object.hasOwn(old, key)) throw fault('ServerMetadataKeyNotFound')
    return Object.fromEntries(Object.entries(old).filter(([name]) => name !== key))
  })
  return empty(204)
}

const patchType = { 'content-type': 'application/openstack-images-v2.1-json-patch' }
const pointer = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** Makes the image's properties what `edit` says; answers them as they are then. */
async function change(call: ComputeCall, edit: (old: Metadata) => Metadata): Promise<Metadata> {
  const image = await findImage(call)
  const old = propertiesOf(image)
  const wanted = edit(old)
  const owner = { projectId: projectOf(call), userId: call.auth.userId }
  await checkMetadataQuota(tables<ComputeTables>(call.deps.store), owner, Object.keys(wanted).length)
  const patch = [
    ...Object.keys(old)
      .filter(key => !Object.hasOwn(wanted, key))
      .map(key => ({ op: 'remove', path: pointer(key) })),
    ...Object.entries(wanted)
      .filter(([key, value]) => old[key] !== value)
      .map(([key, value]) => ({
        op: Object.hasOwn(old, key) ? 'replace' : 'add',
        path: pointer(key),
        value,
      })),
  ]
  if (patch.length === 0) return old
  const reply = await askAs(call, 'image', 'PATCH', `/v2/images/${String(image.id)}`, {
    body: patch,
    headers: patchType,
  })
  if (reply.status === 403) throw fault('ImageUpdateForbidden', { image: image.id })
  return propertiesOf(accepted(reply).body as Metadata) // an image document
}
