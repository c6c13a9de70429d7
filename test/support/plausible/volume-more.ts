// Plausible requests to the volume service beside volumes, snapshots and types: transfers, backups, groups, services.
import { hostname } from 'node:os'
import type { Plausible, PlausibleTable, World } from './plausible.ts'
import { madeType, madeVolume } from './volume-things.ts'

const plain = () => ({})
const asAdmin = () => ({ as: 'admin' as const })
const backend = `${hostname()}@file`

const madeTransfer = async (world: World, path: string) => {
  const given = { volume_id: await madeVolume(world), name: world.name() }
  return (await world.make(`/volume/v3${path}`, { transfer: given }, 'demo')).transfer
}

const transferRows = (path: string): PlausibleTable => ({
  [`GET ${path}`]: plain,
  [`POST ${path}`]: async world => ({
    body: { transfer: { volume_id: await madeVolume(world), name: world.name() } },
    status: 202,
  }),
  [`GET ${path}/detail`]: plain,
  [`GET ${path}/{id}`]: async world => ({ params: { id: (await madeTransfer(world, path)).id } }),
  [`DELETE ${path}/{id}`]: async world => ({
    params: { id: (await madeTransfer(world, path)).id },
    status: 202,
  }),
  [`POST ${path}/{id}/accept`]: async world => {
    const { id, auth_key } = await madeTransfer(world, path)
    return { as: 'admin', params: { id }, body: { accept: { auth_key } }, status: 202 }
  },
})

const madeQos = async (world: World): Promise<string> =>
  (
    await world.make('/volume/v3/qos-specs', {
      qos_specs: { name: world.name(), consumer: 'front-end', read_iops_sec: '1000' },
    })
  ).qos_specs.id
const qos = async (world: World): Promise<Plausible> => ({
  as: 'admin',
  params: { id: await world.once('volume qos', () => madeQos(world)) },
})
const withType = async (world: World): Promise<Plausible> => ({
  ...(await qos(world)),
  query: `vol_type_id=${await madeType(world)}`,
  status: 202,
})

const encryption = {
  provider: 'luks',
  control_location: 'front-end',
  cipher: 'aes-xts-plain64',
  key_size: 256,
}
const encrypted = async (world: World): Promise<Plausible> => {
  const type_id = await madeType(world)
  await world.make(`/volume/v3/types/${type_id}/encryption`, { encryption })
  return { as: 'admin', params: { type_id, id: 'cipher' } }
}

const project = ({ cloud }: World): Plausible => ({ as: 'admin', params: { project: cloud.projectId.admin } })

const madeBackup = async (world: World): Promise<string> => {
  const given = { volume_id: await madeVolume(world), name: world.name() }
  const { backup } = await world.make('/volume/v3/backups', { backup: given }, 'demo')
  await world.cloud.settled()
  return backup.id
}
const backup = async (world: World): Promise<Plausible> => ({
  params: { id: await world.once('volume backup', () => madeBackup(world)) },
})
const freshBackup = async (world: World): Promise<Plausible> => ({
  params: { id: await madeBackup(world) },
  status: 202,
})

const madeGroupType = async (world: World): Promise<string> =>
  (
    await world.make('/volume/v3/group_types', {
      group_type: { name: world.name(), group_specs: { colour: 'blue' } },
    })
  ).group_type.id
const groupType = async (world: World): Promise<Plausible> => ({
  as: 'admin',
  params: { type_id: await world.once('volume group type', () => madeGroupType(world)), key: 'colour' },
})
const freshGroupType = async (world: World): Promise<Plausible> => ({
  as: 'admin',
  params: { type_id: await madeGroupType(world), key: 'colour' },
  status: 202,
})
const plainGroupType = (world: World): Promise<string> =>
  world.once(
    'plain volume group type',
    async () =>
      (await world.make('/volume/v3/group_types', { group_type: { name: world.name() } })).group_type.id,
  )

const madeGroup = async (world: World): Promise<string> => {
  const given = {
    name: world.name(),
    group_type: await plainGroupType(world),
    volume_types: ['__DEFAULT__'],
  }
  return (await world.make('/volume/v3/groups', { group: given }, 'demo')).group.id
}
const group = async (world: World): Promise<Plausible> => ({
  params: { id: await world.once('volume group', () => madeGroup(world)) },
})
const madeGroupSnapshot = async (world: World): Promise<string> => {
  const group_id = await madeGroup(world)
  await madeVolume(world, { volume_type: '__DEFAULT__', group_id })
  const made = await world.make('/volume/v3/group_snapshots', { group_snapshot: { group_id } }, 'demo')
  await world.cloud.settled()
  return made.group_snapshot.id
}
const groupSnapshot = async (world: World): Promise<Plausible> => ({
  params: { id: await world.once('volume group snapshot', () => madeGroupSnapshot(world)) },
})

const madeConsistencyGroup = async (world: World): Promise<string> => {
  const given = { name: world.name(), volume_types: '__DEFAULT__' }
  return (await world.make('/volume/v3/consistencygroups', { consistencygroup: given }, 'demo'))
    .consistencygroup.id
}
const consistencyGroup = async (world: World): Promise<Plausible> => ({
  params: { id: await madeConsistencyGroup(world) },
})
const madeCgSnapshot = async (world: World): Promise<string> => {
  const consistencygroup_id = await madeConsistencyGroup(world)
  await madeVolume(world, { volume_type: '__DEFAULT__', consistencygroup_id })
  const made = await world.make('/volume/v3/cgsnapshots', { cgsnapshot: { consistencygroup_id } }, 'demo')
  await world.cloud.settled()
  return made.cgsnapshot.id
}
const cgSnapshot = async (world: World): Promise<Plausible> => ({
  params: { id: await madeCgSnapshot(world) },
})

const manageRows = (volumes: string, snapshots: string): PlausibleTable => ({
  [`GET ${volumes}`]: () => ({ as: 'admin', query: `host=${backend}` }),
  [`GET ${volumes}/detail`]: () => ({ as: 'admin', query: `host=${backend}&sort=size:asc` }),
  [`POST ${volumes}`]: world => ({
    as: 'admin',
    body: { volume: { host: backend, ref: { 'source-name': 'nothing' }, name: world.name() } },
    status: 202,
  }),
  [`GET ${snapshots}`]: () => ({ as: 'admin', query: `host=${backend}` }),
  [`GET ${snapshots}/detail`]: () => ({ as: 'admin', query: `host=${backend}` }),
  [`POST ${snapshots}`]: async world => ({
    as: 'admin',
    body: { snapshot: { volume_id: await madeVolume(world), ref: { 'source-name': 'nothing' } } },
    status: 202,
  }),
})

/** A user message: the type of the volume asks for what no backend has. */
const message = async (world: World): Promise<Plausible> => {
  const type = await madeType(world, { extra_specs: { vendor_name: 'nobody' } })
  const id = await madeVolume(world, { volume_type: type })
  const { messages } = await world.get('/volume/v3/messages', 'demo')
  return { params: { id: messages.find((one: { resource_uuid: string }) => one.resource_uuid === id).id } }
}

export const volumeMorePlausible: PlausibleTable = {
  ...transferRows('/os-volume-transfer'),
  ...transferRows('/volume-transfers'),

  'GET /qos-specs': asAdmin,
  'POST /qos-specs': world => ({
    as: 'admin',
    body: { qos_specs: { name: world.name(), consumer: 'back-end', read_iops_sec: '1000' } },
  }),
  'GET /qos-specs/{id}': qos,
  'PUT /qos-specs/{id}': async world => ({
    ...(await qos(world)),
    body: { qos_specs: { write_iops_sec: '10' } },
  }),
  'DELETE /qos-specs/{id}': async world => ({
    as: 'admin',
    params: { id: await madeQos(world) },
    status: 202,
  }),
  'PUT /qos-specs/{id}/delete_keys': async world => ({
    as: 'admin',
    params: { id: await madeQos(world) },
    body: { keys: ['read_iops_sec'] },
    status: 202,
  }),
  'GET /qos-specs/{id}/associations': qos,
  'GET /qos-specs/{id}/associate': withType,
  'GET /qos-specs/{id}/disassociate': withType,
  'GET /qos-specs/{id}/disassociate_all': async world => ({ ...(await qos(world)), status: 202 }),

  'GET /types/{type_id}/encryption': encrypted,
  'POST /types/{type_id}/encryption': async world => ({
    as: 'admin',
    params: { type_id: await madeType(world) },
    body: { encryption },
  }),
  'GET /types/{type_id}/encryption/{id}': encrypted,
  'PUT /types/{type_id}/encryption/{id}': async world => ({
    ...(await encrypted(world)),
    body: { encryption: { key_size: 512 } },
  }),
  'DELETE /types/{type_id}/encryption/{id}': async world => ({ ...(await encrypted(world)), status: 202 }),
  'GET /volumes/{volume_id}/encryption': async world => ({
    params: { volume_id: await madeVolume(world) },
  }),

  'GET /default-types': asAdmin,
  'GET /default-types/{project}': async world => {
    const { cloud } = world
    await cloud.ask('PUT', `/volume/v3/default-types/${cloud.projectId.admin}`, {
      as: 'admin',
      body: { default_type: { volume_type: '__DEFAULT__' } },
      headers: { 'openstack-api-version': 'volume latest' },
    })
    return project(world)
  },
  'PUT /default-types/{project}': world => ({
    ...project(world),
    body: { default_type: { volume_type: '__DEFAULT__' } },
  }),
  'DELETE /default-types/{project}': world => ({ ...project(world), status: 204 }),
  'PUT /os-quota-class-sets/{class}': () => ({
    as: 'admin',
    params: { class: 'nobody' },
    body: { quota_class_set: { volumes: 100 } },
  }),

  'GET /backups': () => ({ query: 'limit=2&sort=name:asc' }),
  'POST /backups': async world => ({
    body: { backup: { volume_id: await madeVolume(world), name: world.name(), metadata: { a: 'b' } } },
    status: 202,
  }),
  'GET /backups/detail': () => ({ query: 'with_count=true&status=available' }),
  'POST /backups/import_record': async world => {
    const record = { id: crypto.randomUUID(), size: 1 }
    return {
      as: 'admin',
      body: {
        'backup-record': {
          backup_service: 'cinder.backup.drivers.posix.PosixBackupDriver',
          backup_url: Buffer.from(JSON.stringify({ ...record, display_name: world.name() })).toString(
            'base64',
          ),
        },
      },
      status: 201,
    }
  },
  'GET /backups/{id}': backup,
  'PUT /backups/{id}': async world => ({
    ...(await backup(world)),
    body: { backup: { name: world.name(), metadata: { a: 'c' } } },
  }),
  'DELETE /backups/{id}': freshBackup,
  'POST /backups/{id}/restore': async world => ({
    ...(await freshBackup(world)),
    body: { restore: { name: world.name() } },
    variants: [{ restore: {} }],
  }),
  'GET /backups/{id}/export_record': async world => ({ ...(await backup(world)), as: 'admin' }),
  'POST /backups/{id}/action': async world => ({
    ...(await freshBackup(world)),
    as: 'admin',
    body: { 'os-reset_status': { status: 'error' } },
    variants: [{ 'os-force_delete': {} }],
  }),

  'GET /group_types': plain,
  'POST /group_types': world => ({
    as: 'admin',
    body: { group_type: { name: world.name(), description: 'made up', group_specs: { colour: 'red' } } },
    status: 202,
  }),
  'GET /group_types/{type_id}': groupType,
  'PUT /group_types/{type_id}': async world => ({
    ...(await groupType(world)),
    body: { group_type: { description: 'changed' } },
  }),
  'DELETE /group_types/{type_id}': freshGroupType,
  'GET /group_types/{type_id}/group_specs': groupType,
  'POST /group_types/{type_id}/group_specs': async world => ({
    ...(await freshGroupType(world)),
    body: { group_specs: { size: 'large' } },
  }),
  'GET /group_types/{type_id}/group_specs/{key}': groupType,
  'PUT /group_types/{type_id}/group_specs/{key}': async world => ({
    ...(await groupType(world)),
    body: { colour: 'green' },
  }),
  'DELETE /group_types/{type_id}/group_specs/{key}': freshGroupType,

  'GET /groups': plain,
  'POST /groups': async world => ({
    body: {
      group: {
        name: world.name(),
        group_type: await plainGroupType(world),
        volume_types: ['__DEFAULT__'],
      },
    },
    status: 202,
  }),
  'GET /groups/detail': () => ({ query: 'list_volume=true' }),
  'POST /groups/action': async world => ({
    body: {
      'create-from-src': { name: world.name(), group_snapshot_id: await madeGroupSnapshot(world) },
    },
    status: 202,
  }),
  'GET /groups/{id}': group,
  'PUT /groups/{id}': async world => ({
    ...(await group(world)),
    body: { group: { name: world.name() } },
    status: 202,
  }),
  'POST /groups/{id}/action': async world => ({
    params: { id: await madeGroup(world) },
    body: { delete: { 'delete-volumes': false } },
    status: 202,
  }),
  'GET /group_snapshots': plain,
  'POST /group_snapshots': async world => ({
    body: { group_snapshot: { group_id: await madeGroup(world), name: world.name() } },
    status: 202,
  }),
  'GET /group_snapshots/detail': plain,
  'GET /group_snapshots/{id}': groupSnapshot,
  'DELETE /group_snapshots/{id}': async world => ({
    params: { id: await madeGroupSnapshot(world) },
    status: 202,
  }),
  'POST /group_snapshots/{id}/action': async world => ({
    as: 'admin',
    params: { id: await madeGroupSnapshot(world) },
    body: { reset_status: { status: 'error' } },
    status: 202,
  }),

  'GET /consistencygroups': plain,
  'POST /consistencygroups': world => ({
    body: { consistencygroup: { name: world.name(), volume_types: '__DEFAULT__,' } },
    status: 202,
  }),
  'GET /consistencygroups/detail': plain,
  'POST /consistencygroups/create_from_src': async world => ({
    body: {
      'consistencygroup-from-src': { name: world.name(), cgsnapshot_id: await madeCgSnapshot(world) },
    },
    status: 202,
  }),
  'GET /consistencygroups/{id}': consistencyGroup,
  'PUT /consistencygroups/{id}/update': async world => ({
    ...(await consistencyGroup(world)),
    body: { consistencygroup: { name: world.name() } },
    status: 202,
  }),
  'POST /consistencygroups/{id}/delete': async world => ({
    ...(await consistencyGroup(world)),
    body: { consistencygroup: { force: true } },
    status: 202,
  }),
  'GET /cgsnapshots': plain,
  'POST /cgsnapshots': async world => ({
    body: { cgsnapshot: { consistencygroup_id: await madeConsistencyGroup(world), name: world.name() } },
    status: 202,
  }),
  'GET /cgsnapshots/detail': plain,
  'GET /cgsnapshots/{id}': cgSnapshot,
  'DELETE /cgsnapshots/{id}': async world => ({ ...(await cgSnapshot(world)), status: 202 }),

  ...manageRows('/os-volume-manage', '/os-snapshot-manage'),
  ...manageRows('/manageable_volumes', '/manageable_snapshots'),

  'GET /os-services': asAdmin,
  // Of a service nothing waits for.
  'PUT /os-services/{action}': () => ({
    as: 'admin',
    params: { action: 'disable-log-reason' },
    body: { binary: 'cinder-scheduler', host: hostname(), disabled_reason: 'made up' },
  }),
  'GET /os-hosts': asAdmin,
  'GET /os-hosts/{host}': () => ({ as: 'admin', params: { host: backend } }),
  'PUT /os-hosts/{host}': () => ({ as: 'admin', params: { host: backend }, body: { status: 'enable' } }),
  'GET /scheduler-stats/get_pools': () => ({ as: 'admin', query: 'detail=true' }),
  'GET /capabilities/{host}': () => ({ as: 'admin', params: { host: backend } }),
  'GET /clusters': asAdmin,
  'GET /clusters/detail': asAdmin,
  'GET /clusters/{id}': () => ({ as: 'admin', params: { id: 'nobody' }, status: 404 }),
  'PUT /clusters/{action}': () => ({
    as: 'admin',
    params: { action: 'enable' },
    body: { name: 'nobody' },
    status: 404,
  }),
  'POST /workers/cleanup': () => ({ as: 'admin', body: { is_up: true }, status: 202 }),
  'GET /messages': () => ({ query: 'limit=2' }),
  'GET /messages/{id}': message,
  'DELETE /messages/{id}': async world => ({ ...(await message(world)), status: 204 }),
  'GET /resource_filters': () => ({ query: 'resource=volume' }),
}
