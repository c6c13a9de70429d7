// Plausible requests to the volume service.
import { volumeNotYetRoutes } from '../../../src/volume/not-yet.ts'
import type { Plausible, PlausibleTable, World } from './plausible.ts'

const plain = () => ({})
const nobody = '11111111-2222-3333-4444-555555555555'

const quotas = ({ cloud }: World) => ({ params: { project: cloud.projectId.demo } })

const madeType = async (world: World, more: object = {}): Promise<string> =>
  (
    await world.make('/volume/v3/types', {
      volume_type: { name: world.name(), extra_specs: { speed: 'high' }, ...more },
    })
  ).volume_type.id

const type = async (world: World): Promise<Plausible> => ({
  as: 'admin',
  params: { type_id: await world.once('volume type', () => madeType(world)), key: 'speed' },
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

  'GET /volumes': plain,
  'GET /volumes/detail': plain,
  'GET /snapshots': plain,
  'GET /snapshots/detail': plain,

  ...Object.fromEntries(
    volumeNotYetRoutes.map(({ method, path }) => [
      `${method} ${path}`,
      () => ({
        params: Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, nobody])), // a group of the pattern
        status: 501,
      }),
    ]),
  ),
}
