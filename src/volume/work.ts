// Does what a 202 promised. A job is written in the transaction that accepts the request and forgotten in the one that
// writes its end; so a process that dies in between leaves it to the next one, which does it again from the beginning.
// Jobs that touch the same volume, snapshot or image run one after the other, in the order they were accepted.
import type { RequestId } from '../base/ids.ts'
import type { Clock } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import type { Call } from '../platform/http/call.ts'
import type { Log } from '../platform/journal/log.ts'
import { type Store, tables } from '../platform/store/store.ts'
import type { BackupFiles } from './backups/files.ts'
import type { VolumeFiles } from './files.ts'
import type { Ending } from './job.ts'
import { jobs } from './jobs.ts'
import type { VolumeNeighbours } from './neighbours.ts'
import { type Told, tell } from './services/messages.ts'
import type { VolumeTransaction } from './store.ts'
import type { VolumeJobKind, VolumeJobRow, VolumeTables } from './tables.ts'

export interface VolumeWork {
  /** There is, or may be, something to do. */
  wake(): void
  /** Resolves when nothing is left to do. */
  settled(): Promise<void>
  /** Begins nothing more, and waits for what runs; at most `ms`. */
  drain(ms: number): Promise<void>
}

export interface VolumeWorkDeps {
  readonly store: Store
  readonly clock: Clock
  readonly files: VolumeFiles
  readonly backups: BackupFiles
  readonly host: string
  readonly neighbours: VolumeNeighbours
  readonly log: Log
  readonly sleep: (ms: number) => Promise<void>
}

export function createVolumeWork(deps: VolumeWorkDeps): VolumeWork {
  const running = new Map<number, Promise<void>>()
  let looking: Promise<void> | null = null
  let isAskedAgain = false
  let isClosing = false

  function wake(): void {
    if (isClosing) return
    if (looking) {
      isAskedAgain = true
      return
    }
    looking = look()
      .catch(async (error: unknown) => {
        deps.log.error('The jobs of volumes could not be read', { error })
        isAskedAgain = true
        await deps.sleep(limits.volumeRetryMs)
      })
      .finally(() => {
        looking = null
        if (isAskedAgain) {
          isAskedAgain = false
          wake()
        }
      })
  }

  async function look(): Promise<void> {
    const waiting = await tables<VolumeTables>(deps.store)
      .selectFrom('volume_jobs')
      .selectAll()
      .orderBy('seq')
      .execute()
    const held = new Set<string>()
    for (const job of waiting) {
      const things = job.source_id === null ? [job.subject_id] : [job.subject_id, job.source_id]
      const isFree = !things.some(thing => held.has(thing))
      for (const thing of things) held.add(thing)
      if (isClosing || !isFree || running.has(job.seq) || running.size >= limits.volumeJobsRunningMax)
        continue
      running.set(
        job.seq,
        perform(deps, job)
          .catch(async (error: unknown) => {
            deps.log.error(`The end of ${job.kind} of ${job.subject_id} could not be written`, { error })
            await deps.sleep(limits.volumeRetryMs)
          })
          .finally(() => {
            running.delete(job.seq)
            wake()
          }),
      )
    }
  }

  return {
    wake,
    async settled() {
      wake()
      while (looking || running.size > 0) await Promise.all([looking, ...running.values()])
    },
    async drain(ms) {
      isClosing = true
      await Promise.race([Promise.all([looking, ...running.values()]), deps.sleep(ms)])
    },
  }
}

async function perform(deps: VolumeWorkDeps, job: VolumeJobRow): Promise<void> {
  const ids = {
    requestId: job.request_id as RequestId, // written from one
    globalRequestId: job.global_request_id as RequestId | null, // likewise
  }
  const log = deps.log.under({ ...ids, auth: null })
  const context = { ...deps, on: { ids, log } }
  const { run, failed, told, cleanUp } = jobs[job.kind]
  let ending: Ending
  let message: Told | null = null
  try {
    ending = await run(context, job)
  } catch (error) {
    log.error(`${job.kind} of ${job.subject_id} failed`, { error })
    await cleanUp?.(context, job).catch((left: unknown) =>
      log.error(`What ${job.kind} of ${job.subject_id} left could not be removed`, { error: left }),
    )
    ending = failed(job, error)
    message = told?.(job, error) ?? null
  }
  const now = deps.clock.now()
  await deps.store.accept(async (tx: VolumeTransaction) => {
    const caller = { ...ids, projectId: job.project_id }
    await ending(tx, now, next => writeJobs(tx, caller, [next]))
    if (message && job.project_id !== null)
      await tell(tx, message, { projectId: job.project_id, requestId: job.request_id }, now)
    await tx.deleteFrom('volume_jobs').where('seq', '=', job.seq).execute()
  })
}

export interface NewJob {
  readonly kind: VolumeJobKind
  readonly subject: string
  readonly source?: string | null
  readonly args?: object
}

/** Writes a job into the transaction that accepts a request. Wake the work when it is committed. */
export const addJob = (tx: VolumeTransaction, call: Call<unknown>, job: NewJob): Promise<void> =>
  addJobs(tx, call, [job])

/** The same for several, in their order. */
export const addJobs = (tx: VolumeTransaction, call: Call<unknown>, jobs: readonly NewJob[]): Promise<void> =>
  writeJobs(tx, { ...call, projectId: call.auth.project?.id ?? null }, jobs)

/** For whom, and under which ids, a job is done. */
interface JobCaller {
  readonly requestId: string
  readonly globalRequestId: string | null
  readonly projectId: string | null
}

async function writeJobs(tx: VolumeTransaction, caller: JobCaller, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length === 0) return
  const { last } = await tx
    .insertInto('volume_job_numbers')
    .values({ id: 1, last: jobs.length })
    .onConflict(conflict =>
      conflict.column('id').doUpdateSet(eb => ({ last: eb('volume_job_numbers.last', '+', jobs.length) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('volume_jobs')
    .values(
      jobs.map((job, index) => ({
        seq: last - jobs.length + 1 + index,
        kind: job.kind,
        subject_id: job.subject,
        source_id: job.source ?? null,
        args: JSON.stringify(job.args ?? {}),
        request_id: caller.requestId,
        global_request_id: caller.globalRequestId,
        project_id: caller.projectId,
      })),
    )
    .execute()
}

/** At start-up: files of volumes, snapshots and backups that are not in the database are removed, and what was left is done. */
export async function recoverVolumes(deps: VolumeWorkDeps, work: VolumeWork): Promise<void> {
  const db = tables<VolumeTables>(deps.store)
  const [volumes, snapshots, files, backups, backupIds] = await Promise.all([
    db.selectFrom('volumes').select('id').execute(),
    db.selectFrom('volume_snapshots').select('id').execute(),
    deps.files.list(),
    db.selectFrom('volume_backups').select('data_id').execute(),
    deps.backups.list(),
  ])
  const owned = new Set([
    ...volumes.map(({ id }) => `volume-${id}`),
    ...snapshots.map(({ id }) => `snapshot-${id}`),
  ])
  for (const name of files)
    if (!owned.has(name)) {
      deps.log.warning(`Removing ${name}: no volume and no snapshot owns it`)
      await deps.files.removeNamed(name)
    }
  const backedUp = new Set(backups.map(({ data_id }) => data_id))
  for (const id of backupIds)
    if (!backedUp.has(id)) {
      deps.log.warning(`Removing backup ${id}: nobody owns it`)
      await deps.backups.remove(id)
    }
  work.wake()
}
