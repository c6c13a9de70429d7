// What every job has: what it is given, how its end is written, and the ends that many share.
import { sql } from 'kysely'
import type { Instant } from '../base/time.ts'
import type { VolumeStatus } from '../model/volume-states.ts'
import type { OnBehalf } from '../platform/http/session.ts'
import type { Store } from '../platform/store/store.ts'
import { tables } from '../platform/store/store.ts'
import type { BackupFiles } from './backups/files.ts'
import type { VolumeFiles } from './files.ts'
import type { VolumeNeighbours } from './neighbours.ts'
import type { Told } from './services/messages.ts'
import type { VolumeTransaction } from './store.ts'
import type { VolumeJobKind, VolumeJobRow, VolumeRow, VolumeSnapshotRow, VolumeTables } from './tables.ts'

export interface JobContext {
  readonly store: Store
  readonly files: VolumeFiles
  readonly backups: BackupFiles
  /** The machine all of it runs on. */
  readonly host: string
  readonly neighbours: VolumeNeighbours
  readonly on: OnBehalf
}

/** Writes how a job ended, in the transaction that also forgets it; `next` adds what is to be done after it. */
export type Ending = (tx: VolumeTransaction, now: Instant, next: AddNext) => Promise<unknown>
export type AddNext = (job: { readonly kind: VolumeJobKind; readonly subject: string }) => Promise<void>

export interface Job {
  run(context: JobContext, job: VolumeJobRow): Promise<Ending>
  failed(job: VolumeJobRow, error: unknown): Ending
  /** What the user is told when it failed; nobody is where there is nothing to say. */
  told?(job: VolumeJobRow, error: unknown): Told
  /** What is left to do outside when it failed. */
  cleanUp?(context: JobContext, job: VolumeJobRow): Promise<void>
}

export const volumeKey = (id: string) => ({ kind: 'volume', id }) as const
export const snapshotKey = (id: string) => ({ kind: 'snapshot', id }) as const

export const setVolume =
  (id: string, change: Partial<VolumeRow>): Ending =>
  (tx, now) =>
    tx
      .updateTable('volumes')
      .set({ ...change, updated_at: now })
      .where('id', '=', id)
      .execute()

export const setSnapshot =
  (id: string, change: Partial<VolumeSnapshotRow>): Ending =>
  (tx, now) =>
    tx
      .updateTable('volume_snapshots')
      .set({ ...change, updated_at: now })
      .where('id', '=', id)
      .execute()

/** Back to what it was before it was busy. */
export const backToPrevious =
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

export const volumeOf = ({ store }: JobContext, id: string): Promise<VolumeRow> =>
  tables<VolumeTables>(store).selectFrom('volumes').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

export const snapshotOf = ({ store }: JobContext, id: string): Promise<VolumeSnapshotRow> =>
  tables<VolumeTables>(store)
    .selectFrom('volume_snapshots')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

/** One ending after the other. */
export const both =
  (...endings: readonly Ending[]): Ending =>
  async (tx, now, next) => {
    for (const ending of endings) await ending(tx, now, next)
  }
