// What is done to servers, and what they tell of themselves.
import { act, read, type SampleRow, send } from '../rows.ts'
import type { Stage } from '../stage.ts'
import * as states from '../states.ts'

const on =
  (path: (id: string) => string, of = states.standing) =>
  async (stage: Stage) =>
    path(await of(stage))
const console = (path: string) => on(id => `/servers/${id}/${path}`)
/** A token of a console, taken out of its link. */
const token = async (stage: Stage) => {
  const path = `/servers/${await states.standing(stage)}/remote-consoles`
  const body = { remote_console: { protocol: 'serial', type: 'serial' } }
  const { remote_console } = await stage.ask('POST', path, { body })
  return `/os-console-auth-tokens/${new URL(remote_console.url).searchParams.get('token')}`
}

const adminPass = { response: 'os-rescue/server-rescue', status: 200 } as const
const withMetadata = async (stage: Stage) => {
  const id = await states.server(stage, { metadata: { foo: 'Foo Value' } })
  return `/servers/${id}/metadata`
}
const grouped = async (stage: Stage) => {
  const id = await states.server(stage)
  const name = await stage.once('group test', async () => {
    await states.securityGroup(stage, 'test')
    return 'test'
  })
  return { id, name }
}
/** Hosts pin no processor to another. */
const unpinned = ['siblings', 'cpu_pinning']
const untilAddresses = { until: 43 }

export const actionRows: readonly SampleRow[] = [
  act('os-lock-server/lock-server', states.active),
  act('os-lock-server/lock-server-with-reason', states.active),
  act('servers/lock-server-with-reason', states.active),
  act('os-lock-server/unlock-server', states.locked),
  act('os-suspend-server/server-suspend', states.active),
  act('os-suspend-server/server-resume', states.suspended),
  act('os-admin-actions/admin-actions-reset-server-state', states.active),
  act('os-admin-actions/admin-actions-reset-network', states.standing, { status: 410 }),
  act('os-admin-actions/admin-actions-inject-network-info', states.standing),
  act('servers/server-action-trigger-crash-dump', states.active),
  act('os-deferred-delete/force-delete-post-req', states.active),
  act('os-deferred-delete/restore-post-req', states.deleted),
  act('os-rescue/server-rescue-req', states.active, adminPass),
  act('os-rescue/server-rescue-req-with-image-ref', states.active, adminPass),
  act('os-rescue/server-unrescue-req', states.rescued),
  act('os-console-output/console-output-post-req', states.standing, {
    response: 'os-console-output/console-output-post-resp',
    status: 200,
  }),
  act('servers/server-action-create-image', states.standing, {
    response: 'servers/server-action-create-image-resp',
  }),
  act('os-create-backup/create-backup-req', states.standing, {
    response: 'os-create-backup/create-backup-resp',
  }),

  act('os-shelve/os-shelve', states.active),
  act('os-shelve/os-shelve-offload', states.kept),
  act('os-shelve/os-unshelve', states.shelved),
  act('os-shelve/os-unshelve-az', states.shelved),
  ...['az-host', 'host', 'host-and-unpin-az'].map(name =>
    act(`os-shelve/os-unshelve-${name}`, states.shelved, {
      put: () => ({ host: 'host-1', ...(name === 'az-host' ? { availability_zone: 'nova' } : {}) }),
    }),
  ),
  act('os-shelve/os-unshelve-unpin-az', states.shelved),

  act('os-multinic/multinic-add-fixed-ip-req', states.active, untilAddresses),
  act('os-multinic/multinic-remove-fixed-ip-req', states.active, {
    ...untilAddresses,
    mend: async (_, stage) => {
      const id = await states.newest(stage)
      return { removeFixedIp: { address: await states.addressOf(stage, id) } }
    },
  }),
  act('os-security-groups/security-group-add-post-req', async stage => (await grouped(stage)).id),
  act('os-security-groups/security-group-remove-post-req', async stage => {
    const { id, name } = await grouped(stage)
    await stage.act(id, { addSecurityGroup: { name } })
    return id
  }),

  send('POST', 'server-metadata/server-metadata-all-req', withMetadata, {
    response: 'server-metadata/server-metadata-all-resp',
  }),
  send('PUT', 'server-metadata/server-metadata-all-req', withMetadata, {
    response: 'server-metadata/server-metadata-all-resp',
  }),
  read('server-metadata/server-metadata-all-resp', withMetadata),
  send('PUT', 'server-metadata/server-metadata-req', async stage => `${await withMetadata(stage)}/foo`, {
    response: 'server-metadata/server-metadata-resp',
  }),
  read('server-metadata/server-metadata-resp', async stage => `${await withMetadata(stage)}/foo`),

  read(
    'os-server-tags/server-tags-index-resp',
    on(
      id => `/servers/${id}/tags`,
      stage => states.full(stage, 'admin'),
    ),
  ),
  send(
    'PUT',
    'os-server-tags/server-tags-put-all-req',
    on(id => `/servers/${id}/tags`, states.active),
    {
      response: 'os-server-tags/server-tags-put-all-resp',
    },
  ),

  send('POST', 'os-remote-consoles/create-vnc-console-req', console('remote-consoles'), {
    response: 'os-remote-consoles/create-vnc-console-resp',
  }),
  // Hosts have VNC's screens and serial lines, as Nova's are set up when nobody says more.
  ...['create-spice-direct-console', 'create-mks-console', 'create-rdp-console'].map(name =>
    send('POST', `os-remote-consoles/${name}-req`, console('remote-consoles'), { status: 400 }),
  ),
  send('POST', 'os-console-auth-tokens/create-serial-console-req', console('remote-consoles'), {
    response: 'os-remote-consoles/create-vnc-console-resp',
  }),
  send('POST', 'os-console-auth-tokens/create-spice-direct-console-req', console('remote-consoles'), {
    status: 400,
  }),
  read('os-console-auth-tokens/get-console-connect-info-get-resp', token),

  read(
    'os-server-diagnostics/server-diagnostics-get-resp',
    on(id => `/servers/${id}/diagnostics`),
    {
      called: { vnet1_: 'vnet0_' },
    },
  ),
  read(
    'os-server-topology/servers-topology-resp',
    on(id => `/servers/${id}/topology`, states.pinned),
    { lacks: unpinned },
  ),
  read(
    'os-server-topology/servers-topology-resp-user',
    on(id => `/servers/${id}/topology`, states.pinnedOfDemo),
    {
      as: 'demo',
      lacks: unpinned,
    },
  ),
  // The sample's event is none that Nova takes; its answer is to one that it does.
  send('POST', 'os-server-external-events/event-create-req', '/os-server-external-events', {
    variant: 'as the sample is',
    status: 400,
  }),
  send('POST', 'os-server-external-events/event-create-req', '/os-server-external-events', {
    response: 'os-server-external-events/event-create-resp',
    put: () => ({ name: 'network-changed' }),
  }),
]
