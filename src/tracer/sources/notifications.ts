// Notifications as a source of traces: a file with one a line, or a RabbitMQ queue, which is looked at and left as it
// was. They name the request, the host and the exception, and are there where logs are not.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { AsyncMessage } from 'rabbitmq-client'
import { limits } from '../../model/limits.ts'
import type { Gap } from '../../model/trace.ts'
import type { LogRecord } from '../record.ts'
import type { Source } from '../source.ts'
import { heldSource } from './held.ts'
import { readNotification } from './notification.ts'

/** `where`: a path, or `amqp://user:password@host/vhost?queue=NAME`. Throws what opening it throws. */
export const openNotifications = (where: string): Promise<Source> =>
  /^amqps?:/.test(where) ? fromQueue(where) : fromFile(where)

async function fromFile(path: string): Promise<Source> {
  const records: LogRecord[] = []
  let unread = 0
  let leftOut = 0
  let offset = 0
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
  for await (const line of lines) {
    const length = Buffer.byteLength(line) + 1
    const record = line.trim() === '' ? null : readNotification(line, { file: path, offset, length })
    offset += length
    if (record && records.length < limits.traceHeldMax) records.push(record)
    else if (record) leftOut += 1
    else if (line.trim() !== '') unread += 1
  }
  return heldSource(`notifications ${path}`, records, gapsOf(unread, leftOut))
}

/** Messages are taken without acknowledgement and given back: the queue's consumers find them again, redelivered. */
async function fromQueue(where: string): Promise<Source> {
  const url = new URL(where)
  const queue = url.searchParams.get('queue')
  if (!queue) throw new Error('name the queue: amqp://host/?queue=versioned_notifications.error')
  url.searchParams.delete('queue')
  const { Connection } = await import('rabbitmq-client')
  const connection = new Connection({ url: url.href, retryLow: 100, connectionTimeout: 5_000 })
  try {
    // Waiting for a connection that was refused goes on for ever; the first error is the answer.
    const refused = new Promise<never>((_, reject) => connection.once('error', reject))
    const channel = await Promise.race([connection.acquire(), refused])
    const records: LogRecord[] = []
    let unread = 0
    let leftOut = 0
    for (let at = 0; ; at += 1) {
      const message = await Promise.race([channel.basicGet({ queue, noAck: false }), refused])
      if (!message) break
      const record = readNotification(bodyOf(message), { file: `queue ${queue}`, offset: at, length: 1 })
      if (record) records.push(record)
      else unread += 1
      if (at + 1 < limits.traceHeldMax) continue
      leftOut = message.messageCount ?? 0
      break
    }
    channel.basicNack({ deliveryTag: 0, multiple: true, requeue: true })
    await channel.close()
    return heldSource(`queue ${queue}`, records, gapsOf(unread, leftOut))
  } finally {
    await connection.close()
  }
}

const bodyOf = ({ body }: Pick<AsyncMessage, 'body'>): string =>
  typeof body === 'string' ? body : Buffer.isBuffer(body) ? body.toString('utf8') : JSON.stringify(body)

function gapsOf(unread: number, leftOut: number): Gap[] {
  const gap = (kind: Gap['kind'], count: number, text: string): Gap[] =>
    count === 0 ? [] : [{ kind, service: null, count, text }]
  return [
    ...gap('unparsed', unread, `${unread} lines are no notifications`),
    ...gap('cut-off', leftOut, `${leftOut} more notifications were not looked at`),
  ]
}
