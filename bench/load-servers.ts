// Servers put straight into the store, and what else is paged: key pairs, migrations, actions. Nothing of it runs.
import type { Insertable } from 'kysely'
import type { ComputeTables, ServersTable } from '../src/compute/tables.ts'
import type { Store } from '../src/platform/store/store.ts'

interface Load {
  readonly count: number
  readonly projectId: string
  readonly userId: string
}

const batch = 200
const day = 86_400_000
const uuid = (kind: number, index: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(index).padStart(12, '0')}`

/** Puts `count` servers, and as many key pairs and migrations, into the database of a cloud that is not running. */
export async function loadServers(store: Store, load: Load): Promise<void> {
  const born = Date.now() - 30 * day
  for (let from = 0; from < load.count; from += batch) {
    const indexes = Array.from({ length: Math.min(batch, load.count - from) }, (_, offset) => from + offset)
    await store.transaction<ComputeTables, void>(async tx => {
      await tx
        .insertInto('servers')
        .values(indexes.map(index => serverRow(load, index, born)))
        .execute()
      const tagged = indexes.filter(index => index % 10 === 0)
      if (tagged.length > 0)
        await tx
          .insertInto('server_tags')
          .values(tagged.map(index => ({ server_id: uuid(1, index), tag: 'blue' })))
          .execute()
      await tx
        .insertInto('keypairs')
        .values(
          indexes.map(index => ({
            seq: index + 1,
            user_id: load.userId,
            name: `key-${(index * 7919) % load.count}`,
            type: 'ssh' as const,
            public_key: 'ssh-ed25519 AAAA',
            fingerprint: '00:11:22',
            created_at: born,
          })),
        )
        .execute()
      await tx
        .insertInto('migrations')
        .values(
          indexes.map(index => ({
            id: index + 1,
            uuid: uuid(2, index),
            server_id: uuid(1, index),
            migration_type: 'resize' as const,
            status: 'confirmed',
            source_compute: 'host-1',
            source_node: 'host-1',
            dest_compute: 'host-2',
            dest_node: 'host-2',
            dest_host: '127.0.0.1',
            old_flavor_id: '1',
            new_flavor_id: '2',
            user_id: load.userId,
            project_id: load.projectId,
            wish: null,
            memory_total: null,
            memory_processed: null,
            memory_remaining: null,
            disk_total: null,
            disk_processed: null,
            disk_remaining: null,
            created_at: born + index,
            updated_at: born + index,
          })),
        )
        .execute()
    })
  }
}

const flavor = {
  id: '1',
  name: 'm1.tiny',
  vcpus: 1,
  memoryMb: 512,
  rootGb: 1,
  ephemeralGb: 0,
  swapMb: 0,
  rxtxFactor: 1,
  isPublic: true,
  disabled: false,
  description: null,
  extraSpecs: {},
}

function serverRow(
  { projectId, userId, count }: Load,
  index: number,
  born: number,
): Insertable<ServersTable> {
  // Names and changes come in another order than births.
  const shuffled = (index * 7919) % count
  const isFailed = index % 10 === 5
  const host = isFailed ? null : `host-${index % 10}`
  return {
    id: uuid(1, index),
    seq: 1_000_000 + index,
    project_id: projectId,
    user_id: userId,
    reservation_id: `r-${index}`,
    name: `web-${shuffled}`,
    description: null,
    hostname: `web-${shuffled}`,
    host,
    node: host,
    vm_state: isFailed ? 'error' : index % 10 === 6 ? 'stopped' : 'active',
    task_state: null,
    power_state: isFailed ? 0 : 1,
    progress: 0,
    block_devices_json: '[]',
    flavor_json: JSON.stringify(flavor),
    old_flavor_json: null,
    flavor_id: '1',
    image_id: uuid(3, 0),
    image_json: JSON.stringify({ id: uuid(3, 0), name: 'image', properties: {} }),
    key_name: null,
    user_data: null,
    config_drive: 0,
    availability_zone: 'nova',
    pinned_zone: null,
    access_ipv4: null,
    access_ipv6: null,
    auto_disk_config: 0,
    metadata_json: '{}',
    locked_by: null,
    locked_reason: null,
    hints_json: '{}',
    group_id: null,
    network_json: '[]',
    security_groups_json: '["default"]',
    requested_networks_json: '"none"',
    trusted_certs_json: null,
    root_device_name: '/dev/vda',
    launch_index: 0,
    previous_vm_state: null,
    shelved_image_id: null,
    created_at: born + index * 1000,
    updated_at: born + shuffled * 1000 + day,
    launched_at: isFailed ? null : born + index * 1000,
    terminated_at: null,
    deleted: 0,
    deleted_at: null,
    revision: 1_000_000 + index,
  }
}
