// What a new cloud has: the type of volumes that name none (cinder/volume/volume_types.py, DEFAULT_VOLUME_TYPE).
import { newUuid } from '../base/ids.ts'
import type { VolumeDeps } from './deps.ts'
import { legacyTypeName, type VolumeTransaction } from './store.ts'

/** Makes the default type, once. It can be renamed and described anew, and never deleted. */
export async function bootstrapVolume({ store, clock }: Pick<VolumeDeps, 'clock' | 'store'>): Promise<void> {
  const type = {
    id: newUuid(),
    name: '__DEFAULT__',
    description: 'Default Volume Type',
    is_public: 1,
    is_default: 1,
    qos_id: null,
    created_at: clock.now(),
    updated_at: null,
  }
  await store.accept(async (tx: VolumeTransaction) => {
    const known = await tx
      .selectFrom('volume_types')
      .select('id')
      .where('is_default', '=', 1)
      .executeTakeFirst()
    if (!known) await tx.insertInto('volume_types').values(type).execute()
  })
  await bootstrapGroupType({ store, clock })
}

/** The group type consistency groups are of (cinder's migration scripts make it). */
async function bootstrapGroupType({ store, clock }: Pick<VolumeDeps, 'clock' | 'store'>): Promise<void> {
  const row = {
    id: newUuid(),
    name: legacyTypeName,
    description: 'Default group type for migrating cgsnapshot',
    is_public: 1,
    created_at: clock.now(),
    updated_at: null,
  }
  await store.accept(async (tx: VolumeTransaction) => {
    const known = await tx
      .selectFrom('volume_group_types')
      .select('id')
      .where('name', '=', legacyTypeName)
      .executeTakeFirst()
    if (known) return
    await tx.insertInto('volume_group_types').values(row).execute()
    await tx
      .insertInto('volume_group_type_specs')
      .values({ group_type_id: row.id, name: 'consistent_group_snapshot_enabled', value: '<is> True' })
      .execute()
  })
}
