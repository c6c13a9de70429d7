// GET /images/{id}/tasks: what was done to fill an image, and by which request (glance/api/v2/images.py,
// get_task_info). An import is done when it is answered, so every task has ended well.
import { newUuid } from '../base/ids.ts'
import { readJson } from '../base/json.ts'
import { isoMicros } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { findImage } from './access.ts'
import type { ImageDeps } from './deps.ts'
import type { Image } from './image.ts'
import type { ImageTransaction } from './store.ts'
import type { ImageTables, ImageTaskRow } from './tables.ts'
import { storeId } from './views.ts'

/** [task]task_time_to_live, 48 hours. */
const lifetimeMs = 48 * 3_600_000

/** Writes down that the caller's request imported the image; `asked` is its body. */
export async function recordImport(
  tx: ImageTransaction,
  call: Call<ImageDeps>,
  image: Image,
  asked: unknown,
): Promise<void> {
  const input = { image_id: image.id, import_req: asked, backend: [storeId] }
  await tx
    .insertInto('image_tasks')
    .values({
      id: newUuid(),
      image_id: image.id,
      owner: call.auth.project?.id ?? null,
      user_id: call.auth.userId,
      request_id: call.requestId,
      input_json: JSON.stringify(input),
      created_at: call.deps.clock.now(),
    })
    .execute()
}

export async function listImageTasks(call: Call<ImageDeps>): Promise<Reply> {
  const image = await findImage(call, call.params.image_id!)
  const rows = await tables<ImageTables>(call.deps.store)
    .selectFrom('image_tasks')
    .selectAll()
    .where('image_id', '=', image.id)
    .orderBy('created_at')
    .orderBy('id')
    .limit(limits.pageItemsMax)
    .execute()
  return json(200, { tasks: rows.map(taskView) })
}

const taskView = (row: ImageTaskRow) => ({
  id: row.id,
  type: 'api_image_import',
  status: 'success',
  owner: row.owner,
  image_id: row.image_id,
  request_id: row.request_id,
  user_id: row.user_id,
  input: readJson<object>(row.input_json),
  result: null,
  message: '',
  created_at: isoMicros(row.created_at),
  updated_at: isoMicros(row.created_at),
  expires_at: isoMicros(row.created_at + lifetimeMs),
  deleted_at: null,
  deleted: false,
})
