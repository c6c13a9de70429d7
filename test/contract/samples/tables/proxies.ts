// What other services have long had themselves, up to 2.35 (image metadata: 2.38), and what is gone altogether.
import { type Method, read, type SampleRow, send } from '../rows.ts'
import type { Stage } from '../stage.ts'
import { describedImage, image, securityGroup, standing } from '../states.ts'

const old = { until: 35 } as const
const ofImage = (below: string) => async (stage: Stage) => `/images/${await describedImage(stage)}${below}`
const ofNewImage = (below: string) => async (stage: Stage) => `/images/${await image(stage)}${below}`
const metadata = { until: 38 } as const
const ownGroup = async (stage: Stage) =>
  `/os-security-groups/${await stage.once('own group', () => securityGroup(stage))}`

const proxies: readonly SampleRow[] = [
  read(
    'images/images-list-get-resp',
    async stage => {
      await describedImage(stage)
      return '/images'
    },
    old,
  ),
  read(
    'images/images-details-get-resp',
    async stage => {
      await describedImage(stage)
      return '/images/detail'
    },
    { ...old, lacks: ['metadata'] },
  ),
  read('images/image-get-resp', ofImage(''), old),
  read('images/image-metadata-get-resp', ofImage('/metadata'), metadata),
  read('images/image-meta-key-get', ofImage('/metadata/kernel_id'), metadata),
  send('PUT', 'images/image-meta-key-put-req', ofNewImage('/metadata/auto_disk_config'), {
    response: 'images/image-meta-key-put-resp',
    ...metadata,
  }),
  send('POST', 'images/image-metadata-post-req', ofNewImage('/metadata'), {
    response: 'images/image-metadata-post-resp',
    ...metadata,
  }),
  send('PUT', 'images/image-metadata-put-req', ofNewImage('/metadata'), {
    response: 'images/image-metadata-put-resp',
    ...metadata,
  }),

  send('POST', 'os-security-groups/security-group-post-req', '/os-security-groups', {
    response: 'os-security-groups/security-groups-create-resp',
    ...old,
  }),
  read('os-security-groups/security-groups-get-resp', ownGroup, old),
  read('os-security-groups/security-groups-list-get-resp', '/os-security-groups', old),
  read(
    'os-security-groups/server-security-groups-list-resp',
    async stage => `/servers/${await standing(stage)}/os-security-groups`,
  ),
  send('POST', 'os-security-groups/security-group-rules-post-req', '/os-security-group-rules', {
    response: 'os-security-groups/security-group-rules-post-resp',
    put: async stage => ({ parent_group_id: await securityGroup(stage) }),
    ...old,
  }),
  read('os-floating-ip-pools/floatingippools-list-resp', '/os-floating-ip-pools', old),
  read('os-tenant-networks/networks-list-res', '/os-tenant-networks', old),

  read('extension-info/extensions-list-resp-v21-compatible', '/extensions'),
  read('extension-info/extensions-list-resp', '/extensions'),
  read('extension-info/extensions-get-resp', '/extensions/os-agents'),
]

/** Answered 410 at every microversion; requests are sent as they are. */
const gone = (method: Method, path: SampleRow['path'], request?: string): SampleRow => ({
  method,
  path,
  status: 410,
  ...(request === undefined ? {} : { request }),
})
const ofServer = (below: string) => async (stage: Stage) => `/servers/${await standing(stage)}/${below}`

const removed: readonly SampleRow[] = [
  gone('POST', '/os-agents', 'os-agents/agent-post-req'),
  gone('PUT', '/os-agents/1', 'os-agents/agent-update-put-req'),
  gone('GET', '/os-agents'),
  gone('GET', '/os-cells'),
  gone('GET', '/os-cells/cell1'),
  gone('GET', '/os-cells/cell1/capacities'),
  gone('POST', '/os-cloudpipe', 'os-cloudpipe/cloud-pipe-create-req'),
  gone('PUT', '/os-cloudpipe/configure-project', 'os-cloudpipe/cloud-pipe-update-req'),
  gone('GET', '/os-cloudpipe'),
  gone('GET', '/os-fixed-ips/192.168.1.1'),
  gone('POST', '/os-fixed-ips/192.168.1.1/action', 'os-fixed-ips/fixedip-post-req'),
  gone('POST', '/os-floating-ips-bulk', 'os-floating-ips-bulk/floating-ips-bulk-create-req'),
  gone('PUT', '/os-floating-ips-bulk/delete', 'os-floating-ips-bulk/floating-ips-bulk-delete-req'),
  gone('GET', '/os-floating-ips-bulk'),
  gone('GET', '/os-floating-ips-bulk/host1'),
  ...['associate-host', 'disassociate-host', 'disassociate-project', 'disassociate'].map(name =>
    gone('POST', '/os-networks/1/action', `os-networks-associate/network-${name}-req`),
  ),
  gone('POST', '/os-tenant-networks', 'os-tenant-networks/networks-post-req'),
  gone(
    'POST',
    '/os-security-group-default-rules',
    'os-security-group-default-rules/security-group-default-rules-create-req',
  ),
  gone('GET', '/os-security-group-default-rules'),
  gone('GET', '/os-security-group-default-rules/1'),
  { ...gone('GET', ofServer('consoles')), variant: 'consoles of a server' },
  { ...gone('GET', ofServer('consoles/1')), variant: 'a console of a server' },
  { ...gone('GET', ofServer('os-virtual-interfaces')), variant: 'virtual interfaces of a server' },
  // Without Ironic's client, Nova has no bare metal to tell of.
  { method: 'GET', path: '/os-baremetal-nodes', status: 501, ...old },
  { method: 'GET', path: '/os-baremetal-nodes/1', status: 501, ...old },
]

export const proxyRows: readonly SampleRow[] = [...proxies, ...removed]
