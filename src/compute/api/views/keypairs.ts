// How a key pair looks, by microversion.
import { isoMicros } from '../../../base/time.ts'
import type { KeypairRow } from '../../store/keypairs.ts'
import { compileView, type ViewRow } from './compile.ts'

type Row<C = void> = ViewRow<KeypairRow, C>

const common = [
  { key: 'name', value: keypair => keypair.name },
  { key: 'type', since: 'keypairTypes', value: keypair => keypair.type },
  { key: 'public_key', value: keypair => keypair.public_key },
  { key: 'fingerprint', value: keypair => keypair.fingerprint },
] as const satisfies readonly Row<never>[]

export const listKeypairView = compileView<KeypairRow>(common)

/** The context is the private key, which is shown this once; undefined for imported keys. */
export const createdKeypairView = compileView<KeypairRow, string | undefined>([
  ...common,
  { key: 'user_id', value: keypair => keypair.user_id },
  { key: 'private_key', value: (_keypair, privateKey) => privateKey },
])

export const showKeypairView = compileView<KeypairRow>([
  ...common,
  { key: 'user_id', value: keypair => keypair.user_id },
  { key: 'id', value: keypair => keypair.seq },
  { key: 'created_at', value: keypair => isoMicros(keypair.created_at) },
  { key: 'updated_at', value: () => null },
  { key: 'deleted', value: () => false },
  { key: 'deleted_at', value: () => null },
])
