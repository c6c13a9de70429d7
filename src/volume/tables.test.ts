import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testStore } from '../../test/support/store.ts'
import { newUuid } from '../base/ids.ts'
import { tables } from '../platform/store/store.ts'
import { type VolumeTables, volumeMigrations } from './tables.ts'

test('volumes and snapshots of a cloud from before are counted for their types', async () => {
  const store = await testStore(volumeMigrations.filter(({ name }) => name < 'volume_0003'))
  try {
    const db = tables<VolumeTables>(store)
    const type = newUuid()
    const [one, two, snapshot] = [newUuid(), newUuid(), newUuid()]
    const made = { description: null, created_at: 1, updated_at: null }
    await db
      .insertInto('volume_types')
      .values({ ...made, id: type, name: 't', is_public: 1, is_default: 1 } as never)
      .execute()
    const volume = {
      ...made,
      project_id: 'p',
      user_id: 'u',
      name: null,
      status: 'available',
      previous_status: null,
      attach_status: 'detached',
      availability_zone: 'nova',
      type_id: type,
      snapshot_id: null,
      source_volid: null,
      bootable: 0,
      multiattach: 0,
      readonly: 0,
      written_bytes: 0,
    }
    await db
      .insertInto('volumes')
      .values([
        { ...volume, id: one, size: 2 },
        { ...volume, id: two, size: 3 },
      ] as never)
      .execute()
    const taken = {
      ...made,
      project_id: 'q',
      user_id: 'u',
      name: null,
      status: 'available',
      written_bytes: 0,
    }
    await db
      .insertInto('volume_snapshots')
      .values({ ...taken, id: snapshot, volume_id: two, size: 3 } as never)
      .execute()
    await store.migrate(volumeMigrations)
    const rows = await db
      .selectFrom('volume_usages')
      .selectAll()
      .orderBy('project_id')
      .orderBy('resource')
      .execute()
    assert.deepEqual(
      rows.map(({ project_id, resource, used }) => [project_id, resource.replace(type, 't'), Number(used)]),
      [
        ['p', 'gigabytes#t', 5],
        ['p', 'volumes#t', 2],
        ['q', 'gigabytes#t', 3],
        ['q', 'snapshots#t', 1],
      ],
    )
    const kept = await db.selectFrom('volumes').selectAll().where('id', '=', one).executeTakeFirst()
    assert.deepEqual([kept?.size, kept?.group_id], [2, null])
  } finally {
    await store.close()
  }
})
