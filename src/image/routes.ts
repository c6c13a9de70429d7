// Every route of the image service, a row each.
import { row } from '../platform/http/service.ts'
import { createImage } from './create.ts'
import type { ImageDeps } from './deps.ts'
import { listStoreDetails, listStores, listVersions, showImport, showSchema } from './discovery.ts'
import { downloadImage } from './download.ts'
import { deactivateImage, deleteImage, reactivateImage, showImage } from './images.ts'
import { listImages } from './list.ts'
import { createMember, deleteMember, listMembers, showMember, updateMember } from './members.ts'
import { addTag, removeTag } from './tags.ts'
import { listImageTasks } from './tasks.ts'
import { updateImage } from './update.ts'
import { importImage, stageImage, uploadImage } from './upload.ts'

export const imageRoutes = [
  row<ImageDeps>('GET', '/', listVersions, { auth: 'open' }),
  row<ImageDeps>('GET', '/schemas/{name}', showSchema),
  row<ImageDeps>('GET', '/info/import', showImport),
  row<ImageDeps>('GET', '/info/stores', listStores),
  row<ImageDeps>('GET', '/info/stores/detail', listStoreDetails),

  row<ImageDeps>('GET', '/images', listImages),
  row<ImageDeps>('POST', '/images', createImage),
  row<ImageDeps>('GET', '/images/{image_id}', showImage),
  row<ImageDeps>('PATCH', '/images/{image_id}', updateImage),
  row<ImageDeps>('DELETE', '/images/{image_id}', deleteImage),

  row<ImageDeps>('GET', '/images/{image_id}/file', downloadImage),
  row<ImageDeps>('PUT', '/images/{image_id}/file', uploadImage, { reads: 'stream' }),
  row<ImageDeps>('PUT', '/images/{image_id}/stage', stageImage, { reads: 'stream' }),
  row<ImageDeps>('POST', '/images/{image_id}/import', importImage),
  row<ImageDeps>('GET', '/images/{image_id}/tasks', listImageTasks),
  row<ImageDeps>('POST', '/images/{image_id}/actions/deactivate', deactivateImage, { reads: 'nothing' }),
  row<ImageDeps>('POST', '/images/{image_id}/actions/reactivate', reactivateImage, { reads: 'nothing' }),

  row<ImageDeps>('PUT', '/images/{image_id}/tags/{tag}', addTag, { reads: 'nothing' }),
  row<ImageDeps>('DELETE', '/images/{image_id}/tags/{tag}', removeTag),

  row<ImageDeps>('GET', '/images/{image_id}/members', listMembers),
  row<ImageDeps>('POST', '/images/{image_id}/members', createMember),
  row<ImageDeps>('GET', '/images/{image_id}/members/{member_id}', showMember),
  row<ImageDeps>('PUT', '/images/{image_id}/members/{member_id}', updateMember),
  row<ImageDeps>('DELETE', '/images/{image_id}/members/{member_id}', deleteMember),
]
