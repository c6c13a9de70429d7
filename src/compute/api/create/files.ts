// `personality`: files put into a server when it is built, until 2.56. Bounded by quota (facts: limits-quotas.md §2).
import type { Kysely } from 'kysely'
import { fault } from '../../../model/errors.ts'
import type { InjectedFile } from '../../snapshots.ts'
import { limitsOf, type QuotaOwner } from '../../store/quotas.ts'
import type { ComputeTables } from '../../tables.ts'

/** The files, refused (403) when they are too many, too long in name, or too large. */
export async function readFiles(
  db: Kysely<ComputeTables>,
  owner: QuotaOwner,
  files: readonly InjectedFile[] = [],
): Promise<readonly InjectedFile[]> {
  if (files.length === 0) return []
  const { user } = await limitsOf(db, owner.projectId, owner.userId)
  const isOver = (limit: number, amount: number) => limit >= 0 && amount > limit
  if (isOver(user.injected_files, files.length)) throw fault('TooManyFiles')
  for (const { path, contents } of files) {
    if (isOver(user.injected_file_path_bytes, Buffer.byteLength(path)))
      throw fault('FilePathTooLong', { limit: user.injected_file_path_bytes })
    if (isOver(user.injected_file_content_bytes, Buffer.from(contents, 'base64').length))
      throw fault('FileTooLarge', { limit: user.injected_file_content_bytes })
  }
  return files
}
