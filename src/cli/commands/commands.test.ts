import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { type Answers, cannedCloud, runCli } from '../../../test/support/cli.ts'

const clouds: { close(): Promise<void> }[] = []
const directory = mkdtempSync(join(tmpdir(), 'faultline-cli-'))
after(async () => {
  rmSync(directory, { recursive: true })
  await Promise.all(clouds.map(cloud => cloud.close()))
})
async function cloudWith(answers: Answers) {
  const cloud = await cannedCloud(answers)
  clouds.push(cloud)
  return cloud
}
const heading = (text: string) =>
  text
    .split('\n')[1]!
    .split('|')
    .map(cell => cell.trim())
    .filter(cell => cell !== '')

const id = '2a6513a3-9864-4f44-b27a-8554e4436f0d'
const image = 'a4249af3-1275-4441-9ff8-269997794e11'
const server = {
  id,
  name: 'vm1',
  status: 'ACTIVE',
  tenant_id: 'p1',
  user_id: 'u1',
  metadata: { role: 'db' },
  addresses: {
    private: [
      { addr: '10.0.0.3', version: 4 },
      { addr: 'fd00::3', version: 6 },
    ],
  },
  image: { id: image, links: [] },
  'OS-EXT-STS:power_state': 1,
  'OS-EXT-STS:task_state': null,
  'OS-EXT-STS:vm_state': 'active',
  'OS-EXT-AZ:availability_zone': 'nova',
  'os-extended-volumes:volumes_attached': [],
  security_groups: [{ name: 'default' }],
  links: [],
}
const withServer = (flavor: object): Answers => ({
  'GET /compute/v2.1/servers/detail': { json: { servers: [{ ...server, flavor }] } },
  [`GET /compute/v2.1/servers/${id}`]: { json: { server: { ...server, flavor } } },
  'GET /image/v2/images': { json: { images: [{ id: image, name: 'cirros' }] } },
  [`GET /image/v2/images/${image}`]: { json: { id: image, name: 'cirros' } },
  'GET /compute/v2.1/flavors/detail': { json: { flavors: [{ id: '1', name: 'm1.tiny' }] } },
  'GET /compute/v2.1/flavors/1': { json: { flavor: { id: '1', name: 'm1.tiny' } } },
})
const embedded = {
  original_name: 'm1.tiny',
  vcpus: 1,
  ram: 512,
  disk: 1,
  ephemeral: 0,
  swap: 0,
  extra_specs: {},
}

test('server list has the columns of the openstack client, with names from one call for all images', async () => {
  const cloud = await cloudWith(withServer(embedded))
  const short = await runCli(cloud, ['server', 'list'])
  assert.deepEqual(heading(short.stdout), ['ID', 'Name', 'Status', 'Networks', 'Image', 'Flavor'])
  assert.match(short.stdout, /\| vm1 +\| ACTIVE \| private=10\.0\.0\.3, fd00::3 \| cirros \| m1\.tiny \|/)
  const long = await runCli(cloud, [
    'server',
    'list',
    '--long',
    '--all-projects',
    '--os-compute-api-version',
    '2.93',
  ])
  assert.deepEqual(heading(long.stdout), [
    ...['ID', 'Name', 'Status', 'Task State', 'Power State', 'Networks', 'Image Name', 'Image ID', 'Flavor'],
    ...['Availability Zone', 'Host', 'Properties', 'Project ID'],
  ])
  assert.deepEqual(
    cloud.asked
      .filter(asked => asked.path.startsWith('/image'))
      .map(asked => decodeURIComponent(asked.search)),
    [`?id=in:${image}`, `?id=in:${image}`],
  )
})

test('server list before 2.47 names flavors by looking all of them up at once', async () => {
  const cloud = await cloudWith(withServer({ id: '1', links: [] }))
  const ran = await runCli(cloud, ['server', 'list', '--long', '--os-compute-api-version', '2.1'])
  assert.ok(heading(ran.stdout).join().includes('Flavor Name,Flavor ID'))
  assert.match(ran.stdout, /\| m1\.tiny +\| 1 +\|/)
  const plain = await runCli(cloud, ['server', 'list', '-n', '-f', 'json'])
  assert.equal(JSON.parse(plain.stdout)[0].Image, image)
})

test('server show renames and reads as the openstack client, in people words and for programs', async () => {
  const cloud = await cloudWith(withServer({ id: '1', links: [] }))
  const text = (await runCli(cloud, ['server', 'show', 'vm1'])).stdout
  assert.match(text, /\| OS-EXT-STS:power_state +\| Running /)
  assert.match(text, /\| flavor +\| m1\.tiny \(1\) /)
  assert.match(text, /\| properties +\| role='db' /)
  assert.match(text, /\| security_groups +\| name='default' /)
  assert.match(text, /\| project_id +\| p1 /)
  assert.ok(!text.includes('links') && !text.includes('tenant_id') && !text.includes('metadata'))
  const json = JSON.parse((await runCli(cloud, ['server', 'show', 'vm1', '-f', 'json'])).stdout)
  assert.equal(json['OS-EXT-STS:power_state'], 1)
  assert.deepEqual(json.addresses, { private: ['10.0.0.3', 'fd00::3'] })
  assert.deepEqual(json.volumes_attached, [])
})

test('server create sends what the openstack client sends', async () => {
  const cloud = await cloudWith({
    ...withServer(embedded),
    'POST /compute/v2.1/servers': { status: 202, json: { server: { id } } },
    'GET /network/v2.0/networks': { json: { networks: [{ id: 'net-1', name: 'private' }] } },
    'GET /network/v2.0/security-groups': { json: { security_groups: [{ id: 'sg-1', name: 'web' }] } },
  })
  const base = ['server', 'create', '--flavor', '1', '--image', image]
  const bodyOf = async (...words: string[]) => {
    const ran = await runCli(cloud, [...base, ...words])
    assert.equal(ran.exitCode, 0, ran.stderr)
    return cloud.asked.findLast(asked => asked.path.endsWith('/servers'))!.body
  }
  assert.deepEqual(await bodyOf('vm1'), {
    server: { name: 'vm1', imageRef: image, flavorRef: '1', min_count: 1, max_count: 1, networks: 'auto' },
  })
  assert.deepEqual(await bodyOf('vm1', '--os-compute-api-version', '2.1'), {
    server: { name: 'vm1', imageRef: image, flavorRef: '1', min_count: 1, max_count: 1, networks: [] },
  })
  const rich = await bodyOf(
    ...['--network', 'private', '--nic', 'net-id=private,v4-fixed-ip=10.0.0.9', '--security-group', 'web'],
    ...['--property', 'a=b=c', '--hint', 'group=g1', '--tag', 't', '--boot-from-volume', '3', 'vm1'],
  )
  assert.deepEqual(rich, {
    server: {
      name: 'vm1',
      imageRef: '',
      flavorRef: '1',
      min_count: 1,
      max_count: 1,
      networks: [{ uuid: 'net-1' }, { uuid: 'net-1', fixed_ip: '10.0.0.9' }],
      security_groups: [{ name: 'sg-1' }],
      metadata: { a: 'b=c' },
      tags: ['t'],
      block_device_mapping_v2: [
        {
          uuid: image,
          source_type: 'image',
          destination_type: 'volume',
          volume_size: 3,
          boot_index: 0,
          delete_on_termination: false,
        },
      ],
    },
    'OS-SCH-HNT:scheduler_hints': { group: 'g1' },
  })
  const mixed = await runCli(cloud, [...base, '--network', 'none', '--network', 'private', 'vm1'])
  assert.deepEqual(
    [mixed.exitCode, mixed.stderr],
    [2, "faultline: 'none' stands alone among networks and ports\n"],
  )
})

test('server event list and show print actions and steps; a deleted server is found by its id', async () => {
  const action = {
    action: 'resize',
    instance_uuid: id,
    request_id: 'req-1',
    start_time: '2026-11-23T09:30:39.000000',
    message: 'Error',
    project_id: 'p1',
    user_id: 'u1',
  }
  const cloud = await cloudWith({
    [`GET /compute/v2.1/servers/${id}/os-instance-actions`]: { json: { instanceActions: [action] } },
    [`GET /compute/v2.1/servers/${id}/os-instance-actions/req-1`]: {
      json: {
        instanceAction: { ...action, events: [{ event: 'cold_migrate', result: 'Error', traceback: null }] },
      },
    },
    'GET /compute/v2.1/servers/detail': { json: { servers: [] } },
  })
  const list = await runCli(cloud, ['server', 'event', 'list', id])
  assert.deepEqual(heading(list.stdout), ['Request ID', 'Server ID', 'Action', 'Start Time'])
  const long = await runCli(cloud, ['server', 'event', 'list', id, '--long'])
  assert.deepEqual(heading(long.stdout).slice(4), ['Message', 'Project ID', 'User ID'])
  const show = await runCli(cloud, ['server', 'event', 'show', id, 'req-1'])
  assert.match(show.stdout, /\| events +\| event='cold_migrate', result='Error', traceback= \|/)
})

test('keypair create sends the public half only, and prints a private half that belongs to it', async () => {
  const cloud = await cloudWith({
    'POST /compute/v2.1/os-keypairs': asked => ({
      status: 201,
      json: { keypair: { ...(asked.body as { keypair: object }).keypair, fingerprint: 'f' } },
    }),
  })
  const file = join(directory, 'key')
  const ran = await runCli(cloud, ['keypair', 'create', '--private-key', file, 'me'])
  assert.equal(ran.exitCode, 0, ran.stderr)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const sent = cloud.asked.at(-1)!
  assert.ok(!sent.text.includes('PRIVATE'))
  const { public_key } = (sent.body as { keypair: { public_key: string } }).keypair // what the command sends
  const point = Buffer.from(public_key.split(' ')[1]!, 'base64').subarray(-32)
  const blob = Buffer.from(readFileSync(file, 'utf8').replaceAll(/-----.*-----|\n/g, ''), 'base64')
  const at = blob.lastIndexOf(point) // the secret field is seed then point
  const d = blob.subarray(at - 32, at).toString('base64url')
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }
  const signature = sign(null, Buffer.from('x'), createPrivateKey({ key: { ...jwk, d }, format: 'jwk' }))
  assert.ok(verify(null, Buffer.from('x'), createPublicKey({ key: jwk, format: 'jwk' }), signature))
  const printed = await runCli(cloud, ['keypair', 'create', 'me'])
  assert.match(
    printed.stdout,
    /^-----BEGIN OPENSSH PRIVATE KEY-----\n[\s\S]+-----END OPENSSH PRIVATE KEY-----\n$/,
  )
  const again = await runCli(cloud, ['keypair', 'create', '--private-key', file, 'me'])
  assert.match(again.stderr, /is there already/)
})

test('an upload that fails leaves no image behind, a missing file creates none', async () => {
  const file = join(directory, 'disk.raw')
  writeFileSync(file, 'x'.repeat(100_000))
  const created = { status: 201, json: { id: image, name: 'i', status: 'queued' } }
  const good = await cloudWith({
    'POST /image/v2/images': created,
    [`PUT /image/v2/images/${image}/file`]: { status: 204 },
    [`GET /image/v2/images/${image}`]: {
      json: { id: image, name: 'i', status: 'active', os_distro: 'x', tags: [] },
    },
  })
  const ran = await runCli(good, [
    'image',
    'create',
    '--file',
    file,
    '--property',
    'os_distro=x',
    '--private',
    'i',
  ])
  assert.match(ran.stdout, /\| properties \| os_distro='x' /)
  assert.equal(good.asked.find(asked => asked.method === 'PUT')!.text.length, 100_000)
  const bad = await cloudWith({
    'POST /image/v2/images': created,
    [`PUT /image/v2/images/${image}/file`]: { status: 413, text: '<html><body>too large</body></html>' },
    [`DELETE /image/v2/images/${image}`]: { status: 204 },
  })
  const failed = await runCli(bad, ['image', 'create', '--file', file, 'i'])
  assert.match(failed.stderr, /^faultline: too large \(HTTP 413\)/)
  assert.equal(bad.asked.at(-1)!.method, 'DELETE')
  await runCli(bad, ['image', 'create', '--file', join(directory, 'none'), 'i'])
  assert.equal(bad.asked.at(-1)!.method, 'DELETE', 'nothing more was asked for')
})

test('network lists have the columns of the openstack client', async () => {
  const cloud = await cloudWith({
    'GET /network/v2.0/networks': {
      json: {
        networks: [
          { id: 'n', name: 'private', subnets: ['b', 'a'], admin_state_up: true, 'router:external': false },
        ],
      },
    },
    'GET /network/v2.0/ports': {
      json: {
        ports: [
          {
            id: 'p',
            name: '',
            mac_address: 'fa',
            fixed_ips: [{ subnet_id: 's', ip_address: '1' }],
            status: 'ACTIVE',
          },
        ],
      },
    },
    'GET /network/v2.0/security-group-rules': {
      json: {
        security_group_rules: [
          { id: 'r', protocol: 'tcp', ethertype: 'IPv4', port_range_min: 22, port_range_max: 22 },
        ],
      },
    },
  })
  const networks = await runCli(cloud, ['network', 'list', '--long'])
  assert.match(networks.stdout, /\| UP +\| .*\| a, b +\|.*\| Internal +\|/)
  const ports = await runCli(cloud, ['port', 'list'])
  assert.match(ports.stdout, /\| ip_address='1', subnet_id='s' \|/)
  const rules = await runCli(cloud, ['security', 'group', 'rule', 'list'])
  assert.match(rules.stdout, /\| tcp +\| IPv4 +\| 0\.0\.0\.0\/0 \| 22:22 +\|/)
})

test('quota set sends each limit to its service under its own name', async () => {
  const cloud = await cloudWith({
    'GET /identity/v3/projects/demo': { json: { project: { id: 'p1', name: 'demo' } } },
    'PUT /compute/v2.1/os-quota-sets/p1': { json: {} },
    'PUT /network/v2.0/quotas/p1': { json: {} },
  })
  const ran = await runCli(cloud, ['quota', 'set', '--cores', '40', '--ports', '-1', '--force', 'demo'])
  assert.equal(ran.exitCode, 0, ran.stderr)
  const puts = cloud.asked.filter(asked => asked.method === 'PUT').map(asked => asked.body)
  assert.deepEqual(puts, [{ quota_set: { cores: 40, force: true } }, { quota: { port: -1 } }])
  assert.equal((await runCli(cloud, ['quota', 'set', 'demo'])).exitCode, 2)
})

test('project list falls back to the own projects of somebody who may not see all', async () => {
  const cloud = await cloudWith({
    'GET /identity/v3/projects': { status: 403, json: { error: { code: 403, message: 'no' } } },
    'GET /identity/v3/auth/projects': { json: { projects: [{ id: 'p1', name: 'demo' }] } },
  })
  assert.equal((await runCli(cloud, ['project', 'list', '-f', 'value'])).stdout, 'p1 demo\n')
})

test('a compute service is disabled by its id, and one that is not there is said to be missing', async () => {
  const cloud = await cloudWith({
    'GET /compute/v2.1/os-services': asked => ({
      json: {
        services: asked.search.includes('host=host-1')
          ? [{ id: 's1', binary: 'nova-compute', host: 'host-1' }]
          : [],
      },
    }),
    'PUT /compute/v2.1/os-services/s1': { json: { service: {} } },
  })
  const set = ['compute', 'service', 'set', '--disable', '--disable-reason', 'disk']
  assert.equal((await runCli(cloud, [...set, 'host-1', 'nova-compute'])).exitCode, 0)
  assert.deepEqual(cloud.asked.at(-1)!.body, { status: 'disabled', disabled_reason: 'disk' })
  const missing = await runCli(cloud, [...set, 'host-9', 'nova-compute'])
  assert.match(missing.stderr, /No nova-compute on host 'host-9' exists/)
})
