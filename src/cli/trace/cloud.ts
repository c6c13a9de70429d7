// A cloud of ours tells what happened itself: /trace/v1 (src/trace/routes.ts), found through the catalogue.
import { type Summary, type Trace, traceFormat } from '../../model/trace.ts'
import { CliError } from '../errors.ts'
import { asItem } from '../item.ts'
import { type Call, query } from '../row.ts'
import { toError } from '../session/http.ts'
import { instantOf } from './when.ts'

const pathOf = (handle: string) => encodeURIComponent(handle)

export async function askTraceService(call: Call, handle: string): Promise<Trace | null> {
  const reply = await call.cloud.trace.request('GET', `/traces/${pathOf(handle)}`, { allow: [404] })
  return reply.status === 404 ? null : traceIn(reply.body)
}

/** A record of a newer form would be read wrongly. */
export function traceIn(body: unknown): Trace {
  const { format } = asItem(body)
  if (format !== traceFormat)
    throw new CliError(
      `the cloud answered with ${JSON.stringify(format ?? null)}, and this command reads ${traceFormat}`,
      {
        hint: 'use the faultline of the version the cloud has',
      },
    )
  return body as Trace // by its format; whoever shows it takes every text for hostile
}

export async function listTraceService(call: Call, limit: number): Promise<readonly Summary[]> {
  const instant = (name: 'since' | 'until') => {
    const text = call.text(name)
    return text === undefined
      ? undefined
      : new Date(instantOf(`--${name}`, text, call.io.now(), 0)).toISOString()
  }
  const path = `/requests${query({ limit, since: instant('since'), before: instant('until') })}`
  return (await call.cloud.trace.list(path, 'requests', limit)) as readonly unknown[] as readonly Summary[] // its schema
}

/** What `GET /requests/{id}/events` says, message by message. */
export interface FollowMessage {
  readonly event: string
  readonly data: unknown
}

export async function* followTraceService(call: Call, requestId: string): AsyncGenerator<FollowMessage> {
  const reply = await call.cloud.trace.request('GET', `/requests/${pathOf(requestId)}/events`, {
    download: true,
    allow: [404],
    headers: { Accept: 'text/event-stream' },
  })
  if (reply.status >= 400) throw toError(reply)
  if (reply.stream) yield* messagesIn(reply.stream)
}

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) whose data is JSON. */
export async function* messagesIn(stream: ReadableStream<Uint8Array>): AsyncGenerator<FollowMessage> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of stream) {
    text = (text + decoder.decode(part, { stream: true })).replaceAll('\r\n', '\n')
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const message = messageOf(text.slice(0, end))
      text = text.slice(end + 2)
      if (message) yield message
    }
  }
}

function messageOf(block: string): FollowMessage | undefined {
  const fields = block.split('\n').map(line => /^(\w+): ?(.*)$/.exec(line))
  const fieldOf = (name: string) => fields.flatMap(field => (field?.[1] === name ? [field[2] ?? ''] : []))
  const data = fieldOf('data').join('\n')
  if (data === '') return undefined
  try {
    return { event: fieldOf('event')[0] ?? 'message', data: JSON.parse(data) }
  } catch {
    return undefined // a message cut off by a connection that ended
  }
}
