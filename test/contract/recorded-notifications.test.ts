// What a running Nova 26 published, in both forms, and what we publish of the same servers and requests.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import {
  notifyComputeTask,
  notifySelectDestinations,
  notifyServer,
  notifyServerExists,
  notifyServerUpdate,
  notifyService,
} from '../../src/compute/notifications/notify.ts'
import { type RequestFacts, requestOf } from '../../src/compute/notifications/request-spec.ts'
import type { Sender } from '../../src/compute/notifications/sender.ts'
import type { ImageSnapshot } from '../../src/compute/snapshots.ts'
import type { ServerRow } from '../../src/compute/store/servers.ts'
import { fault } from '../../src/model/errors.ts'
import type { Binary } from '../../src/model/notifications.ts'
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
  recordedFile,
  serverFrom,
} from '../support/notifications.ts'

interface Recorded {
  readonly routing_key: string
  readonly message: Data & { event_type: string; publisher_id: string; timestamp: string; payload: Data }
}

const recorded = readFileSync(recordedFile, 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Recorded)

/** Nova sends the unversioned form, then the versioned one; only services have no unversioned form. */
const pairs = recorded.flatMap((item, index) => {
  if (!item.routing_key.startsWith('versioned')) return []
  const before = recorded[index - 1]
  return [
    { versioned: item, unversioned: before?.routing_key.startsWith('notifications') ? before : undefined },
  ]
})

describe('notifications recorded from a Nova 26', () => {
  assert.ok(pairs.length >= 20)
  for (const { versioned, unversioned } of pairs)
    test(`${versioned.message.event_type} by ${versioned.message.publisher_id} at ${versioned.message.timestamp}`, () => {
      const sink = memorySink()
      send(senderOf(versioned, unversioned, sink), versioned.message, unversioned?.message.payload ?? {})
      const expected = unversioned ? [unversioned, versioned] : [versioned]
      assert.equal(sink.messages.length, expected.length)
      for (const [index, { message }] of expected.entries()) {
        const ours = sink.messages[index] as Recorded['message'] // counted above
        assert.deepEqual(Object.keys(ours).sort(), Object.keys(message).sort())
        for (const key of ['event_type', 'publisher_id', 'priority'])
          assert.equal(ours[key], message[key], key)
        for (const key of Object.keys(message).filter(key => key.startsWith('_context_')))
          if (key !== '_context_timestamp') assert.deepEqual(ours[key], message[key], key)
        for (const key of ['timestamp', '_context_timestamp'])
          assert.equal(shapeOf(ours[key]), shapeOf(message[key]), key)
        assert.deepEqual(settled(ours.payload), settled(message.payload))
      }
    })
})

const shapeOf = (value: unknown) => String(value).replace(/\d/g, '9')

function senderOf(
  { message }: Recorded,
  unversioned: Recorded | undefined,
  sink: ReturnType<typeof memorySink>,
): Sender {
  const context = (key: string) => message[`_context_${key}`]
  const [binary = '', host = ''] = message.publisher_id.split(':')
  const period = unversioned?.message.payload.audit_period_ending as string | undefined
  const now = Date.parse(`${(period ?? message.timestamp).replace(' ', 'T').slice(0, 23)}Z`)
  return {
    notifier: createNotifier('both', sink),
    clock: { now: () => now },
    host,
    binary: binary as Binary,
    imageUrl: 'http://127.0.0.1:9292',
    context: {
      requestId: context('request_id') as string,
      globalRequestId: context('global_request_id') as null,
      // A periodic task runs for nobody.
      auth:
        context('user_id') === null
          ? null
          : {
              identity: context('user_identity') as string,
              userId: context('user_id') as string,
              userName: context('user_name') as string,
              project: {
                id: context('project_id') as string,
                name: context('project_name') as string,
                domain: { id: context('project_domain') as string, name: 'Default' },
              },
              userDomain: { id: context('user_domain') as string, name: 'Default' },
              domain: null,
              systemScope: context('system_scope') as null,
              isAdmin: context('is_admin') as boolean,
              roles: context('roles') as string[],
            },
    },
  }
}

function send(sender: Sender, { event_type: type, payload }: Recorded['message'], legacy: Data): void {
  const [object, action, phase] = type.split('.') as [string, string, string?]
  const data = dataOf(payload)
  if (object === 'scheduler')
    notifySelectDestinations(sender, phase as 'start', requestFrom(payload as unknown as Encoded, legacy))
  else if (object === 'compute_task')
    notifyComputeTask(sender, action as 'build_instances', {
      request: requestFrom(data.request_spec as Encoded, legacy),
      state: data.state as VmState,
      error: fault('NoValidHost', {
        reason: String(legacy.reason).includes('not enough hosts')
          ? 'There are not enough hosts available.'
          : '',
      }),
    })
  else if (object === 'service')
    notifyService(sender, action as 'update', {
      id: 1,
      uuid: data.uuid as string,
      host: data.host as string,
      binary: data.binary as string,
      topic: data.topic as string,
      disabled: 1,
      disabled_reason: data.disabled_reason as string,
      forced_down: 0,
      last_seen_at: Date.parse(data.last_seen_up as string),
      report_count: data.report_count as number,
      created_at: 0,
    })
  else sendInstance(sender, action, phase, payload as unknown as Encoded, legacy)
}

function sendInstance(
  sender: Sender,
  action: string,
  phase: string | undefined,
  payload: Encoded,
  legacy: Data,
): void {
  const server = rowFrom(payload, legacy)
  const data = dataOf(payload)
  if (action === 'exists') notifyServerExists(sender, server)
  else if (action === 'update') {
    const states = dataOf(data.state_update)
    notifyServerUpdate(sender, server, {
      oldState: states.old_state as VmState,
      newState: states.state as VmState,
      oldTask: states.old_task_state as null,
      newTask: states.new_task_state as null,
    })
  } else {
    const newFlavor = data.new_flavor
      ? flavorFrom(data.new_flavor, legacy.new_instance_type_id as number | undefined)
      : undefined
    notifyServer(sender, action as 'pause', phase as 'start', server, newFlavor ? { newFlavor } : {})
  }
}

/** The versioned payload's row, with what only the unversioned one shows. */
function rowFrom(payload: Encoded, legacy: Data): ServerRow {
  const meta = legacy.image_meta as Record<string, string>
  const { min_ram, min_disk, disk_format, container_format, base_image_ref, ...properties } = meta
  const image: ImageSnapshot = {
    id: base_image_ref ?? '',
    name: 'cirros-0.4.0-x86_64-disk',
    minDiskGb: 0,
    minRamMb: Number(min_ram),
    sizeBytes: 0,
    diskFormat: disk_format ?? '',
    containerFormat: container_format ?? '',
    owner: null,
    properties,
  }
  return {
    ...serverFrom(payload, image, legacy.instance_type_id as number),
    launched_at: parse(legacy.launched_at),
    terminated_at: parse(legacy.terminated_at),
    deleted_at: parse(legacy.deleted_at),
  }
}

const parse = (text: unknown) => (text === '' ? null : Date.parse(`${String(text).slice(0, 23)}Z`))

function requestFrom(payload: Encoded, legacy: Data): RequestFacts {
  const data = dataOf(payload)
  const image = dataOf(data.image)
  const spec = legacy.request_spec as { instance_type: { id: number } }
  const server = serverFrom(readSample('instance-create-start.json').payload)
  return requestOf(server, {
    serverId: data.instance_uuid as string,
    projectId: data.project_id as string,
    userId: data.user_id as string,
    flavor: flavorFrom(data.flavor, spec.instance_type.id),
    image: {
      ...imageFixture,
      id: image.id as string,
      name: image.name as string,
      owner: image.owner as string,
      sizeBytes: image.size as number,
      properties: {},
      status: image.status as string,
      checksum: image.checksum as string,
      containerFormat: image.container_format as string,
      createdAt: Date.parse(image.created_at as string),
      updatedAt: Date.parse(image.updated_at as string),
    },
    securityGroups: data.security_groups as string[],
  })
}

// Present for both, but not told by the facts at hand, or different on purpose; each with its reason.
const apart: Readonly<Record<string, string>> = {
  'nova_object.version': 'Nova 26 is older than the versions we speak (those are compared with the samples)',
  shares: 'came after Nova 26',
  pci_requests: "holds the caller's context and token there",
  traceback: 'ours',
  module_name: 'ours',
  function_name: 'ours',
  exception_message: 'had crossed a message bus with its traceback there',
  min_disk: 'a server of ours does not remember the flavor it was created with',
  version: "a deployment's own number",
}

function settled(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map(item => settled(item))
  if (typeof value === 'string')
    return value
      .replace(/(\d\d:\d\d\.\d{3})\d{3}$/, '$1000') // our clock has milliseconds
      .replace('NoValidHost_Remote', 'NoValidHost') // a bus in between
  if (!isData(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'shares')
      .map(([name, item]) => {
        if (name in apart && !(name === 'pci_requests' && isData(item) && 'nova_object.name' in item))
          return [name, apart[name]]
        // The flavor's row has times that a server's copy of it has not.
        if (key === 'instance_type' && name === 'created_at') return [name, null]
        return [name, settled(item, name)]
      }),
  )
}
