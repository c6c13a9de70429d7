// Flavors, who may use them, their extra specs.
import { read, type SampleRow, send } from '../rows.ts'
import type { Stage } from '../stage.ts'
import { describedFlavor, privateFlavor } from '../states.ts'

const removeTen = (stage: Stage) => stage.ask('DELETE', '/flavors/10')
const accessible = async (stage: Stage) => {
  const id = await privateFlavor(stage)
  const body = { addTenantAccess: { tenant: stage.cloud.projectId.demo } }
  await stage.ask('POST', `/flavors/${id}/action`, { body })
  return id
}
const described = (path: (id: string) => string) => async (stage: Stage) => path(await describedFlavor(stage))

export const flavorRows: readonly SampleRow[] = [
  read(
    'flavors/flavors-list-resp',
    described(() => '/flavors'),
  ),
  read(
    'flavors/flavors-detail-resp',
    described(() => '/flavors/detail'),
  ),
  read(
    'flavors/flavor-get-resp',
    described(id => `/flavors/${id}`),
  ),
  send('POST', 'flavor-manage/flavor-create-post-req', '/flavors', {
    response: 'flavor-manage/flavor-create-post-resp',
    after: removeTen,
    // Flavors show a description from 2.55 and extra specs from 2.61.
    changes: {
      55: ({ flavor }: { flavor: object }) => ({ flavor: { ...flavor, description: null } }),
      61: ({ flavor }: { flavor: object }) => ({ flavor: { ...flavor, extra_specs: {} } }),
    },
  }),
  send('PUT', 'flavor-manage/flavor-update-req', async stage => `/flavors/${await privateFlavor(stage)}`, {
    response: 'flavor-manage/flavor-update-resp',
  }),
  send('POST', 'flavor-access/flavor-create-req', '/flavors', {
    response: 'flavor-manage/flavor-create-post-resp',
    until: 54,
    after: removeTen,
  }),
  send(
    'POST',
    'flavor-access/flavor-access-add-tenant-req',
    // From 2.7 on, a public flavor takes no tenants: the samples' flavor of 2.7 is one.
    async (stage, minor) => `/flavors/${await privateFlavor(stage, minor >= 7)}/action`,
    { response: 'flavor-access/flavor-access-add-tenant-resp', status: { 1: 200, 7: 409 } },
  ),
  send(
    'POST',
    'flavor-access/flavor-access-add-tenant-req',
    async stage => `/flavors/${await privateFlavor(stage)}/action`,
    { response: 'flavor-access/flavor-access-add-tenant-resp', variant: 'of a private flavor' },
  ),
  send(
    'POST',
    'flavor-access/flavor-access-remove-tenant-req',
    async stage => `/flavors/${await accessible(stage)}/action`,
    { response: 'flavor-access/flavor-access-remove-tenant-resp' },
  ),
  read(
    'flavor-access/flavor-access-list-resp',
    async stage => `/flavors/${await accessible(stage)}/os-flavor-access`,
  ),
  send(
    'POST',
    'flavor-extra-specs/flavor-extra-specs-create-req',
    async stage => `/flavors/${await privateFlavor(stage)}/os-extra_specs`,
    { response: 'flavor-extra-specs/flavor-extra-specs-create-resp' },
  ),
  send(
    'PUT',
    'flavor-extra-specs/flavor-extra-specs-update-req',
    async stage => `/flavors/${await privateFlavor(stage)}/os-extra_specs/hw:numa_nodes`,
    { response: 'flavor-extra-specs/flavor-extra-specs-update-resp' },
  ),
  read(
    'flavor-extra-specs/flavor-extra-specs-get-resp',
    described(id => `/flavors/${id}/os-extra_specs/hw:numa_nodes`),
  ),
  read(
    'flavor-extra-specs/flavor-extra-specs-list-resp',
    described(id => `/flavors/${id}/os-extra_specs`),
  ),
]
