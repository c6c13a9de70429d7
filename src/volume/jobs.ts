// The jobs behind a 202: what each does to files, how its end is written, and how its failure is. A job can be run again
// from the beginning: after a crash it is.
import { readJson } from '../base/json.ts'
import { tables } from '../platform/store/store.ts'
import * as backups from './backups/jobs.ts'
import { fillFromBackup } from './backups/jobs.ts'
import { TooLarge } from './files.ts'
import { followGroupOf, followGroupSnapshotOf } from './groups/follow.ts'
import {
  backToPrevious,
  both,
  type Ending,
  type Job,
  type JobContext,
  setSnapshot,
  setVolume,
  snapshotKey,
  snapshotOf,
  volumeKey,
  volumeOf,
} from './job.ts'
import * as managing from './managing/jobs.ts'
import type { VolumeEvent } from './neighbours.ts'
import { dropVolume, removeSnapshotRow } from './removal.ts'
import type { Told } from './services/messages.ts'
import { NoBackend, requireBackend } from './services/scheduling.ts'
import { dropProperties, type Named, named, putProperties, readVolume } from './store.ts'
import type { VolumeJobKind, VolumeTables } from './tables.ts'
import { release } from './usage.ts'

export interface CreateArgs {
  readonly source: 'nothing' | 'image' | 'snapshot' | 'volume' | 'backup'
}
export interface DeleteArgs {
  readonly snapshots: readonly string[]
}
export interface ExtendArgs {
  readonly size: number
}
export interface UploadArgs {
  readonly imageId: string
}
export interface ReimageArgs {
  readonly imageId: string
  /** What the volume keeps of the image. */
  readonly properties: Named
}

const create: Job = {
  async run(context, job) {
    const { files } = context
    const { source } = readJson<CreateArgs>(job.args)
    const volume = await volumeOf(context, job.subject_id)
    await requireBackend(
      tables<VolumeTables>(context.store),
      context.host,
      await specsOf(context, volume.type_id),
    )
    if (source === 'backup')
      return both(await fillFromBackup(context, volume.id, job.source_id!), followGroupOf(volume.id)) // accepted with one
    const data = source === 'nothing' ? null : await sourceOf(context, source, job.source_id!) // only 'nothing' has none
    const written = await files.write(volumeKey(volume.id), volume.size, data)
    const done = setVolume(volume.id, {
      status: 'available',
      written_bytes: written,
      ...(source === 'image' ? { bootable: 1 } : {}),
    })
    return both(done, followGroupOf(volume.id))
  },
  failed: job => both(setVolume(job.subject_id, { status: 'error' }), followGroupOf(job.subject_id)),
  told: (job, error) => ({
    resource: 'VOLUME',
    resourceId: job.subject_id,
    ...whyNotCreated(readJson<CreateArgs>(job.args), error),
  }),
}

function whyNotCreated({ source }: CreateArgs, error: unknown): Pick<Told, 'action' | 'detail'> {
  if (error instanceof NoBackend) return { action: 'scheduleAllocateVolume', detail: 'noBackendAvailable' }
  if (source !== 'image') return { action: 'createVolumeFromBackend', detail: 'driverFailedCreate' }
  return {
    action: 'copyImageToVolume',
    detail: error instanceof TooLarge ? 'notEnoughSpaceForImage' : 'unknownError',
  }
}

async function specsOf({ store }: JobContext, typeId: string): Promise<Named> {
  const rows = await tables<VolumeTables>(store)
    .selectFrom('volume_type_specs')
    .selectAll()
    .where('type_id', '=', typeId)
    .execute()
  return named(rows)
}

async function sourceOf(context: JobContext, source: 'image' | 'snapshot' | 'volume', id: string) {
  const { files, neighbours, on } = context
  if (source === 'image') return neighbours.image.download(on, id)
  return source === 'snapshot'
    ? files.read(snapshotKey(id), (await snapshotOf(context, id)).written_bytes)
    : files.read(volumeKey(id), (await volumeOf(context, id)).written_bytes)
}

const remove: Job = {
  async run(context, job) {
    const { snapshots } = readJson<DeleteArgs>(job.args)
    const volume = await readVolume(tables<VolumeTables>(context.store), job.subject_id)
    // Deleted by force while it was being deleted: the first of the two has done it.
    if (!volume) return async () => {}
    for (const id of snapshots) await context.files.remove(snapshotKey(id))
    await context.files.remove(volumeKey(volume.id))
    return async tx => {
      for (const id of snapshots) await removeSnapshotRow(tx, id)
      await dropVolume(tx, volume)
    }
  },
  failed: job => both(setVolume(job.subject_id, { status: 'error_deleting' }), followGroupOf(job.subject_id)),
}

const extend: Job = {
  async run({ files }, job) {
    const { size } = readJson<ExtendArgs>(job.args)
    await files.extend(volumeKey(job.subject_id), size)
    return async (tx, now, next) => {
      const { attach_status } = await tx
        .updateTable('volumes')
        .set({ size, updated_at: now })
        .where('id', '=', job.subject_id)
        .returning('attach_status')
        .executeTakeFirstOrThrow()
      // A machine has to hear of it before the volume is as it was.
      if (attach_status === 'attached') await next({ kind: 'tell-extended', subject: job.subject_id })
      else await backToPrevious(job.subject_id)(tx, now, next)
    }
  },
  failed(job) {
    const { size } = readJson<ExtendArgs>(job.args)
    return async (tx, now) => {
      const {
        project_id,
        type_id,
        size: had,
      } = await tx
        .updateTable('volumes')
        .set({ status: 'error_extending', previous_status: null, updated_at: now })
        .where('id', '=', job.subject_id)
        .returning(['project_id', 'size', 'type_id'])
        .executeTakeFirstOrThrow()
      await release(tx, project_id, { gigabytes: size - had }, type_id)
    }
  },
  told: job => ({
    resource: 'VOLUME',
    resourceId: job.subject_id,
    action: 'extendVolume',
    detail: 'driverFailedExtend',
  }),
}

const upload: Job = {
  async run(context, job) {
    const { imageId } = readJson<UploadArgs>(job.args)
    const { id, written_bytes } = await volumeOf(context, job.subject_id)
    await context.neighbours.image.upload(
      context.on,
      imageId,
      context.files.read(volumeKey(id), written_bytes),
    )
    return backToPrevious(id)
  },
  failed: job => backToPrevious(job.subject_id),
  told: job => ({
    resource: 'VOLUME',
    resourceId: job.subject_id,
    action: 'copyVolumeToImage',
    detail: 'failedToUploadVolume',
  }),
  cleanUp: ({ neighbours, on }, job) => neighbours.image.remove(on, readJson<UploadArgs>(job.args).imageId),
}

const revert: Job = {
  async run(context, job) {
    const snapshot = await snapshotOf(context, job.source_id!) // accepted with one
    const data = context.files.read(snapshotKey(snapshot.id), snapshot.written_bytes)
    const { size } = await volumeOf(context, job.subject_id)
    const written = await context.files.write(volumeKey(job.subject_id), size, data)
    return setVolume(job.subject_id, { status: 'available', written_bytes: written })
  },
  failed: job => setVolume(job.subject_id, { status: 'error' }),
}

const createSnapshot: Job = {
  async run(context, job) {
    const snapshot = await snapshotOf(context, job.subject_id)
    const { written_bytes } = await volumeOf(context, snapshot.volume_id)
    const data = context.files.read(volumeKey(snapshot.volume_id), written_bytes)
    const written = await context.files.write(snapshotKey(snapshot.id), snapshot.size, data)
    const done = setSnapshot(snapshot.id, { status: 'available', written_bytes: written })
    return both(done, followGroupSnapshotOf(snapshot.id))
  },
  failed: job =>
    both(setSnapshot(job.subject_id, { status: 'error' }), followGroupSnapshotOf(job.subject_id)),
  told: job => ({
    resource: 'VOLUME_SNAPSHOT',
    resourceId: job.subject_id,
    action: 'snapshotCreate',
    detail: 'snapshotCreateError',
  }),
}

const deleteSnapshot: Job = {
  async run({ files }, job) {
    await files.remove(snapshotKey(job.subject_id))
    return tx => removeSnapshotRow(tx, job.subject_id)
  },
  failed: job =>
    both(setSnapshot(job.subject_id, { status: 'error_deleting' }), followGroupSnapshotOf(job.subject_id)),
  told: job => ({
    resource: 'VOLUME_SNAPSHOT',
    resourceId: job.subject_id,
    action: 'snapshotDelete',
    detail: 'snapshotDeleteError',
  }),
}

const reimage: Job = {
  async run(context, job) {
    const { imageId, properties } = readJson<ReimageArgs>(job.args)
    const { id, size } = await volumeOf(context, job.subject_id)
    const data = await context.neighbours.image.download(context.on, imageId)
    const written_bytes = await context.files.write(volumeKey(id), size, data)
    return async (tx, now, next) => {
      await dropProperties(tx, id, 'image')
      await putProperties(tx, id, 'image', properties)
      await backToPrevious(id, { written_bytes, bootable: 1 })(tx, now, next)
      await next({ kind: 'tell-reimaged', subject: id })
    }
  },
  failed: job => async (tx, now, next) => {
    await setVolume(job.subject_id, { status: 'error', previous_status: null })(tx, now, next)
    await next({ kind: 'tell-reimaged', subject: job.subject_id })
  },
}

/** Tells the servers that have the volume; answers how many could be told. */
async function tellServers(
  context: JobContext,
  name: VolumeEvent['name'],
  volumeId: string,
): Promise<number> {
  const attachments = await tables<VolumeTables>(context.store)
    .selectFrom('volume_attachments')
    .select('instance_uuid')
    .where('volume_id', '=', volumeId)
    .where('instance_uuid', 'is not', null)
    .execute()
  const servers = [...new Set(attachments.flatMap(({ instance_uuid }) => instance_uuid ?? []))]
  if (servers.length === 0) return 0
  return context.neighbours.compute.tell(
    context.on,
    servers.map(serverId => ({ name, serverId, volumeId })),
  )
}

const nothingMore: Ending = async () => {}

/** Where a host was told, it says when its machine knows (os-extend_volume_completion). */
const tellExtended: Job = {
  run: async (context, { subject_id: id }) =>
    (await tellServers(context, 'volume-extended', id)) > 0 ? nothingMore : backToPrevious(id),
  failed: job => backToPrevious(job.subject_id),
}

/** Whoever waits for it looks at the volume as well. */
const tellReimaged: Job = {
  async run(context, { subject_id: id }) {
    await tellServers(context, 'volume-reimaged', id)
    return nothingMore
  },
  failed: () => nothingMore,
}

export const jobs: Readonly<Record<VolumeJobKind, Job>> = {
  create,
  delete: remove,
  extend,
  upload,
  revert,
  'create-snapshot': createSnapshot,
  'delete-snapshot': deleteSnapshot,
  reimage,
  'tell-extended': tellExtended,
  'tell-reimaged': tellReimaged,
  'create-backup': backups.createBackup,
  'delete-backup': backups.deleteBackup,
  'restore-backup': backups.restoreBackup,
  'import-backup': backups.importBackup,
  manage: managing.manage,
  unmanage: managing.unmanage,
  'manage-snapshot': managing.manageSnapshot,
  'unmanage-snapshot': managing.unmanageSnapshot,
}
