// Notifications of a real cloud as a source: the exception is told, with the request's id and the host.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Connection } from 'rabbitmq-client'
import { openNotifications } from './notifications.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-notifications-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const request = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'
const server = '2a6513a3-9864-4f44-b27a-8554e4436f0d'
const context = {
  _context_request_id: request,
  _context_global_request_id: null,
  _context_user_id: 'user-1',
  _context_project_id: 'project-1',
  timestamp: '2026-11-23 09:30:40.236123',
  message_id: 'be87d60c-5225-41ba-b55f-8f6394dc2cf9',
}
const failed = {
  ...context,
  publisher_id: 'nova-conductor:ctl',
  event_type: 'compute_task.migrate_server.error',
  priority: 'ERROR',
  payload: {
    'nova_object.name': 'ComputeTaskPayload',
    'nova_object.data': {
      instance_uuid: server,
      state: 'active',
      reason: {
        'nova_object.name': 'ExceptionPayload',
        'nova_object.data': {
          exception: 'NoValidHost_Remote',
          exception_message: 'No valid host was found. There are not enough hosts available.\nTraceback …',
          traceback: '  File "manager.py", line 1, in select\n    raise NoValidHost',
        },
      },
    },
  },
}
const legacy = {
  ...context,
  publisher_id: 'compute.compute1',
  event_type: 'compute.instance.update',
  priority: 'INFO',
  payload: { instance_id: server, state: 'active', new_task_state: 'resize_prep' },
}
/** As oslo.messaging wraps it. */
const wrapped = (message: unknown) => ({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(message) })

function fileOf(lines: readonly unknown[]): string {
  const path = join(folder, `${Math.random()}.jsonl`)
  writeFileSync(path, lines.map(line => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  return path
}

test('versioned and unversioned, bare and in every envelope, are found by request and by server', async () => {
  const path = fileOf([
    { routing_key: 'versioned_notifications.error', body: wrapped(failed) },
    { routing_key: 'notifications.info', body: { 'oslo.version': '2.0', 'oslo.message': legacy } },
    wrapped(legacy),
    legacy,
  ])
  const source = await openNotifications(path)
  const { records, gaps } = await source.find(new Set([request]), null)
  assert.equal(records.length, 4)
  assert.deepEqual(gaps, [])
  assert.equal((await source.find(new Set([server]), null)).records.length, 4)
  const told = records.find(({ level }) => level === 'ERROR')
  assert.deepEqual(
    [
      told?.service,
      told?.host,
      told?.localId,
      told?.serverId,
      told?.at,
      told?.message,
      told?.traceback.length,
    ],
    [
      'nova-conductor',
      'ctl',
      request,
      server,
      Date.parse('2026-11-23T09:30:40.236Z'),
      'compute_task.migrate_server.error: NoValidHost_Remote: No valid host was found. There are not enough hosts available.',
      2,
    ],
  )
  const calm = records.find(({ level }) => level === 'INFO')
  assert.deepEqual(
    [calm?.service, calm?.host, calm?.message],
    ['nova-compute', 'compute1', 'compute.instance.update (active, resize_prep)'],
  )
})

test('what is no notification is counted, and stops nothing', async () => {
  const source = await openNotifications(
    fileOf(['not JSON', { some: 'thing' }, '[1, 2', failed, '\u0000\u001b[2J']),
  )
  const { records, gaps } = await source.find(new Set([request]), null)
  assert.equal(records.length, 1)
  assert.deepEqual(
    gaps.map(({ kind, count }) => [kind, count]),
    [['unparsed', 4]],
  )
})

const broker = 'amqp://guest:guest@127.0.0.1:5672'
const isThere = await new Promise<boolean>(resolve => {
  const connection = new Connection({ url: broker, connectionTimeout: 1_000 })
  connection.once('connection', () => void connection.close().then(() => resolve(true)))
  connection.once('error', () => void connection.close().then(() => resolve(false)))
})

test('a queue is looked at and left as it was', { skip: isThere ? false : 'no RabbitMQ here' }, async () => {
  const connection = new Connection(broker)
  const queue = `faultline-test-${process.pid}`
  await connection.queueDeclare({ queue, autoDelete: false })
  try {
    const publisher = connection.createPublisher({ confirm: true })
    for (const message of [failed, legacy]) await publisher.send(queue, wrapped(message))
    await publisher.close()
    const source = await openNotifications(`${broker}/?queue=${queue}`)
    assert.equal((await source.find(new Set([request]), null)).records.length, 2)
    const { messageCount } = await connection.queueDeclare({ queue, passive: true })
    assert.equal(messageCount, 2)
  } finally {
    await connection.queueDelete(queue)
    await connection.close()
  }
})

test('a broker that is not there, a queue without a name and a missing file are told at once', async () => {
  await assert.rejects(openNotifications('amqp://guest:guest@127.0.0.1:1/?queue=q'))
  await assert.rejects(openNotifications(broker), /name the queue/)
  await assert.rejects(openNotifications(join(folder, 'nothing')), /ENOENT/)
})
