// Taking files that are there already as volumes and snapshots, and giving them up again with what they hold.
import { readJson } from '../../base/json.ts'
import { type FileKey, isExistingName } from '../files.ts'
import {
  type Job,
  type JobContext,
  setSnapshot,
  setVolume,
  snapshotKey,
  snapshotOf,
  volumeKey,
  volumeOf,
} from '../job.ts'
import { dropVolume, removeSnapshotRow } from '../removal.ts'

export interface ManageArgs {
  readonly name: string
  readonly bytes: number
}

/** Makes the file ours and as long as it has to be; all of it may have been written. */
async function adopt({ files }: JobContext, args: string, key: FileKey, sizeGib: number): Promise<number> {
  const { name, bytes } = readJson<ManageArgs>(args)
  if (!isExistingName(name) || sizeGib === 0) throw new Error(`There is no file ${name} to manage.`)
  await files.adopt(name, key)
  await files.extend(key, sizeGib)
  return bytes
}

export const manage: Job = {
  async run(context, job) {
    const { id, size } = await volumeOf(context, job.subject_id)
    const written = await adopt(context, job.args, volumeKey(id), size)
    return setVolume(id, { status: 'available', written_bytes: written })
  },
  failed: job => setVolume(job.subject_id, { status: 'error_managing' }),
}

export const unmanage: Job = {
  async run(context, job) {
    const volume = await volumeOf(context, job.subject_id)
    await context.files.abandon(volumeKey(volume.id))
    return tx => dropVolume(tx, volume)
  },
  failed: job => setVolume(job.subject_id, { status: 'error' }),
  told: job => ({
    resource: 'VOLUME',
    resourceId: job.subject_id,
    action: 'unmanageVolume',
    detail: 'unknownError',
  }),
}

export const manageSnapshot: Job = {
  async run(context, job) {
    const { id, size } = await snapshotOf(context, job.subject_id)
    const written = await adopt(context, job.args, snapshotKey(id), size)
    return setSnapshot(id, { status: 'available', written_bytes: written })
  },
  failed: job => setSnapshot(job.subject_id, { status: 'error' }),
}

export const unmanageSnapshot: Job = {
  async run({ files }, job) {
    await files.abandon(snapshotKey(job.subject_id))
    return tx => removeSnapshotRow(tx, job.subject_id)
  },
  failed: job => setSnapshot(job.subject_id, { status: 'error' }),
}
