// Volumes as hosts have them: by the names of their files, which is what connections tell. What a machine writes has to
// be counted, or it would not be read again.
import type { Store } from '../platform/store/store.ts'
import { tables } from '../platform/store/store.ts'
import { fileName, type VolumeFiles } from './files.ts'
import type { VolumeTables } from './tables.ts'

export interface HostVolumes {
  /** Writes what one volume holds to another; both are named as connections name them. */
  copy(from: string, to: string): Promise<void>
}

const prefix = fileName({ kind: 'volume', id: '' })
const keyOf = (name: string) => ({ kind: 'volume', id: name.slice(prefix.length) }) as const

export const hostVolumes = ({
  store,
  files,
}: {
  readonly store: Store
  readonly files: VolumeFiles
}): HostVolumes => ({
  async copy(from, to) {
    if (from === to) return
    const [source, target] = [keyOf(from), keyOf(to)]
    const rows = await tables<VolumeTables>(store)
      .selectFrom('volumes')
      .select(['id', 'size', 'written_bytes'])
      .where('id', 'in', [source.id, target.id])
      .execute()
    const [old, fresh] = [source, target].map(({ id }) => rows.find(row => row.id === id))
    if (!old || !fresh) throw new Error(`no volume has the file ${old ? to : from}`)
    const written = await files.write(target, fresh.size, files.read(source, Number(old.written_bytes)))
    await store.transaction<VolumeTables, unknown>(tx =>
      tx.updateTable('volumes').set({ written_bytes: written }).where('id', '=', fresh.id).execute(),
    )
  },
})
