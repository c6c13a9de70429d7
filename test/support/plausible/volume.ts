// Plausible requests to the volume service.
import type { Plausible, PlausibleTable, World } from './plausible.ts'
import { volumeMorePlausible } from './volume-more.ts'
import { madeType, madeVolume } from './volume-things.ts'

const plain = () => ({})
const nobody = '11111111-2222-3333-4444-555555555555'

const quotas = ({ cloud }: World) => ({ params: { project: cloud.projectId.demo } })

const type = async (world: World): Promise<Plausible> => ({
  as: 'admin',
  params: { type_id: await world.once('volume type', () => madeType(world)), key: 'speed' },
})

const volume = async (world: World): Promise<Plausible> => ({
  params: { volume_id: await world.once('volume', () => madeVolume(world)), key: 'key' },
})

const madeSnapshot = async (world: World): Promise<string> => {
  const volume_id = await madeVolume(world)
  const given = { volume_id, name: world.name(), metadata: { key: 'value' } }
  const { snapshot } = await world.make('/volume/v3/snapshots', { snapshot: given }, 'demo')
  await world.cloud.settled()
  return snapshot.id
}

const snapshot = async (world: World): Promise<Plausible> => ({
  params: { snapshot_id: await world.once('volume snapshot', () => madeSnapshot(world)), key: 'key' },
})

const attachment = async (world: World): Promise<Plausible> => {
  const given = { volume_uuid: await madeVolume(world), instance_uuid: nobody }
  const made = await world.make('/volume/v3/attachments', { attachment: given }, 'demo')
  return { params: { attachment_id: made.attachment.id } }
}

/** The routes of metadata, which volumes and snapshots have alike. */
const metadataRows = (
  path: string,
  of: (world: World) => Promise<Plausible>,
  fresh: (world: World) => Promise<Plausible>,
): PlausibleTable => ({
  [`GET ${path}/metadata`]: of,
  [`POST ${path}/metadata`]: async world => ({ ...(await of(world)), body: { metadata: { more: 'x' } } }),
  [`PUT ${path}/metadata`]: async world => ({ ...(await fresh(world)), body: { metadata: { less: 'x' } } }),
  [`GET ${path}/metadata/{key}`]: of,
  [`PUT ${path}/metadata/{key}`]: async world => ({ ...(await of(world)), body: { meta: { key: 'other' } } }),
  [`DELETE ${path}/metadata/{key}`]: fresh,
})

export const volumePlausible: PlausibleTable = {
  'GET /': plain,
  'GET /limits': plain,
  'GET /os-quota-sets/{project}': quotas,
  'GET /os-quota-sets/{project}/defaults': quotas,
  'PUT /os-quota-sets/{project}': world => ({
    ...quotas(world),
    as: 'admin',
    body: { quota_set: { volumes: -1, gigabytes: -1 } },
  }),
  // A project nobody has, so that those the tests use keep theirs.
  'DELETE /os-quota-sets/{project}': () => ({ as: 'admin', params: { project: nobody } }),
  'GET /os-quota-class-sets/{class}': () => ({ as: 'admin', params: { class: 'default' } }),

  'GET /types': plain,
  'POST /types': world => ({
    as: 'admin',
    body: { volume_type: { name: world.name(), description: 'made up', extra_specs: { speed: 'high' } } },
  }),
  'GET /types/{type_id}': type,
  'PUT /types/{type_id}': async world => ({
    ...(await type(world)),
    body: { volume_type: { description: 'changed' } },
  }),
  'DELETE /types/{type_id}': async world => ({
    as: 'admin',
    params: { type_id: await madeType(world) },
    status: 202,
  }),
  'GET /types/{type_id}/extra_specs': type,
  'POST /types/{type_id}/extra_specs': async world => ({
    ...(await type(world)),
    body: { extra_specs: { colour: 'blue' } },
  }),
  'GET /types/{type_id}/extra_specs/{key}': type,
  'PUT /types/{type_id}/extra_specs/{key}': async world => ({
    ...(await type(world)),
    body: { speed: 'low' },
  }),
  'DELETE /types/{type_id}/extra_specs/{key}': async world => ({
    as: 'admin',
    params: { type_id: await madeType(world), key: 'speed' },
    status: 202,
  }),
  'GET /types/{type_id}/os-volume-type-access': async world => ({
    as: 'admin',
    params: { type_id: await madeType(world, { 'os-volume-type-access:is_public': false }) },
  }),
  'POST /types/{type_id}/action': async world => ({
    as: 'admin',
    params: { type_id: await madeType(world, { 'os-volume-type-access:is_public': false }) },
    body: { addProjectAccess: { project: world.cloud.projectId.demo } },
    status: 202,
  }),

  'GET /volumes': () => ({ query: 'limit=2&sort=name:asc&status=available' }),
  'POST /volumes': world => ({
    body: { volume: { size: 1, name: world.name(), description: 'made up', metadata: { use: 'tests' } } },
    variants: [{ volume: { size: 1, imageRef: world.cloud.imageId } }],
    status: 202,
  }),
  'GET /volumes/detail': () => ({ query: 'limit=2&with_count=true&sort=created_at:desc' }),
  'GET /volumes/summary': plain,
  'GET /volumes/{volume_id}': volume,
  'PUT /volumes/{volume_id}': async world => ({
    ...(await volume(world)),
    body: { volume: { name: world.name(), description: 'changed' } },
  }),
  'DELETE /volumes/{volume_id}': async world => ({
    params: { volume_id: await madeVolume(world) },
    status: 202,
  }),
  ...metadataRows('/volumes/{volume_id}', volume, async world => ({
    params: { volume_id: await madeVolume(world), key: 'key' },
  })),

  'POST /volumes/{volume_id}/action': async world => ({
    params: { volume_id: await madeVolume(world) },
    body: { 'os-extend': { new_size: 2 } },
    variants: [
      { 'os-reserve': null },
      { 'os-attach': { host_name: 'somewhere', mountpoint: '/dev/vdb', mode: 'ro' } },
      { 'os-volume_upload_image': { image_name: 'copy', disk_format: 'raw', container_format: 'bare' } },
      { 'os-set_bootable': { bootable: true } },
      { 'os-initialize_connection': { connector: { host: 'somewhere' } } },
      { 'os-set_image_metadata': { metadata: { os: 'linux' } } },
      { 'os-reimage': { image_id: world.cloud.imageId, reimage_reserved: true } },
      { 'os-extend_volume_completion': { error: false } },
      { 'os-migrate_volume': { host: 'here@file#file', force_host_copy: false } },
      { 'os-migrate_volume_completion': { new_volume: nobody, error: false } },
    ],
    status: 202,
  }),

  'GET /attachments': () => ({ query: 'limit=2&status=reserved' }),
  'POST /attachments': async world => ({
    body: {
      attachment: {
        volume_uuid: await madeVolume(world),
        instance_uuid: nobody,
        connector: { host: 'host-1', mountpoint: '/dev/vdb' },
        mode: 'rw',
      },
    },
  }),
  'GET /attachments/detail': plain,
  'GET /attachments/{attachment_id}': attachment,
  'PUT /attachments/{attachment_id}': async world => ({
    ...(await attachment(world)),
    body: { attachment: { connector: { host: 'host-1', mountpoint: '/dev/vdb' } } },
  }),
  'DELETE /attachments/{attachment_id}': attachment,
  'POST /attachments/{attachment_id}/action': async world => ({
    ...(await attachment(world)),
    body: { 'os-complete': null },
    status: 204,
  }),

  'GET /snapshots': () => ({ query: 'limit=2&sort=name:asc' }),
  'POST /snapshots': async world => ({
    body: { snapshot: { volume_id: await madeVolume(world), name: world.name() } },
    status: 202,
  }),
  'GET /snapshots/detail': () => ({ query: 'status=available' }),
  'GET /snapshots/{snapshot_id}': snapshot,
  'PUT /snapshots/{snapshot_id}': async world => ({
    ...(await snapshot(world)),
    body: { snapshot: { name: world.name() } },
  }),
  'DELETE /snapshots/{snapshot_id}': async world => ({
    params: { snapshot_id: await madeSnapshot(world) },
    status: 202,
  }),
  'POST /snapshots/{snapshot_id}/action': async world => ({
    as: 'admin',
    params: { snapshot_id: await madeSnapshot(world) },
    body: { 'os-reset_status': { status: 'error' } },
    status: 202,
  }),
  ...metadataRows('/snapshots/{snapshot_id}', snapshot, async world => ({
    params: { snapshot_id: await madeSnapshot(world), key: 'key' },
  })),

  'GET /os-availability-zone': plain,
  'GET /extensions': plain,
  'GET /extensions/{alias}': () => ({ params: { alias: 'backups' } }),

  ...volumeMorePlausible,
}
