// Every notification sample of Nova's documentation, built again from a row that is as the sample says.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, test } from 'node:test'
import type { Clock } from '../../src/base/time.ts'
import {
  type HostMetrics,
  libvirtErrorPayload,
  metricsPayload,
  volumeUsagePayload,
} from '../../src/compute/notifications/host.ts'
import type { Share, ToldDevice } from '../../src/compute/notifications/instance.ts'
import type { ServerExtra } from '../../src/compute/notifications/instance-actions.ts'
import type { KeypairFacts } from '../../src/compute/notifications/keypair.ts'
import {
  type AggregateAction,
  notifyAggregate,
  notifyComputeTask,
  notifyException,
  notifyFlavor,
  notifyImageCache,
  notifyKeypair,
  notifySelectDestinations,
  notifyServer,
  notifyServerExists,
  notifyServerGroup,
  notifyServerUpdate,
  notifyService,
} from '../../src/compute/notifications/notify.ts'
import { type RequestFacts, requestOf } from '../../src/compute/notifications/request-spec.ts'
import { publish, type Sender } from '../../src/compute/notifications/sender.ts'
import { serviceVersion } from '../../src/compute/notifications/service.ts'
import { type Binary, eventTypes, otherNotifications } from '../../src/model/notifications.ts'
import type { VmState } from '../../src/model/server-states.ts'
import { createNotifier, memorySink } from '../../src/platform/journal/notifications.ts'
import {
  type Data,
  dataOf,
  type Encoded,
  flavorFrom,
  imageFixture,
  isData,
  readSample,
  type Sample,
  samplesFolder,
  serverFrom,
} from '../support/notifications.ts'

const now = Date.parse('2012-10-29T13:42:11Z')
const clock: Clock = { now: () => now }
const files = readdirSync(samplesFolder).filter(file => file.endsWith('.json'))

/** Who sends, where that is not the compute service of the host. */
const senders: Readonly<Record<string, Binary>> = {
  'instance-delete-start_compute_down.json': 'nova-api',
  'instance-delete-end_compute_down.json': 'nova-api',
  'instance-delete-start_not_scheduled.json': 'nova-api',
  'instance-delete-end_not_scheduled.json': 'nova-api',
  'instance-update-tags-action.json': 'nova-api',
  'compute-exception.json': 'nova-api',
}

describe("Nova's notification samples", () => {
  for (const file of files)
    test(`${file} is what our builders make of the same facts`, () => {
      const sample = readSample(file)
      const sink = memorySink()
      const data = dataOf(sample.payload)
      const sender: Sender = {
        notifier: createNotifier('versioned', sink),
        clock,
        host: sample.publisher_id.split(':')[1] ?? '',
        binary: senders[file] ?? 'nova-compute',
        context: {
          requestId: (data.request_id as string | undefined) ?? 'req-0',
          globalRequestId: null,
          auth: {
            identity: '- - - - - -',
            userId: (data.action_initiator_user as string | undefined) ?? 'fake',
            userName: 'fake',
            project: {
              id: (data.action_initiator_project as string | undefined) ?? 'p',
              name: 'p',
              domain: { id: 'default', name: 'Default' },
            },
            userDomain: { id: 'default', name: 'Default' },
            domain: null,
            systemScope: null,
            isAdmin: false,
            roles: [],
          },
        },
      }
      send(sender, sample)
      assert.equal(sink.messages.length, 1)
      const [message] = sink.messages
      assert.equal(message?.event_type, sample.event_type)
      assert.equal(message?.priority, sample.priority)
      assert.equal(message?.publisher_id, sample.publisher_id)
      assert.deepEqual(settled(message?.payload), settled(sample.payload))
    })

  test('there is one for each event type of the table, and none besides', () => {
    const types = new Set(files.map(file => readSample(file).event_type))
    assert.deepEqual([...types].sort(), [...eventTypes].sort())
    assert.equal(eventTypes.length, 132)
  })
})

// Where in the code an error was raised is our own business; that it is told is not.
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(settled)
  if (!isData(value)) return value
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, settled(item)]))
  const data = copy['nova_object.data']
  if (value['nova_object.name'] === 'ExceptionPayload' && isData(data))
    for (const key of ['function_name', 'module_name', 'traceback']) {
      assert.equal(typeof data[key], 'string')
      assert.notEqual(data[key], '')
      data[key] = 'told'
    }
  // A deployment's own number.
  if (value['nova_object.name'] === 'ServiceStatusPayload' && isData(data)) data.version = serviceVersion
  // The sample's topology belongs to another server than its request.
  if (value['nova_object.name'] === 'InstanceNUMATopologyPayload' && isData(data)) data.instance_uuid = 'any'
  // The sample leaves null here; a running Nova fills both with the present task (recorded-notifications).
  if (value['nova_object.name'] === 'InstanceUpdatePayload' && isData(data)) {
    const states = dataOf(data.state_update)
    states.old_task_state ??= data.task_state
    states.new_task_state ??= data.task_state
  }
  return copy
}

interface Job {
  readonly sender: Sender
  readonly sample: Sample
  readonly action: string
  readonly phase: string | undefined
  readonly data: Data
}

function send(sender: Sender, sample: Sample): void {
  const [object, action, phase] = sample.event_type.split('.') as [string, string, string?]
  const job: Job = { sender, sample, action, phase, data: dataOf(sample.payload) }
  ;(jobs[object] ?? sendHostPayload)(job)
}

/** By the object of the event type. */
const jobs: Readonly<Record<string, (job: Job) => void>> = {
  instance: sendInstance,
  aggregate: sendAggregate,
  flavor: ({ sender, action, data }) =>
    notifyFlavor(
      sender,
      action as 'create',
      {
        ...rowOfFlavor(data),
        extra_specs_json: JSON.stringify(data.extra_specs ?? { 'not:loaded': 'for this action' }),
      },
      (data.projects as string[] | null) ?? ['nobody-asks'],
    ),
  keypair: ({ sender, action, phase, data }) =>
    notifyKeypair(sender, action as 'create', phase as 'start', keypairFrom(data)),
  service: ({ sender, action, data }) =>
    notifyService({ ...sender, host: 'elsewhere' }, action as 'create', {
      id: 1,
      uuid: data.uuid as string,
      host: data.host as string,
      binary: data.binary as string,
      topic: data.topic as string,
      disabled: 0,
      disabled_reason: data.disabled_reason as null,
      forced_down: 0,
      last_seen_at: Date.parse((data.last_seen_up as string | null) ?? '2012-10-29T13:42:11Z'),
      report_count: data.report_count as number,
      created_at: now,
    }),
  server_group: ({ sender, action, data }) =>
    notifyServerGroup(
      sender,
      action as 'create',
      {
        id: data.uuid as string,
        name: data.name as string,
        project_id: data.project_id as string,
        user_id: data.user_id as string,
        policy: data.policy as string,
        rules_json: '{"max_server_per_host": 3}',
      },
      data.members as string[],
    ),
  compute: ({ sender, sample }) => notifyException(sender, errorFrom(sample.payload), 'create_aggregate'),
  compute_task: ({ sender, action, data }) =>
    notifyComputeTask(sender, action as 'build_instances', {
      request: requestFrom(data.request_spec as Encoded),
      state: data.state as VmState,
      error: errorFrom(data.reason),
    }),
  scheduler: ({ sender, sample, phase }) =>
    notifySelectDestinations(sender, phase as 'start', requestFrom(sample.payload)),
}

function sendInstance({ sender, sample: { payload }, action, phase, data }: Job): void {
  const server = serverFrom(payload)
  const blockDevices = (data.block_devices as unknown[]).map(dataOf).map(
    (device): ToldDevice => ({
      deviceName: device.device_name as string,
      bootIndex: device.boot_index as null,
      deleteOnTermination: device.delete_on_termination as boolean,
      volumeId: device.volume_id as string,
      tag: device.tag as null,
    }),
  )
  const tags = data.tags as string[] | undefined
  if (action === 'exists') {
    notifyServerExists(sender, server, undefined, { blockDevices })
    return
  }
  if (action === 'update') {
    const states = dataOf(data.state_update)
    notifyServerUpdate(sender, server, {
      oldState: states.old_state as VmState,
      newState: states.state as VmState,
      blockDevices,
      ...(tags ? { tags } : {}),
    })
    return
  }
  const shares = (data.shares as unknown[]).map(dataOf).map(
    (share): Share => ({
      mappingId: share.share_mapping_uuid as string,
      shareId: share.share_id as string,
      status: share.status as string,
      exportLocation: share.export_location as string,
      tag: share.tag as string,
    }),
  )
  const extra: ServerExtra = {
    blockDevices,
    shares,
    ...(tags ? { tags } : {}),
    ...(data.fault ? { fault: errorFrom(data.fault) } : {}),
    ...(data.new_flavor ? { newFlavor: flavorFrom(data.new_flavor) } : {}),
    ...(data.keypairs ? { keypairs: (data.keypairs as unknown[]).map(dataOf).map(keypairFrom) } : {}),
    snapshotImageId: data.snapshot_image_id as string,
    rescueImageId: data.rescue_image_ref as string,
    volumeId: data.volume_id as string,
    oldVolumeId: data.old_volume_id as string,
    newVolumeId: data.new_volume_id as string,
    shareId: data.share_id as string,
  }
  // Any action of the table, with a phase it has: the samples' own.
  notifyServer(sender, action as 'pause', (phase ?? null) as 'start', server, extra)
}

function sendAggregate({ sender, action, phase, data }: Job): void {
  const aggregate = {
    id: data.id as number | null,
    uuid: data.uuid as string,
    name: data.name as string,
    hosts: data.hosts as string[] | null,
    metadata: data.metadata as Record<string, string>,
  }
  if (phase !== 'progress') {
    notifyAggregate(sender, action as AggregateAction, phase as 'start', aggregate)
    return
  }
  notifyImageCache({ ...sender, binary: 'nova-conductor' }, aggregate, {
    host: data.host as string,
    cached: data.images_cached as string[],
    failed: data.images_failed as string[],
    index: data.index as number,
    total: data.total as number,
  })
}

// What nothing of ours sends yet.
function sendHostPayload({ sender, sample: { event_type: name }, data }: Job): void {
  const payloads: Readonly<Record<string, () => object>> = {
    'metrics.update': () =>
      metricsPayload({
        host: data.host as string,
        node: data.nodename as string,
        hostIp: data.host_ip as string,
        metrics: (data.metrics as unknown[]).map(dataOf).map((metric): HostMetrics['metrics'][number] => ({
          name: metric.name as string,
          value: metric.value as number,
          source: metric.source as string,
          at: now,
        })),
      }),
    'volume.usage': () =>
      volumeUsagePayload({
        volumeId: data.volume_id as string,
        projectId: data.project_id as string,
        userId: data.user_id as string,
        zone: data.availability_zone as string,
        serverId: data.instance_uuid as string,
        at: now,
        reads: 0,
        readBytes: 0,
        writes: 0,
        writeBytes: 0,
      }),
    'libvirt.connect.error': () => libvirtErrorPayload(data.ip as string, errorFrom(data.reason)),
  }
  const build = payloads[name]
  assert.ok(build, `nothing sends ${name}`)
  const failed = name.endsWith('.error')
  const short = (failed ? 'libvirt.connect' : name) as 'metrics.update'
  publish(sender, {
    name: short,
    row: otherNotifications[short],
    phase: failed ? 'error' : null,
    failed,
    versioned: build,
  })
}

const keypairFrom = (data: Data): KeypairFacts => ({
  user_id: data.user_id as string,
  name: data.name as string,
  type: data.type as 'ssh',
  fingerprint: data.fingerprint as string | null,
  public_key: data.public_key as string | null,
})

const rowOfFlavor = (data: Data) => ({
  id: data.flavorid as string,
  seq: 1,
  name: data.name as string,
  vcpus: data.vcpus as number,
  memory_mb: data.memory_mb as number,
  root_gb: data.root_gb as number,
  ephemeral_gb: data.ephemeral_gb as number,
  swap_mb: data.swap as number,
  rxtx_factor: data.rxtx_factor as number,
  is_public: data.is_public ? (1 as const) : (0 as const),
  disabled: 0 as const,
  description: data.description as null,
  created_at: now,
  updated_at: null,
})

function errorFrom(payload: unknown): Error {
  const data = dataOf(payload)
  const error = new Error(data.exception_message as string)
  error.name = data.exception as string
  return error
}

function requestFrom(payload: Encoded): RequestFacts {
  const data = dataOf(payload)
  const image = dataOf(data.image)
  const server = serverFrom(readSample('instance-create-start.json').payload)
  return requestOf(
    { ...server, id: data.instance_uuid as string },
    {
      flavor: flavorFrom(data.flavor),
      image: {
        ...imageFixture,
        status: 'active',
        visibility: 'public',
        protected: false,
        tags: image.tags as string[],
        createdAt: Date.parse(image.created_at as string),
        updatedAt: Date.parse(image.updated_at as string),
      },
      numa: data.numa_topology ? [{ id: 0, cpus: [0], memoryMb: 512 }] : null,
    },
  )
}
