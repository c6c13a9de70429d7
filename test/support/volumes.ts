// Volumes of servers, as tests ask for them over HTTP.
import type { ComputeTables } from '../../src/compute/tables.ts'
import { tables } from '../../src/platform/store/store.ts'
import type { VolumeTables } from '../../src/volume/tables.ts'
import type { Account, TestAsk, TestCloud } from './cloud.ts'
import type { Answer } from './one-service.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

export const latestVolume = { 'openstack-api-version': 'volume 3.71' }

/** A volume of 1 GiB, or as told, when it is done. */
export async function makeVolume(
  cloud: TestCloud,
  given: object = {},
  as: Account = 'demo',
): Promise<string> {
  const body = { volume: { size: 1, ...given } }
  const answer = await cloud.ask('POST', '/volume/v3/volumes', { as, body, headers: latestVolume })
  if (answer.status !== 202) throw new Error(answer.text)
  await cloud.settled()
  return answer.body.volume.id
}

export const showVolume = async (cloud: TestCloud, id: string): Promise<Json> =>
  (await cloud.ask('GET', `/volume/v3/volumes/${id}`, { as: 'admin', headers: latestVolume })).body.volume

export const statusOf = async (cloud: TestCloud, id: string): Promise<string | undefined> =>
  (await showVolume(cloud, id))?.status

export const actOnVolume = (cloud: TestCloud, id: string, body: object, as: Account = 'admin') =>
  cloud.ask('POST', `/volume/v3/volumes/${id}/action`, { as, body, headers: latestVolume })

interface Server {
  readonly id: string
}

const path = ({ id }: Server, volumeId?: string) =>
  `/servers/${id}/os-volume_attachments${volumeId === undefined ? '' : `/${volumeId}`}`

export const attach = (
  cloud: TestCloud,
  server: Server,
  volumeId: string,
  more: object = {},
  ask: TestAsk = {},
): Promise<Answer> =>
  cloud.ask('POST', path(server), {
    version: '2.100',
    ...ask,
    body: { volumeAttachment: { volumeId, ...more } },
  })

export const detach = (cloud: TestCloud, server: Server, volumeId: string, ask: TestAsk = {}) =>
  cloud.ask('DELETE', path(server, volumeId), ask)

export const update = (
  cloud: TestCloud,
  server: Server,
  volumeId: string,
  given: object,
  ask: TestAsk = {},
) => cloud.ask('PUT', path(server, volumeId), { ...ask, body: { volumeAttachment: { volumeId, ...given } } })

/** A volume that is attached, when it is. */
export async function attached(cloud: TestCloud, server: Server, given: object = {}): Promise<string> {
  const volumeId = await makeVolume(cloud, given)
  const answer = await attach(cloud, server, volumeId)
  if (answer.status !== 200) throw new Error(answer.text)
  await cloud.settled()
  return volumeId
}

export const listAttached = async (cloud: TestCloud, server: Server, ask: TestAsk = {}): Promise<Json[]> =>
  (await cloud.ask('GET', path(server), ask)).body.volumeAttachments

/** What a server that boots from a volume of the image asks for. */
export const fromVolume = (cloud: TestCloud, more: object = {}): object => ({
  imageRef: '',
  block_device_mapping_v2: [
    {
      boot_index: 0,
      uuid: cloud.imageId,
      source_type: 'image',
      destination_type: 'volume',
      volume_size: 1,
      delete_on_termination: true,
      ...more,
    },
  ],
})

/** Names of the disks a server's machine has, wherever it is. */
export async function disksOf(cloud: TestCloud, { id }: Server): Promise<readonly string[]> {
  for (const driver of cloud.cloud.drivers.values())
    if ((await driver.power(id)) !== null) return (await driver.diagnostics(id)).disks.map(({ name }) => name)
  return []
}

/**
 * What does not add up between servers and the volume service: attachments no server knows of, volumes of servers without
 * one, volumes that are in use by nobody or free and in use. Empty when all is well.
 */
export async function looseEnds(cloud: TestCloud): Promise<readonly string[]> {
  const compute = tables<ComputeTables>(cloud.cloud.store)
  const volume = tables<VolumeTables>(cloud.cloud.store)
  const servers = await compute.selectFrom('servers').selectAll().where('deleted', '=', 0).execute()
  const attachments = await volume.selectFrom('volume_attachments').selectAll().execute()
  const volumes = await volume.selectFrom('volumes').selectAll().execute()
  const known = servers.flatMap(({ id, vm_state, block_devices_json }) =>
    (JSON.parse(block_devices_json) as Json[])
      .filter(({ destination }) => destination === 'volume')
      .map(({ attachmentId, volumeId }) => ({ server: id, vm_state, attachmentId, volumeId })),
  )
  const wrong: string[] = []
  for (const { id, instance_uuid, volume_id } of attachments)
    if (!known.some(({ attachmentId }) => attachmentId === id))
      wrong.push(`attachment ${id} of volume ${volume_id} to ${instance_uuid}: nobody knows it`)
  for (const { server, attachmentId, volumeId } of known)
    if (!attachments.some(({ id, volume_id }) => id === attachmentId && volume_id === volumeId))
      wrong.push(`${server} has volume ${volumeId} by ${attachmentId}, which is not there`)
  for (const { id, status } of volumes) {
    const mine = attachments.filter(({ volume_id }) => volume_id === id)
    const expected = mine.some(({ attach_status }) => attach_status === 'attached')
      ? ['in-use']
      : mine.length > 0
        ? ['reserved']
        : ['available', 'error']
    if (!expected.includes(status)) wrong.push(`volume ${id} with ${mine.length} attachments is ${status}`)
  }
  return wrong
}
