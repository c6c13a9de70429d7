// KeypairPayload 1.0. The public key is public; the private one never comes here.
import type { KeypairRow } from '../store/keypairs.ts'
import { type NovaObject, payload } from './encode.ts'

export interface KeypairFacts extends Pick<KeypairRow, 'user_id' | 'name' | 'type'> {
  /** Null before it is computed (`keypair.create.start`, `keypair.import.start`). */
  readonly fingerprint: string | null
  /** Null before it is made (`keypair.create.start`). */
  readonly public_key: string | null
}

export const keypairPayload = (keypair: KeypairFacts): NovaObject =>
  payload('KeypairPayload', {
    user_id: keypair.user_id,
    name: keypair.name,
    fingerprint: keypair.fingerprint,
    public_key: keypair.public_key,
    type: keypair.type,
  })

/** Payload of the unversioned `keypair.*`; the project is the caller's. */
export const legacyKeypair = (keypair: KeypairFacts, projectId: string | null): object => ({
  tenant_id: projectId,
  user_id: keypair.user_id,
  key_name: keypair.name,
})
