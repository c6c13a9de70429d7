import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readSample, serverFrom } from '../../../test/support/notifications.ts'
import { fault } from '../../model/errors.ts'
import { type InstanceAction, instanceNotifications } from '../../model/notifications.ts'
import { createNotifier, memorySink, type NotificationFormat } from '../../platform/journal/notifications.ts'
import type { NetworkInfo } from '../snapshots.ts'
import {
  notifyAggregate,
  notifyException,
  notifyKeypair,
  notifyServer,
  notifyServerGroup,
  notifyServerUpdate,
} from './notify.ts'
import { type Sender, senderOf } from './sender.ts'

const server = serverFrom(readSample('instance-power_on-end.json').payload)

function listen(format: NotificationFormat, more: Partial<Sender> = {}) {
  const sink = memorySink()
  const sender: Sender = {
    notifier: createNotifier(format, sink),
    clock: { now: () => Date.parse('2026-11-23T09:30:27.123Z') },
    host: 'host-1',
    binary: 'nova-compute',
    context: { requestId: 'req-1', globalRequestId: null, auth: null },
    ...more,
  }
  const payloads = () => sink.messages.map(message => message.payload as Record<string, unknown>)
  const types = () => sink.messages.map(message => message.event_type)
  return { sink, sender, payloads, types }
}

describe('who gets what', () => {
  test('a row is not even read when nobody wants notifications', () => {
    const { sink, sender } = listen('none')
    notifyServer(sender, 'power_on', 'end', { ...server, flavor_json: 'unreadable' })
    notifyServerUpdate(sender, { ...server, flavor_json: 'unreadable' }, {})
    assert.deepEqual(sink.messages, [])
  })

  test('both forms are sent under their own names, the unversioned one first', () => {
    const { sink, sender } = listen('both')
    notifyServer(sender, 'resize_finish', 'start', server)
    assert.deepEqual(
      sink.messages.map(message => [message.event_type, message.publisher_id, message.timestamp]),
      [
        ['compute.instance.finish_resize.start', 'compute.host-1', '2026-11-23 09:30:27.123000'],
        ['instance.resize_finish.start', 'nova-compute:host-1', '2026-11-23 09:30:27.123000'],
      ],
    )
  })

  test('only the form asked for is sent', () => {
    const versioned = listen('versioned')
    notifyServer(versioned.sender, 'pause', 'start', server)
    assert.deepEqual(versioned.types(), ['instance.pause.start'])
    const unversioned = listen('unversioned')
    notifyServer(unversioned.sender, 'pause', 'start', server)
    assert.deepEqual(unversioned.types(), ['compute.instance.pause.start'])
  })

  test('what has no unversioned name is sent in the versioned form only', () => {
    const { sender, types } = listen('both')
    notifyServer(sender, 'lock', null, server)
    notifyServer(sender, 'interface_attach', 'end', server)
    notifyServer(sender, 'volume_attach', 'start', server, { volumeId: 'v' })
    assert.deepEqual(types(), [
      'instance.lock',
      'instance.interface_attach.end',
      'instance.volume_attach.start',
    ])
  })

  test('the conductor speaks for the compute service where Nova has no other publisher', () => {
    const { sink, sender } = listen('versioned', { binary: 'nova-conductor' })
    notifyServer(sender, 'create', 'error', server, { fault: new Error('no') })
    assert.equal(sink.messages[0]?.publisher_id, 'nova-compute:host-1')
  })

  test("a handler's sender is the API on its machine, under the request's ids", () => {
    const { sender } = listen('both')
    const call = {
      deps: { notifier: sender.notifier, clock: sender.clock, apiHost: 'api-1' },
      requestId: 'req-2',
      globalRequestId: 'req-3',
      caller: null,
    }
    const made = senderOf(call as unknown as Parameters<typeof senderOf>[0]) // as much of a call as is read
    assert.equal(made.host, 'api-1')
    assert.equal(made.binary, 'nova-api')
    assert.deepEqual(made.context, { requestId: 'req-2', globalRequestId: 'req-3', auth: null })
  })
})

describe('errors', () => {
  test('the fault says the class as Nova names it, the message, and where in our code it was raised', () => {
    const { sender, payloads, sink } = listen('both')
    const error = chooseTarget()
    notifyServer(sender, 'resize', 'error', server, { fault: error })
    const [legacy, versioned] = payloads()
    assert.deepEqual(
      sink.messages.map(message => message.priority),
      ['ERROR', 'ERROR'],
    )
    assert.equal(legacy?.message, 'No valid host was found. All are full.')
    assert.equal(legacy?.code, 500)
    assert.equal(
      legacy?.exception,
      "{'kwargs': {'reason': 'All are full.', 'code': 500}, 'message': 'No valid host was found. All are full.', 'class': 'NoValidHost'}",
    )
    const data = versioned?.['nova_object.data'] as { fault: Record<string, Record<string, string>> }
    const told = data.fault['nova_object.data']
    assert.equal(told?.exception, 'NoValidHost')
    assert.equal(told?.exception_message, 'No valid host was found. All are full.')
    assert.equal(told?.module_name, 'faultline.compute.notifications.notify.test')
    assert.equal(told?.function_name, 'chooseTarget')
    assert.match(told?.traceback ?? '', /^NoValidHost: .*\n,.* at /)
  })

  test('an error that leaves an operation is announced under the name of the function, without secrets', () => {
    const { sender, sink, payloads } = listen('both')
    notifyException(sender, new Error('domain is gone'), 'stop_instance', {
      instance: 'id',
      admin_password: 'hunter2',
      new_pass: 'hunter2',
      auth_token: 'hunter2',
    })
    assert.deepEqual(
      sink.messages.map(message => [message.event_type, message.publisher_id, message.priority]),
      [
        ['stop_instance', 'compute.host-1', 'ERROR'],
        ['compute.exception', 'nova-compute:host-1', 'ERROR'],
      ],
    )
    const legacy = payloads().find(payload => 'args' in payload)
    assert.deepEqual(legacy?.args, { instance: 'id' })
    assert.doesNotMatch(JSON.stringify(sink.messages), /hunter2/)
  })

  test('what is thrown and is no Error is told as well', () => {
    const { sender, payloads } = listen('versioned')
    notifyException(sender, 'just text', 'stop_instance')
    const data = payloads()[0]?.['nova_object.data'] as Record<string, string>
    assert.equal(data.exception_message, 'just text')
    assert.equal(data.module_name, 'unknown')
  })
})

function chooseTarget() {
  return fault('NoValidHost', { reason: 'All are full.' })
}

describe('payloads', () => {
  test('user data never leaves in a notification', () => {
    const { sender, sink } = listen('both')
    for (const action of Object.keys(instanceNotifications) as InstanceAction[])
      if (action !== 'update' && action !== 'exists')
        notifyServer(sender, action as 'create', 'error', server, { fault: new Error('x') }) // any phase will do
    notifyServerUpdate(sender, server, {})
    assert.ok(sink.messages.length > 60)
    assert.equal(server.user_data, 'c2VjcmV0')
    assert.doesNotMatch(JSON.stringify(sink.messages), /c2VjcmV0/)
  })

  test('floating addresses are told with the IPv4 address they lead to, and not as addresses of their own', () => {
    const network: NetworkInfo = [
      {
        portId: '81d5a5b7-14a9-410b-9161-6ebaf7124a20',
        mac: 'fa:16:3e:18:7f:c6',
        networkId: 'n',
        networkName: 'private',
        addresses: [
          { address: 'fd00::5', version: 6, type: 'fixed' },
          { address: '10.0.0.5', version: 4, type: 'fixed' },
          { address: '203.0.113.9', version: 4, type: 'floating' },
        ],
        tag: null,
        deviceName: null,
        ours: true,
      },
    ]
    const { sender, payloads } = listen('both')
    notifyServer(sender, 'create', 'end', { ...server, network_json: JSON.stringify(network) })
    const [legacy, versioned] = payloads()
    const common = { type: 'fixed', meta: {}, label: 'private', vif_mac: 'fa:16:3e:18:7f:c6' }
    const floating = { address: '203.0.113.9', type: 'floating', version: 4, meta: {} }
    assert.deepEqual(legacy?.fixed_ips, [
      { ...common, address: 'fd00::5', version: 6, floating_ips: [] },
      { ...common, address: '10.0.0.5', version: 4, floating_ips: [floating] },
    ])
    const data = versioned?.['nova_object.data'] as { ip_addresses: { 'nova_object.data': object }[] }
    assert.deepEqual(
      data.ip_addresses.map(ip => ip['nova_object.data']),
      [
        ['fd00::5', 6],
        ['10.0.0.5', 4],
      ].map(([address, version]) => ({
        address,
        version,
        label: 'private',
        mac: 'fa:16:3e:18:7f:c6',
        meta: {},
        port_uuid: '81d5a5b7-14a9-410b-9161-6ebaf7124a20',
        device_name: 'tap81d5a5b7-14',
      })),
    )
  })

  test('without an image endpoint the image is told by its id', () => {
    const { sender, payloads } = listen('unversioned')
    notifyServer(sender, 'pause', 'start', server)
    notifyServer({ ...sender, imageUrl: 'http://images' }, 'pause', 'start', server)
    assert.deepEqual(
      payloads().map(payload => payload.image_ref_url),
      [server.image_id, `http://images/images/${server.image_id}`],
    )
  })

  test('the old name is told when the name changes', () => {
    const { sender, payloads, sink } = listen('both', { binary: 'nova-api' })
    notifyServerUpdate(sender, server, { oldName: 'before', tags: ['a'] })
    const [legacy, versioned] = payloads()
    assert.equal(legacy?.old_display_name, 'before')
    assert.equal(legacy?.audit_period_beginning, '2026-11-01T00:00:00.000000')
    assert.equal(legacy?.audit_period_ending, '2026-11-23T09:30:27.123000')
    const data = versioned?.['nova_object.data'] as Record<string, unknown>
    assert.equal(data.old_display_name, 'before')
    assert.deepEqual(data.tags, ['a'])
    assert.deepEqual(
      sink.messages.map(message => message.publisher_id),
      ['nova-api.host-1', 'nova-api:host-1'],
    )
  })

  test('an aggregate, a keypair and a group have the unversioned payloads Nova gives them', () => {
    const { sender, sink } = listen('unversioned', { binary: 'nova-api' })
    const aggregate = { id: 7, uuid: 'u', name: 'rack', metadata: {}, hosts: [] }
    notifyAggregate(sender, 'create', 'start', { ...aggregate, id: null, hosts: null })
    notifyAggregate(sender, 'add_host', 'end', aggregate, { host: 'host-2' })
    notifyAggregate(sender, 'update_metadata', 'start', aggregate, { metadata: { ssd: null } })
    notifyAggregate(sender, 'delete', 'end', aggregate)
    notifyAggregate(sender, 'cache_images', 'start', aggregate)
    notifyKeypair(sender, 'import', 'end', {
      user_id: 'u1',
      name: 'key',
      type: 'ssh',
      fingerprint: 'f',
      public_key: 'p',
    })
    const group = {
      id: 'g',
      name: 'spread',
      project_id: 'p1',
      user_id: 'u1',
      policy: 'anti-affinity',
      rules_json: '{}',
    }
    notifyServerGroup(sender, 'add_member', group, ['a', 'b'], ['b'])
    assert.deepEqual(
      sink.messages.map(message => [message.event_type, message.publisher_id, message.payload]),
      [
        ['aggregate.create.start', 'aggregate.rack', { name: 'rack' }],
        ['aggregate.addhost.end', 'aggregate.7', { aggregate_id: 7, host_name: 'host-2', name: 'rack' }],
        ['aggregate.updatemetadata.start', 'aggregate.7', { aggregate_id: 7, meta_data: { ssd: null } }],
        ['aggregate.delete.end', 'aggregate.7', { aggregate_id: 7 }],
        ['keypair.import.end', 'api.host-1', { tenant_id: null, user_id: 'u1', key_name: 'key' }],
        ['servergroup.addmember', 'servergroup.host-1', { server_group_id: 'g', instance_uuids: ['b'] }],
      ],
    )
  })
})
