// Who sees an image, and who may change it. What somebody cannot see does not exist for them (404); what they see but
// may not change is a 403.
import { isUuidLike } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import type { Auth } from '../platform/http/auth.ts'
import type { Call } from '../platform/http/call.ts'
import { tables } from '../platform/store/store.ts'
import type { ImageDeps } from './deps.ts'
import type { Image } from './image.ts'
import { readImage, readMember } from './store.ts'
import type { ImageTables } from './tables.ts'

type Unknown = 'ImageUnknown' | 'ImageUnknownHere' | 'ImageUnknownToDelete' | 'ImageMarkerUnknown'

/** The image with this id, when there is one and the caller sees it; else the given 404. */
export async function findImage(
  call: Call<ImageDeps>,
  id: string,
  unknown: Unknown = 'ImageUnknown',
): Promise<Image> {
  const db = tables<ImageTables>(call.deps.store)
  const image = isUuidLike(id) && call.allows('image:get_image') ? await readImage(db, id) : undefined
  if (image && (sees(call.auth, image) || (await isSharedWith(call, image)))) return image
  throw fault(unknown, { image: id })
}

/** As `findImage`, for a caller who is about to do `rule` to it. */
export async function findImageTo(
  call: Call<ImageDeps>,
  rule: PolicyRule,
  id: string,
  unknown?: Unknown,
): Promise<Image> {
  const image = await findImage(call, id, unknown)
  call.enforce(rule, { projectId: image.owner })
  return image
}

const sees = (auth: Auth, image: Image): boolean =>
  auth.isAdmin ||
  image.owner === null ||
  image.visibility === 'public' ||
  image.visibility === 'community' ||
  image.owner === auth.project?.id

// An offer not yet answered, or refused, can still be looked at by id: one sees what one is asked about.
async function isSharedWith(call: Call<ImageDeps>, image: Image): Promise<boolean> {
  const project = call.auth.project
  if (image.visibility !== 'shared' || project === null) return false
  return (await readMember(tables<ImageTables>(call.deps.store), image.id, project.id)) !== undefined
}

/** Publishing is the administrator's; showing to the whole community takes the same role as changing. */
export function enforceVisibility(call: Call<ImageDeps>, visibility: unknown, owner: string | null): void {
  if (visibility === 'public') call.enforce('image:publicize_image', { projectId: owner })
  if (visibility === 'community') call.enforce('image:communitize_image', { projectId: owner })
}
