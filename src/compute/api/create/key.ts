// The key pair a create or rebuild names.
import { fault } from '../../../model/errors.ts'
import { tables } from '../../../platform/store/store.ts'
import { findKeypair } from '../../store/keypairs.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'

/** The public key to put into the server; null without a name; refuses (400) a name the caller has no key under. */
export async function findKeyFor(call: ComputeCall, name: string | null | undefined): Promise<string | null> {
  if (name === null || name === undefined) return null
  const found = await findKeypair(tables<ComputeTables>(call.deps.store), call.auth.userId, name)
  if (!found) throw fault('KeyNameNotFound')
  return found.public_key
}
