// Makes tokens void. Disabling and deleting shows at once when a token is checked; these rows keep old tokens void
// after the user or project is enabled again, after a password change, and after a token is given back.
import type { Instant } from '../base/time.ts'
import { limits } from '../model/limits.ts'
import type { Db, Tx } from './tables.ts'

/** `audit:` one token; `chain:` a token and all made from it; the others: every token of that user, project, domain. */
export type Subject = `${'audit' | 'chain' | 'user' | 'project' | 'domain'}:${string}`

/** Voids the tokens of `subjects` issued until now; forgets rows whose tokens are long gone. */
export async function revoke(tx: Tx, now: Instant, subjects: readonly Subject[]): Promise<void> {
  await tx.deleteFrom('identity_revocations').where('keep_until', '<', now).execute()
  if (subjects.length === 0) return
  const revoked_at = await nextIssue(tx, now)
  await tx
    .insertInto('identity_revocations')
    .values(
      subjects.map(subject => ({
        subject,
        revoked_at,
        keep_until: revoked_at + limits.tokenLifetimeMs + limits.tokenExpiredWindowMs,
      })),
    )
    .onConflict(conflict =>
      conflict.column('subject').doUpdateSet(({ ref }) => ({
        revoked_at: ref('excluded.revoked_at'),
        keep_until: ref('excluded.keep_until'),
      })),
    )
    .execute()
}

/**
 * When a token is issued: now, but after every revocation so far. A revocation made in the same millisecond, or by a
 * process whose clock is ahead, must not void what is issued after it.
 */
export async function nextIssue(db: Db, now: Instant): Promise<Instant> {
  const last = await db
    .selectFrom('identity_revocations')
    .select(({ fn }) => fn.max('revoked_at').as('at'))
    .executeTakeFirst()
  return Math.max(now, (last?.at ?? 0) + 1)
}
