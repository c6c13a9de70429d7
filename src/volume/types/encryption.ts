// How volumes of a type are to be encrypted (cinder/api/contrib/volume_type_encryption.py). There is no key manager, so
// that volumes of such a type cannot be made: they are refused as by a Cinder whose key manager does not answer.
import { newUuid } from '../../base/ids.ts'
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { violation } from '../../platform/store/violations.ts'
import { dbOf, findVolume, type VolumeCall } from '../access.ts'
import type { Db, VolumeTransaction } from '../store.ts'
import { findType } from '../types.ts'
import type { VolumeTypeEncryptionRow } from './tables.ts'

const readEncryption = (db: Db, typeId: string): Promise<VolumeTypeEncryptionRow | undefined> =>
  db.selectFrom('volume_type_encryptions').selectAll().where('type_id', '=', typeId).executeTakeFirst()

/** Whether volumes of the type are to be encrypted. */
export const isEncrypted = async (db: Db, typeId: string): Promise<boolean> =>
  (await readEncryption(db, typeId)) !== undefined

const encryptionView = (row: VolumeTypeEncryptionRow) => ({
  volume_type_id: row.type_id,
  encryption_id: row.encryption_id,
  provider: row.provider,
  control_location: row.control_location,
  cipher: row.cipher,
  key_size: row.key_size,
  created_at: isoMicros(row.created_at),
  updated_at: row.updated_at === null ? null : isoMicros(row.updated_at),
  deleted: false,
  deleted_at: null,
})

/** The encryption of the type, an empty object where it has none. */
export async function listEncryption(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:volume_type_encryption:get')
  const type = await findType(call, call.params.type_id!) // in the route's path
  const row = await readEncryption(dbOf(call), type.id)
  return json(200, row ? encryptionView(row) : {})
}

/** One field of it: `{"cipher": …}`. */
export async function showEncryption(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:volume_type_encryption:get')
  const type = await findType(call, call.params.type_id!) // in the route's path
  const row = await readEncryption(dbOf(call), type.id)
  const fields: Readonly<Record<string, unknown>> = row ? encryptionView(row) : {}
  const name = call.params.id! // likewise
  if (!Object.hasOwn(fields, name)) throw fault('VolumeEncryptionNotFound', { type: type.id })
  return json(200, { [name]: fields[name] })
}

interface EncryptionBody {
  readonly encryption: {
    readonly provider?: string
    readonly control_location?: string
    readonly cipher?: string | null
    readonly key_size?: number | string | null
  }
}

/** The body as it is kept and answered: the key's size is a number. */
const keptOf = ({ encryption: given }: EncryptionBody) => ({
  ...given,
  ...(given.key_size == null ? {} : { key_size: Number(given.key_size) }),
})

/** A type with volumes keeps what it says of them. */
async function refuseInUse(db: Db, typeId: string, verb: string): Promise<void> {
  const volume = await db.selectFrom('volumes').select('id').where('type_id', '=', typeId).executeTakeFirst()
  if (volume)
    throw fault('VolumeBadRequest', { reason: `Cannot ${verb} encryption specs. Volume type in use.` })
}

export async function createEncryption(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:volume_type_encryption:create')
  const type = await findType(call, call.params.type_id!) // in the route's path
  const kept = keptOf(call.body as EncryptionBody) // as its schema says
  const row: VolumeTypeEncryptionRow = {
    type_id: type.id,
    encryption_id: newUuid(),
    provider: kept.provider ?? '',
    control_location: kept.control_location ?? '',
    cipher: kept.cipher ?? null,
    key_size: kept.key_size === undefined || kept.key_size === null ? null : Number(kept.key_size),
    created_at: call.deps.clock.now(),
    updated_at: null,
  }
  await refuseInUse(dbOf(call), type.id, 'create')
  try {
    await call.deps.store.accept((tx: VolumeTransaction) =>
      tx.insertInto('volume_type_encryptions').values(row).execute(),
    )
  } catch (cause) {
    throw violation(cause) === 'unique'
      ? fault('VolumeEncryptionExists', { type: type.id }, { cause })
      : cause
  }
  const { type_id: volume_type_id, encryption_id } = row
  return json(200, { encryption: { ...kept, volume_type_id, encryption_id } })
}

export async function updateEncryption(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:volume_type_encryption:update')
  const type = await findType(call, call.params.type_id!) // in the route's path
  await refuseInUse(dbOf(call), type.id, 'update')
  const kept = keptOf(call.body as EncryptionBody) // as its schema says
  const change = {
    ...(kept.provider === undefined ? {} : { provider: kept.provider }),
    ...(kept.control_location === undefined ? {} : { control_location: kept.control_location }),
    ...(kept.cipher === undefined ? {} : { cipher: kept.cipher }),
    ...(kept.key_size === undefined
      ? {}
      : { key_size: kept.key_size === null ? null : Number(kept.key_size) }),
    updated_at: call.deps.clock.now(),
  }
  const { numUpdatedRows } = await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.updateTable('volume_type_encryptions').set(change).where('type_id', '=', type.id).executeTakeFirst(),
  )
  if (numUpdatedRows === 0n) throw fault('VolumeEncryptionNotFound', { type: type.id })
  return json(200, { encryption: kept })
}

export async function deleteEncryption(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:volume_type_encryption:delete')
  const typeId = call.params.type_id! // in the route's path
  await refuseInUse(dbOf(call), typeId, 'delete')
  const { numDeletedRows } = await call.deps.store.accept((tx: VolumeTransaction) =>
    tx.deleteFrom('volume_type_encryptions').where('type_id', '=', typeId).executeTakeFirst(),
  )
  if (numDeletedRows === 0n) throw fault('VolumeEncryptionNotFound', { type: typeId })
  return empty(202)
}

/** GET /volumes/{id}/encryption: no volume has a key (cinder/api/contrib/volume_encryption_metadata.py). */
export async function showVolumeEncryption(call: VolumeCall): Promise<Reply> {
  const rule = 'volume_extension:volume_encryption_metadata'
  await findVolume(call, rule, call.params.volume_id!) // in the route's path
  return json(200, { encryption_key_id: null })
}
