// createBackup: the disk becomes an image, and of the images of its kind only the newest stay.
import { assert } from '../../base/assert.ts'
import { revertTask } from './failing.ts'
import { operation, step } from './operation.ts'
import { forgetImage, type SnapshotArgs, uploadSnapshot } from './snapshot.ts'
import { tell } from './tell.ts'
import type { Work } from './work.ts'

export interface BackupArgs extends SnapshotArgs {
  /** `daily`, `weekly`, whatever the caller calls it. */
  readonly backupType: string
  /** How many images of the type stay; 0: none, not even the new one. */
  readonly rotation: number
}

type BackupWork = Work<BackupArgs, { readonly isUploaded?: boolean }>

export const createBackup = operation<BackupArgs, { readonly isUploaded?: boolean }>({
  kind: 'createBackup',
  steps: [
    step('backup', {
      event: 'compute_backup_instance',
      at: 'host',
      async run(work) {
        const { host } = work.server
        assert(host, 'an admitted server has a host')
        const { imageId } = work.args
        if (!work.data.isUploaded) {
          tell(work, 'snapshot', 'start', host, { snapshotImageId: imageId })
          await uploadSnapshot(work, host, imageId, ['image_pending_upload', 'image_uploading'])
          await work.change({ task_state: null }, undefined, { isUploaded: true })
          tell(work, 'snapshot', 'end', host, { snapshotImageId: imageId })
        }
        await rotate(work, host)
        await work.complete({})
      },
      // Once it is there it stays, even where older ones could not be removed.
      undo: async work => {
        if (!work.data.isUploaded) await forgetImage(work, work.args.imageId)
      },
    }),
  ],
  // The server is free as soon as its disk is kept: the rest is between us and the image service.
  withoutTask: true,
  async failed(work, error) {
    const patch = await revertTask(work, error)
    return work.data.isUploaded ? patch : { ...patch, task_state: null }
  },
})

/** Removes the oldest beyond `rotation` (nova/compute/manager.py, _rotate_backups). */
async function rotate(work: BackupWork, host: string): Promise<void> {
  const { backupType, rotation } = work.args
  await work.failIfAsked('rotate')
  const { image } = work.deps.neighbours
  const backups = await image.backups(work.behalf(host), work.server.id, backupType)
  for (const id of backups.slice(rotation)) {
    work.hostLog(host).debug(`Deleting image ${id}`, { server: work.server.id })
    await image.remove(work.behalf(host), id)
  }
}
