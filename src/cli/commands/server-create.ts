// `server create`.
import { readFileSync } from 'node:fs'
import { CliError, usage } from '../errors.ts'
import { findId } from '../find.ts'
import { itemOf, textOf } from '../item.ts'
import { type Call, option, pairs, show } from '../row.ts'
import { serverFields } from '../server-view.ts'
import { finish } from '../wait.ts'
import { dryRun } from './server-dry-run.ts'

export const serverCreateRow = show({
  words: 'server create',
  arguments: '<server-name>',
  help: 'create a server',
  options: [
    option('--flavor <flavor>', 'size (name or ID)', { required: true }),
    option('--image <image>', 'boot from this image (name or ID)'),
    option(
      '--boot-from-volume <gigabytes>',
      'copy the image to a new volume of this size and boot from that',
      {
        number: true,
      },
    ),
    option('--volume <volume-id>', 'boot from this volume'),
    option('--network <network>', 'network (name or ID), auto or none; repeatable', { many: true }),
    option('--port <port>', 'existing port (name or ID); repeatable', { many: true }),
    option('--nic <key=value,…>', 'net-id=, port-id=, v4-fixed-ip=, v6-fixed-ip=, tag=; repeatable', {
      many: true,
    }),
    option('--security-group <group>', 'security group (name or ID); repeatable', { many: true }),
    option('--key-name <keypair>', 'SSH key to put in'),
    option('--property <key=value>', 'metadata; repeatable', { many: true }),
    option('--user-data <file>', 'file given to the server through the metadata service'),
    option('--description <text>', 'description'),
    option('--availability-zone <zone>', 'where to put it'),
    option('--host <host>', 'put it on this host, if it fits (administrators)'),
    option('--hypervisor-hostname <name>', 'put it on this hypervisor, if it fits (administrators)'),
    option('--hint <key=value>', 'scheduler hint; repeatable', { many: true }),
    option('--use-config-drive', 'give metadata on a drive as well'),
    option('--min <count>', 'at least so many servers', { number: true }),
    option('--max <count>', 'at most so many servers', { number: true }),
    option('--password <text>', "the administrator's password inside"),
    option('--hostname <name>', 'host name inside'),
    option('--tag <tag>', 'tag; repeatable', { many: true }),
    option('--wait', 'wait until it is ACTIVE; exit 1 and say why when it ends in ERROR'),
    option('--dry-run', 'make nothing: say what would refuse it, and which hosts could take it', {
      conflicts: ['wait'],
    }),
  ],
  examples: [
    'server create --flavor m1.tiny --image cirros vm1',
    'server create --flavor m1.small --image cirros --network private --key-name me --wait vm1',
    'server create --flavor m1.large --image cirros --dry-run vm1',
  ],
  run: createServer,
})

async function createServer(call: Call) {
  const { cloud } = call
  const minor = (await cloud.computeVersion()).minor
  const name = call.argument('server-name')
  const body: Record<string, unknown> = {
    name,
    imageRef: '',
    flavorRef: await findId(cloud, 'flavor', call.text('flavor')!), // a required option
    min_count: call.number('min') ?? 1,
    max_count: call.number('max') ?? call.number('min') ?? 1,
    networks: await serverNetworks(call, minor),
  }
  const devices = await bootDevices(call, body)
  if (devices.length > 0) body.block_device_mapping_v2 = devices
  const groups = await Promise.all(
    call.many('security-group').map(async group => ({ name: await findId(cloud, 'securityGroup', group) })),
  )
  if (groups.length > 0) body.security_groups = groups
  const texts = {
    key_name: call.text('key-name'),
    description: call.text('description'),
    availability_zone: call.text('availability-zone'),
    host: call.text('host'),
    hypervisor_hostname: call.text('hypervisor-hostname'),
    hostname: call.text('hostname'),
    adminPass: call.text('password'),
  }
  for (const [key, value] of Object.entries(texts)) if (value !== undefined) body[key] = value
  if (call.many('property').length > 0) body.metadata = pairs(call.many('property'), '--property')
  if (call.many('tag').length > 0) body.tags = call.many('tag')
  if (call.flag('use-config-drive')) body.config_drive = true
  const userData = call.text('user-data')
  if (userData !== undefined) body.user_data = readUserFile(userData).toString('base64')
  const hints = pairs(call.many('hint'), '--hint')
  const whole = {
    server: body,
    ...(Object.keys(hints).length > 0 ? { 'OS-SCH-HNT:scheduler_hints': hints } : {}),
  }
  if (call.flag('dry-run')) return dryRun(call, whole)
  const reply = await cloud.compute.post('/servers', whole)
  const created = itemOf(reply.body, 'server')
  const id = textOf(created, 'id')
  if (call.flag('wait')) await finish(call, { id, name }, reply, ['ACTIVE'])
  const server = itemOf(await cloud.compute.get(`/servers/${id}`), 'server')
  const { adminPass } = created
  return serverFields(cloud, adminPass === undefined ? server : { ...server, adminPass })
}

/** `auto` needs compute 2.37; before, an empty list lets the cloud choose. */
async function serverNetworks(call: Call, minor: number): Promise<unknown> {
  const asked = call.many('network')
  const ports = call.many('port')
  const nics = call.many('nic')
  const special = [...asked, ...nics].find(one => one === 'auto' || one === 'none')
  if (special !== undefined) {
    if (asked.length + ports.length + nics.length > 1)
      throw usage(`'${special}' stands alone among networks and ports`)
    return special
  }
  if (asked.length + ports.length + nics.length === 0) return minor >= 37 ? 'auto' : []
  return [
    ...(await Promise.all(asked.map(async one => ({ uuid: await findId(call.cloud, 'network', one) })))),
    ...(await Promise.all(ports.map(async one => ({ port: await findId(call.cloud, 'port', one) })))),
    ...(await Promise.all(nics.map(nic => nicOf(call, nic)))),
  ]
}

async function nicOf(call: Call, text: string): Promise<unknown> {
  const given = pairs(text.split(','), '--nic')
  const nic: Record<string, string> = {}
  if (given['net-id']) nic.uuid = await findId(call.cloud, 'network', given['net-id'])
  if (given['port-id']) nic.port = await findId(call.cloud, 'port', given['port-id'])
  const address = given['v4-fixed-ip'] || given['v6-fixed-ip']
  if (address) nic.fixed_ip = address
  if (given.tag) nic.tag = given.tag
  if (nic.uuid === undefined && nic.port === undefined)
    throw usage(`--nic wants net-id= or port-id=, not '${text}'`)
  return nic
}

/** Puts the image into the body, or gives the devices to boot from instead. */
async function bootDevices(call: Call, body: Record<string, unknown>): Promise<readonly unknown[]> {
  const volume = call.text('volume')
  const size = call.number('boot-from-volume')
  const image = call.text('image')
  if (volume !== undefined) {
    if (image !== undefined) throw usage('give --image or --volume, not both')
    return [{ uuid: volume, source_type: 'volume', destination_type: 'volume', boot_index: 0 }]
  }
  if (image === undefined) throw usage('give --image or --volume: what shall it boot from?')
  const imageId = await findId(call.cloud, 'image', image)
  if (size === undefined) {
    body.imageRef = imageId
    return []
  }
  return [
    {
      uuid: imageId,
      source_type: 'image',
      destination_type: 'volume',
      volume_size: size,
      boot_index: 0,
      delete_on_termination: false,
    },
  ]
}

function readUserFile(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new CliError(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`, { cause: error }) // fs's
  }
}
