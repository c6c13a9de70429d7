// Volumes and shares of servers, volumes through compute.
import { type Changes, read, type SampleRow, send } from '../rows.ts'
import type { Stage } from '../stage.ts'
import * as states from '../states.ts'

const old = { until: 35 } as const
const attachments =
  (of: (stage: Stage) => Promise<string>, below = '') =>
  async (stage: Stage) =>
    `/servers/${await of(stage)}/os-volume_attachments${below}`
const ofAttached =
  (below: (volumeId: string) => string, of = states.withVolume) =>
  async (stage: Stage) => {
    const { serverId, volumeId } = await of(stage)
    return `/servers/${serverId}/os-volume_attachments${below(volumeId)}`
  }
const volumeIn = async (stage: Stage) => ({ volumeId: await states.volume(stage) })

// biome-ignore lint/suspicious/noExplicitAny: a sample's attachment
type Shown = any
const add =
  (keys: object) =>
  (sample: Shown): Shown =>
    sample.volumeAttachment
      ? { volumeAttachment: { ...sample.volumeAttachment, ...keys } }
      : { volumeAttachments: sample.volumeAttachments.map((one: object) => ({ ...one, ...keys })) }
const changes: Changes = { 79: add({ delete_on_termination: false }) }

const share = (path: (id: string, shareId: string) => string) => async (stage: Stage) => {
  const { serverId, shareId } = await states.withShare(stage)
  return path(serverId, shareId)
}

export const volumeRows: readonly SampleRow[] = [
  // From 2.101 on, a volume is attached after the answer, which is a 202 and empty.
  send('POST', 'os-volume_attachments/attach-volume-to-server-req', attachments(states.active), {
    response: 'os-volume_attachments/attach-volume-to-server-resp',
    put: volumeIn,
    changes,
    until: 100,
  }),
  send('POST', 'os-volume_attachments/attach-volume-to-server-req', attachments(states.active), {
    variant: 'and answered at once',
    put: volumeIn,
    since: 101,
    status: 202,
  }),
  read(
    'os-volume_attachments/list-volume-attachments-resp',
    ofAttached(() => ''),
    { changes },
  ),
  read(
    'os-volume_attachments/volume-attachment-detail-resp',
    ofAttached(id => `/${id}`),
    { changes },
  ),
  send(
    'PUT',
    'os-volume_attachments/update-volume-req',
    ofAttached(id => `/${id}`, states.migratingVolume),
    {
      status: 202,
      put: volumeIn,
    },
  ),
  send(
    'PUT',
    'os-volume_attachments/update-volume-attachment-delete-flag-req',
    ofAttached(id => `/${id}`),
    {
      status: 202,
      put: states.attachedNow,
    },
  ),
  read('servers/server-get-resp', async stage => `/servers/${(await states.withVolume(stage)).serverId}`, {
    variant: 'with a volume',
    until: 8,
  }),

  send('POST', 'os-volumes/os-volumes-post-req', '/os-volumes', {
    response: 'os-volumes/os-volumes-post-resp',
    put: () => ({ availability_zone: 'nova', size: 1 }),
    // A new volume has one attachment, about which there is nothing to say; the sample's has a server.
    amend: ({ volume }: { volume: object }) => ({ volume: { ...volume, attachments: [{}] } }),
    ...old,
  }),
  read('os-volumes/os-volumes-index-resp', async stage => states.attachedThen(stage, '/os-volumes'), old),
  read(
    'os-volumes/os-volumes-detail-resp',
    async stage => states.attachedThen(stage, '/os-volumes/detail'),
    old,
  ),
  read(
    'os-volumes/os-volumes-get-resp',
    async stage => `/os-volumes/${(await states.withVolume(stage)).volumeId}`,
    old,
  ),
  send('POST', 'os-assisted-volume-snapshots/snapshot-create-assisted-req', '/os-assisted-volume-snapshots', {
    response: 'os-assisted-volume-snapshots/snapshot-create-assisted-resp',
    put: async stage => ({ volume_id: (await states.withVolume(stage)).volumeId }),
  }),

  send(
    'POST',
    'os-server-shares/server-shares-create-req',
    async stage => `/servers/${await states.stopped(stage)}/shares`,
    {
      response: 'os-server-shares/server-shares-admin-create-resp',
      status: 201,
    },
  ),
  send(
    'POST',
    'os-server-shares/server-shares-create-tag-req',
    async stage => `/servers/${await states.stoppedOfDemo(stage)}/shares`,
    {
      response: 'os-server-shares/server-shares-create-resp',
      status: 201,
      as: 'demo',
    },
  ),
  read(
    'os-server-shares/server-shares-list-resp',
    share(id => `/servers/${id}/shares`),
    { as: 'demo' },
  ),
  read(
    'os-server-shares/server-shares-show-resp',
    share((id, one) => `/servers/${id}/shares/${one}`),
    { as: 'demo' },
  ),
  read(
    'os-server-shares/server-shares-admin-show-resp',
    share((id, one) => `/servers/${id}/shares/${one}`),
  ),
  // The sample is a body nobody reads: the share is in the path.
  send(
    'DELETE',
    'os-server-shares/server-shares-delete-req',
    share((id, one) => `/servers/${id}/shares/${one}`),
    { as: 'demo' },
  ),
]
