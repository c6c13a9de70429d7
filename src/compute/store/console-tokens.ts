// Console tokens: kept as hashes, so that whoever reads the database reaches no console.
import { createHash } from 'node:crypto'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { newUuid } from '../../base/ids.ts'
import type { Instant } from '../../base/time.ts'
import { limits } from '../../model/limits.ts'
import type { ComputeTables, ConsoleTokensTable } from '../tables.ts'

export type ConsoleTokenRow = Readonly<Selectable<ConsoleTokensTable>>

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

/** A new token for a console; those that have had their time go with it. */
export async function addConsoleToken(
  tx: Transaction<ComputeTables>,
  console: Omit<ConsoleTokenRow, 'token_hash' | 'expires_at'>,
  now: Instant,
): Promise<string> {
  await tx.deleteFrom('console_tokens').where('expires_at', '<=', now).execute()
  const token = newUuid()
  await tx
    .insertInto('console_tokens')
    .values({ ...console, token_hash: hashOf(token), expires_at: now + limits.consoleTokenMs })
    .execute()
  return token
}

/** The console a token leads to, while its server is on the host it was asked for on. */
export const findConsoleToken = (
  db: Kysely<ComputeTables>,
  token: string,
  now: Instant,
): Promise<ConsoleTokenRow | undefined> =>
  db
    .selectFrom('console_tokens')
    .innerJoin('servers', 'servers.id', 'console_tokens.server_id')
    .selectAll('console_tokens')
    .where('token_hash', '=', hashOf(token))
    .where('expires_at', '>', now)
    .where('servers.deleted', '=', 0)
    .whereRef('servers.host', '=', 'console_tokens.server_host')
    .executeTakeFirst()
