// States of a cloud that samples ask for, one function each.
import type { Account } from '../../support/cloud.ts'
import type { Stage } from './stage.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any

/** Its servers are hidden behind no zone; samples' machinery is switched off and on at `spareHost`. */
export const zoneHost = 'host-2'
export const spareHost = 'host-3'

/** A type of volumes that a sample names. */
export const namedType = (stage: Stage) =>
  stage.once('volume type', () => {
    const path = `/volume/v3/${stage.cloud.projectId.admin}/types`
    return stage.ask('POST', path, { body: { volume_type: { name: 'lvm-1' } } })
  })

/** A server that is not there, for hints that change nothing. */
const nobody = '48e6a9f6-30af-47e0-bc04-acaed113bb4e'

const usual = {
  accessIPv4: '1.2.3.4',
  accessIPv6: '80fe::',
  metadata: { 'My Server Name': 'Apache1' },
  user_data: 'IyEvYmluL2Jhc2gKL2Jpbi9zdQplY2hvICJJIGFtIGluIHlvdSEiCg==',
  description: 'a server of the samples',
  security_groups: [{ name: 'default' }],
}

/** A new ACTIVE server with everything the samples' servers have; its id. */
export async function server(stage: Stage, body: object = {}, as: Account = 'admin'): Promise<string> {
  const made = await stage.ask('POST', '/servers', {
    as,
    body: {
      server: {
        ...usual,
        name: stage.fresh('new-server-test'),
        flavorRef: '1',
        imageRef: await describedImage(stage),
        networks: 'auto',
        ...body,
      },
      'OS-SCH-HNT:scheduler_hints': { different_host: nobody },
    },
  })
  const { status, fault } = await stage.cloud.show(made.server.id)
  if (status !== 'ACTIVE') throw new Error(`the server became ${status}: ${fault?.message}`)
  return made.server.id
}

/** One that is only looked at. */
export const standing = (stage: Stage) => stage.once('standing', () => server(stage))
export const standingOfDemo = (stage: Stage) => stage.once('standing demo', () => server(stage, {}, 'demo'))

/** A server on each host. */
export const everywhere = (stage: Stage) =>
  stage.once('everywhere', async () => {
    for (const host of ['host-1', zoneHost, spareHost, 'host-4']) await server(stage, { host })
  })

/** A new server to which these actions have happened, in turn. */
export const after =
  (...actions: readonly object[]) =>
  async (stage: Stage): Promise<string> => {
    const id = await server(stage)
    for (const action of actions) await stage.act(id, action)
    return id
  }

export const active = after()
export const stopped = after({ 'os-stop': null })
export const paused = after({ pause: null })
export const suspended = after({ suspend: null })
export const locked = after({ lock: null })
/** Shelved, and off its host. */
export const shelved = after({ shelve: null }, { shelveOffload: null })
/** Shelved, and still on its host. */
export const kept = after({ shelve: null })
export const rescued = after({ rescue: null })

/** Deleted, and not reclaimed yet: to be restored. */
export const deleted = async (stage: Stage): Promise<string> => {
  const id = await server(stage)
  await stage.ask('DELETE', `/servers/${id}`)
  return id
}

/** The image of samples' servers. */
export const describedImage = (stage: Stage) => stage.once('described image', () => image(stage))

/** An image of its own, with the metadata samples show and change. */
export const image = async (stage: Stage): Promise<string> => {
  const { id } = await stage.ask('POST', '/image/v2/images', {
    body: {
      name: stage.fresh('image'),
      disk_format: 'raw',
      container_format: 'bare',
      visibility: 'public',
      architecture: 'x86_64',
      auto_disk_config: 'True',
      kernel_id: 'nokernel',
      ramdisk_id: 'nokernel',
    },
  })
  await stage.cloud.ask('PUT', `/image/v2/images/${id}/file`, {
    as: 'admin',
    raw: 'an image',
    headers: { 'content-type': 'application/octet-stream' },
  })
  return id
}

/** The network servers are on. */
export const networkId = (stage: Stage) =>
  stage.once('network', async () => {
    const { networks } = await stage.ask('GET', '/network/v2.0/networks?name=private')
    return networks[0].id as string
  })

/** The availability zone `us-west`, with one host. */
export const zone = (stage: Stage) =>
  stage.once('zone', async () => {
    const id = await aggregate(stage, { availability_zone: 'us-west' })
    await stage.ask('POST', `/os-aggregates/${id}/action`, { body: { add_host: { host: zoneHost } } })
    return 'us-west'
  })

export const aggregate = async (stage: Stage, body: object = {}): Promise<number> => {
  const made = await stage.ask('POST', '/os-aggregates', {
    body: { aggregate: { name: stage.fresh('aggregate'), ...body } },
  })
  return made.aggregate.id
}

/** A server group of one server. */
export const group = async (stage: Stage, as: Account = 'admin'): Promise<string> => {
  const body = {
    server_group: { name: stage.fresh('group'), policy: 'anti-affinity', rules: { max_server_per_host: 3 } },
  }
  return (await stage.ask('POST', '/os-server-groups', { as, body })).server_group.id
}

/** A server with everything samples show of one, for each account. */
export const full = (stage: Stage, as: Account) =>
  stage.once(`full ${as}`, async () => {
    const made = await stage.ask('POST', '/servers', {
      as,
      body: {
        server: {
          ...usual,
          name: 'new-server-test',
          flavorRef: await specialFlavor(stage),
          imageRef: await describedImage(stage),
          networks: 'auto',
          tags: ['tag1', 'tag2'],
          availability_zone: await zone(stage),
          trusted_image_certificates: ['0b5d2c72-12cc-4ba6-a8d7-3ff5cc1d8cb8'],
        },
        'OS-SCH-HNT:scheduler_hints': { group: await group(stage, as) },
      },
    })
    return made.server.id as string
  })

export const rescuedOfDemo = (stage: Stage) =>
  stage.once('rescued demo', async () => {
    const id = await server(stage, {}, 'demo')
    await stage.act(id, { rescue: null })
    return id
  })
export const unrescuedOfDemo = (stage: Stage) =>
  stage.once('unrescued demo', async () => {
    const id = await server(stage, {}, 'demo')
    await stage.act(id, { rescue: null })
    await stage.act(id, { unrescue: null })
    return id
  })

const flavor = (stage: Stage, id: string, body: object) =>
  stage.once(`flavor ${id}`, async () => {
    await stage.ask('POST', '/flavors', { body: { flavor: { id, ram: 2048, vcpus: 1, disk: 20, ...body } } })
    await stage.ask('POST', `/flavors/${id}/os-extra_specs`, {
      body: { extra_specs: { 'hw:numa_nodes': '1', 'hw:cpu_policy': 'shared' } },
    })
    return id
  })

/** Flavor 6 of the samples, with extra specs. */
export const specialFlavor = (stage: Stage) =>
  flavor(stage, '6', { name: 'm1.tiny.specs', ram: 512, disk: 1 })
/** Flavor 7, with a description. */
export const describedFlavor = (stage: Stage) =>
  flavor(stage, '7', { name: 'm1.small.description', description: 'test description' })

/** A private flavor of its own. */
export const privateFlavor = async (stage: Stage, isPublic = false): Promise<string> => {
  const body = {
    name: stage.fresh('flavor'),
    ram: 1024,
    vcpus: 2,
    disk: 10,
    'os-flavor-access:is_public': isPublic,
  }
  return (await stage.ask('POST', '/flavors', { body: { flavor: body } })).flavor.id
}

export const publicKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJBFMcFaKi+nLgbFLKgnUWPKnZnBhsBnQVwhTu7hFXtV someone@somewhere'

export const keypair = (stage: Stage, name = 'new-key') =>
  stage.once(`keypair ${name}`, async () => {
    await stage.ask('POST', '/os-keypairs', { body: { keypair: { name, public_key: publicKey } } })
    return name
  })

/** A security group of the network service. */
export const securityGroup = async (stage: Stage, name = stage.fresh('group')): Promise<string> => {
  const body = { security_group: { name, description: 'description' } }
  return (await stage.ask('POST', '/network/v2.0/security-groups', { body })).security_group.id
}

export const hostOf = async (stage: Stage, id: string): Promise<string> =>
  (await stage.cloud.show(id))['OS-EXT-SRV-ATTR:host']

/** The compute service of a host, by uuid. */
export const serviceOf = async (stage: Stage, host: string): Promise<string> =>
  (await stage.ask('GET', `/os-services?host=${host}&binary=nova-compute`)).services[0].id

/** A hypervisor as the API calls it at a microversion. */
export const hypervisorOf = async (stage: Stage, minor: number, host = 'host-1'): Promise<string> => {
  const { hypervisors } = await stage.ask('GET', '/os-hypervisors', { minor })
  return String(hypervisors.find((one: Json) => one.hypervisor_hostname.startsWith(host)).id)
}

export const nodeOf = async (stage: Stage, host: string): Promise<string> => {
  const { hypervisors } = await stage.ask('GET', `/os-hypervisors/detail`)
  return hypervisors.find((one: Json) => one.service.host === host).hypervisor_hostname
}

const pinnedFlavor = (stage: Stage) =>
  stage.once('pinned flavor', async () => {
    await stage.ask('POST', '/flavors', {
      body: { flavor: { id: 'pinned', name: 'pinned', ram: 512, vcpus: 4, disk: 1 } },
    })
    await stage.ask('POST', '/flavors/pinned/os-extra_specs', {
      body: { extra_specs: { 'hw:numa_nodes': '2', 'hw:mem_page_size': 'small' } },
    })
    return 'pinned'
  })

/** Servers on two NUMA nodes. */
export const pinned = (stage: Stage) =>
  stage.once('pinned', async () => server(stage, { flavorRef: await pinnedFlavor(stage) }))
export const pinnedOfDemo = (stage: Stage) =>
  stage.once('pinned demo', async () => server(stage, { flavorRef: await pinnedFlavor(stage) }, 'demo'))

/** The server made last. */
export const newest = async (stage: Stage): Promise<string> =>
  (await stage.ask('GET', '/servers?limit=1')).servers[0].id

export const addressOf = async (stage: Stage, id: string): Promise<string> => {
  const { addresses } = await stage.cloud.show(id)
  return (Object.values(addresses)[0] as Json)[0].addr
}

/** A host other than the newest server's. */
export const otherHost = async (stage: Stage): Promise<string> =>
  (await hostOf(stage, await newest(stage))) === 'host-1' ? zoneHost : 'host-1'

export const setDown = async (stage: Stage, host: string, forced_down: boolean): Promise<void> =>
  stage.ask('PUT', `/os-services/${await serviceOf(stage, host)}`, { body: { forced_down } })

export interface Moving {
  readonly serverId: string
  readonly migration: Json
}

/** A server on its way to another host, for as long as nobody forces it. */
export const running = (stage: Stage, name = 'running'): Promise<Moving> =>
  stage.once(name, () =>
    moving(stage, { 'os-migrateLive': { host: null, block_migration: 'auto' } }, 'running'),
  )

/** A server that was resized to another host, after the running one set out. */
export const resized = (stage: Stage): Promise<Moving> =>
  stage.once('resized', async () => {
    await running(stage)
    return moving(stage, { resize: { flavorRef: '2' } }, 'finished')
  })

// Waits for one server alone: another may be on its way all the time.
async function moving(stage: Stage, action: object, status: string): Promise<Moving> {
  const ask = async (method: string, path: string, body?: object) =>
    (await stage.cloud.ask(method, path, { as: 'admin', body })).body
  const asked = {
    name: stage.fresh('moving'),
    flavorRef: '1',
    imageRef: stage.cloud.imageId,
    networks: 'auto',
  }
  const serverId: string = (await ask('POST', '/servers', { server: asked })).server.id
  await until(async () => (await stage.cloud.show(serverId)).status === 'ACTIVE')
  await ask('POST', `/servers/${serverId}/action`, action)
  const newestOf = async () => (await ask('GET', `/os-migrations?instance_uuid=${serverId}`)).migrations[0]
  await until(async () => (await newestOf())?.status === status)
  return { serverId, migration: await newestOf() }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(resolve => setTimeout(resolve, 5))
}

export const stoppedOfDemo = async (stage: Stage): Promise<string> => {
  const id = await server(stage, {}, 'demo')
  await stage.act(id, { 'os-stop': null })
  return id
}

/** A free volume. */
export const volume = async (stage: Stage): Promise<string> => {
  const path = `/volume/v3/${stage.cloud.projectId.admin}/volumes`
  return (await stage.ask('POST', path, { body: { volume: { size: 1, name: stage.fresh('volume') } } }))
    .volume.id
}

/** A new server with a volume, attached with all that can be said of that. */
export const attached = async (stage: Stage) => {
  const serverId = await server(stage)
  const volumeId = await volume(stage)
  await stage.ask('POST', `/servers/${serverId}/os-volume_attachments`, {
    body: { volumeAttachment: { volumeId, tag: 'foo', delete_on_termination: true } },
  })
  return { serverId, volumeId }
}

/** One that is only looked at. */
export const withVolume = (stage: Stage) => stage.once('with volume', () => attached(stage))

export const attachedThen = async (stage: Stage, path: string): Promise<string> => {
  await withVolume(stage)
  return path
}

/** What stands of an attachment, for a change of one thing. */
export const attachedNow = async (stage: Stage) => {
  const { serverId, volumeId } = await withVolume(stage)
  const { volumeAttachment } = await stage.ask(
    'GET',
    `/servers/${serverId}/os-volume_attachments/${volumeId}`,
    { minor: 85 },
  )
  return { serverId, volumeId, id: volumeId, device: volumeAttachment.device }
}

/** A stopped server of an ordinary user, with a share. */
export const withShare = (stage: Stage) =>
  stage.once('with share', async () => {
    const serverId = await stoppedOfDemo(stage)
    const shareId = 'e8debdc0-447a-4376-a10a-4cd9122d7986'
    await stage.ask('POST', `/servers/${serverId}/shares`, {
      as: 'demo',
      body: { share: { share_id: shareId } },
    })
    return { serverId, shareId }
  })

/** The same, where the volume service has begun to move the volume: only then a server changes over to another. */
export const migratingVolume = async (stage: Stage) => {
  const made = await attached(stage)
  const path = `/volume/v3/${stage.cloud.projectId.admin}/volumes/${made.volumeId}/action`
  await stage.ask('POST', path, { body: { 'os-reset_status': { migration_status: 'migrating' } } })
  return made
}
