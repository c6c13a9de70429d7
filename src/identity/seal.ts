// Secrets that have to be read again, unlike passwords: sealed with a key of the database's own, so that a row alone
// tells nothing (keystone/credential/providers/fernet).
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Db } from './tables.ts'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

export interface Seal {
  /** The text sealed, and bound to the id of the row that keeps it. */
  close(text: string, id: string): string
  /** The text again. Throws when it was changed, or belongs to another row. */
  open(sealed: string, id: string): string
}

/** The seal of this database. */
export async function readSeal(db: Db): Promise<Seal> {
  const { secret } = await db
    .selectFrom('identity_keys')
    .select('secret')
    .where('id', '=', 'credential')
    .executeTakeFirstOrThrow()
  return createSeal(Buffer.from(secret, 'base64url'))
}

/** `key`: 32 bytes. */
export const createSeal = (key: Buffer): Seal => ({
  close(text, id) {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(id))
    const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), content]).toString('base64url')
  },
  open(sealed, id) {
    const bytes = Buffer.from(sealed, 'base64url')
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes))
      .setAAD(Buffer.from(id))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
  },
})
