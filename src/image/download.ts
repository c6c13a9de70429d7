// GET /images/{id}/file: the data, whole or one range of it, streamed from its file.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import { findImage } from './access.ts'
import type { ImageDeps } from './deps.ts'
import { openData } from './image-files.ts'
import { hasData } from './views.ts'

export async function downloadImage(call: Call<ImageDeps>): Promise<Reply> {
  const image = await findImage(call, call.params.image_id!)
  if (image.status === 'deactivated' && !call.auth.isAdmin) throw fault('ImageDeactivated')
  call.enforce('image:download_image')
  if (!hasData(image) || image.size === null || image.upload_id === null) return empty(204)
  const range = readRange(call.request.headers.range, image.size)
  const file = await openData(call.deps.folder, { imageId: image.id, uploadId: image.upload_id })
  if (!file) throw fault('ImageDataLost', { image: image.id })
  const { start, end } = range ?? { start: 0, end: image.size - 1 }
  return {
    status: range ? 206 : 200,
    // An `end` before the start would be read as "no end": an empty image is simply read to its end.
    stream: file.createReadStream(end < start ? {} : { start, end, highWaterMark: chunkBytes }),
    contentType: 'application/octet-stream',
    headers: {
      ...(range ? { 'Content-Range': `bytes ${start}-${end}/${image.size}` } : {}),
      ...(image.checksum === null ? {} : { 'Content-MD5': image.checksum }),
      'Content-Length': String(end - start + 1),
    },
  }
}

const chunkBytes = 256 * 1024

/** Both ends inclusive; null without a header. Refused as Glance does (glance/common/wsgi.py, get_range_from_request). */
function readRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | null {
  if (header === undefined) return null
  if (header.includes(',')) throw fault('ImageRangeMany')
  const match = /^bytes *= *(\d*) *- *(\d*)$/.exec(header.trim())
  if (!match) throw fault('ImageRangeInvalid')
  const [, from = '', to = ''] = match
  if (from === '') {
    if (to === '') throw fault('ImageRangeInvalid')
    const start = Math.max(size - Number(to), 0)
    if (start >= size) throw fault('ImageRangeInvalid')
    return { start, end: size - 1 }
  }
  const start = Number(from)
  if (to !== '' && Number(to) < start) throw fault('ImageRangeInvalid')
  if (start >= size) throw fault('ImageRangeStart', { last: size - 1 })
  return { start, end: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}
