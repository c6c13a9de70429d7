// The jobs behind a 202: what each does to files, how its end is written, and how its failure is. A job can be run again
// from the beginning: after a crash it is.
import { sql } from 'kysely'
import { readJson } from '../base/json.ts'
import type { Instant } from '../base/time.ts'
import type { VolumeStatus } from '../model/volume-states.ts'
import type { OnBehalf } from '../platform/http/session.ts'
import type { Store } from '../platform/store/store.ts'
import { tables } from '../platform/store/store.ts'
import type { VolumeFiles } from './files.ts'
import type { VolumeEvent, VolumeNeighbours } from './neighbours.ts'
import { dropProperties, type Named, putProperties, type VolumeTransaction } from './store.ts'
import type { VolumeJobKind, VolumeJobRow, VolumeRow, VolumeSnapshotRow, VolumeTables } from './tables.ts'
import { release } from './usage.ts'

export interface JobContext {
  readonly store: Store
  readonly files: VolumeFiles
  readonly neighbours: VolumeNeighbours
  readonly on: OnBehalf
}

/** Writes how a job ended, in the transaction that also forgets it; `next` adds what is to be done after it. */
export type Ending = (tx: VolumeTransaction, now: Instant, next: AddNext) => Promise<unknown>
export type AddNext = (job: { readonly kind: VolumeJobKind; readonly subject: string }) => Promise<void>

interface Job {
  run(context: JobContext, job: VolumeJobRow): Promise<Ending>
  failed(job: VolumeJobRow): Ending
  /** What is left to do outside when it failed. */
  cleanUp?(context: JobContext, job: VolumeJobRow): Promise<void>
}

export interface CreateArgs {
  readonly source: 'nothing' | 'image' | 'snapshot' | 'volume'
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

const volumeKey = (id: string) => ({ kind: 'volume', id }) as const
const snapshotKey = (id: string) => ({ kind: 'snapshot', id }) as const

const setVolume =
  (id: string, change: Partial<VolumeRow>): Ending =>
  (tx, now) =>
    tx
      .updateTable('volumes')
      .set({ ...change, updated_at: now })
      .where('id', '=', id)
      .execute()

const setSnapshot =
  (id: string, change: Partial<VolumeSnapshotRow>): Ending =>
  (tx, now) =>
    tx
      .updateTable('volume_snapshots')
      .set({ ...change, updated_at: now })
      .where('id', '=', id)
      .execute()

/** Back to what it was before it was busy. */
const backToPrevious =
  (id: string, change: Partial<VolumeRow> = {}): Ending =>
  (tx, now) =>
    tx
      .updateTable('volumes')
      .set({
        ...change,
        status: sql<VolumeStatus>`coalesce(previous_status, 'available')`,
        previous_status: null,
        updated_at: now,
      })
      .where('id', '=', id)
      .execute()

const volumeOf = ({ store }: JobContext, id: string): Promise<VolumeRow> =>
  tables<VolumeTables>(store).selectFrom('volumes').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

const snapshotOf = ({ store }: JobContext, id: string): Promise<VolumeSnapshotRow> =>
  tables<VolumeTables>(store)
    .selectFrom('volume_snapshots')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

const create: Job = {
  async run(context, job) {
    const { files } = context
    const { source } = readJson<CreateArgs>(job.args)
    const volume = await volumeOf(context, job.subject_id)
    const data = source === 'nothing' ? null : await sourceOf(context, source, job.source_id!) // only 'nothing' has none
    const written = await files.write(volumeKey(volume.id), volume.size, data)
    return setVolume(volume.id, {
      status: 'available',
      written_bytes: written,
      ...(source === 'image' ? { bootable: 1 } : {}),
    })
  },
  failed: job => setVolume(job.subject_id, { status: 'error' }),
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
    const volume = await volumeOf(context, job.subject_id)
    for (const id of snapshots) await context.files.remove(snapshotKey(id))
    await context.files.remove(volumeKey(volume.id))
    return async tx => {
      for (const id of snapshots) await removeSnapshot(tx, id)
      await release(tx, volume.project_id, { volumes: 1, gigabytes: volume.size })
      await tx.deleteFrom('volume_attachments').where('volume_id', '=', volume.id).execute()
      await tx.deleteFrom('volume_properties').where('owner_id', '=', volume.id).execute()
      await tx.deleteFrom('volumes').where('id', '=', volume.id).execute()
    }
  },
  failed: job => setVolume(job.subject_id, { status: 'error_deleting' }),
}

async function removeSnapshot(tx: VolumeTransaction, id: string): Promise<void> {
  const gone = await tx
    .deleteFrom('volume_snapshots')
    .where('id', '=', id)
    .returning(['project_id', 'size'])
    .executeTakeFirst()
  if (!gone) return
  await tx.deleteFrom('volume_properties').where('owner_id', '=', id).execute()
  await release(tx, gone.project_id, { snapshots: 1, gigabytes: gone.size })
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
      const { project_id, size: had } = await tx
        .updateTable('volumes')
        .set({ status: 'error_extending', previous_status: null, updated_at: now })
        .where('id', '=', job.subject_id)
        .returning(['project_id', 'size'])
        .executeTakeFirstOrThrow()
      await release(tx, project_id, { gigabytes: size - had })
    }
  },
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
    return setSnapshot(snapshot.id, { status: 'available', written_bytes: written })
  },
  failed: job => setSnapshot(job.subject_id, { status: 'error' }),
}

const deleteSnapshot: Job = {
  async run({ files }, job) {
    await files.remove(snapshotKey(job.subject_id))
    return tx => removeSnapshot(tx, job.subject_id)
  },
  failed: job => setSnapshot(job.subject_id, { status: 'error_deleting' }),
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
}
