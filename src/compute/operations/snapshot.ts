// Keeping a server's disk as an image: createImage, and the first half of shelving.
import { assert } from '../../base/assert.ts'
import type { ServerPatch } from '../store/servers.ts'
import { revertTask } from './failing.ts'
import { operation, step } from './operation.ts'
import { tell } from './tell.ts'
import type { AnyWork } from './work.ts'

export interface SnapshotArgs {
  /** The queued image the API made; it gets the disk, or is removed when that fails. */
  readonly imageId: string
}

export const createImage = operation<SnapshotArgs, object>({
  kind: 'createImage',
  steps: [
    step('snapshot', {
      event: 'compute_snapshot_instance',
      at: 'host',
      async run(work) {
        const { host } = work.server
        assert(host, 'an admitted server has a host')
        tell(work, 'snapshot', 'start', host, { snapshotImageId: work.args.imageId })
        await work.change({ task_state: 'image_snapshot' })
        await uploadSnapshot(work, host, work.args.imageId, ['image_pending_upload', 'image_uploading'])
        await work.complete({ task_state: null })
        tell(work, 'snapshot', 'end', host, { snapshotImageId: work.args.imageId })
      },
      undo: work => forgetImage(work, work.args.imageId),
    }),
  ],
  failed: revertTask,
})

type Task = ServerPatch['task_state']

/** Takes the disk and uploads it, passing through the two task_states people see. */
export async function uploadSnapshot(
  work: AnyWork,
  host: string,
  imageId: string,
  [pending, uploading]: readonly [Task, Task],
): Promise<void> {
  await work.change({ task_state: pending })
  const disk = await work.onHost(host, 'snapshot', null)
  await work.change({ task_state: uploading })
  await work.failIfAsked('upload')
  await work.deps.neighbours.image.upload(work.behalf(host), imageId, disk.bytes)
}

/** Removes an image that is needed no more. One that cannot be removed is left: the server does not suffer from it. */
export async function forgetImage(work: AnyWork, imageId: string): Promise<void> {
  try {
    await work.deps.neighbours.image.remove(work.behalf(), imageId)
  } catch (error) {
    work.log.warning(`image ${imageId} could not be removed`, { server: work.server.id, error })
  }
}
