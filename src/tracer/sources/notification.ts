// A notification as a record: Nova's, versioned or not, in oslo.messaging's envelope as it stands on a broker, in our
// own file of them, or in a dump (facts: notifications.md §1).
import { isObject } from '../../base/json.ts'
import { parseIso } from '../../base/time.ts'
import type { LogRecord, Place } from '../record.ts'

/** Null for JSON that is no notification, and for text that is no JSON. */
export function readNotification(text: string, place: Place): LogRecord | null {
  const message = messageIn(parsed(text))
  if (!message || typeof message.event_type !== 'string') return null
  const { service, host } = publisher(textOf(message.publisher_id) ?? '')
  const payload = unwrapped(message.payload)
  const trouble = exceptionIn(payload)
  const time = textOf(message.timestamp)
  return {
    at: time === null ? null : (parseIso(time) ?? null),
    level: textOf(message.priority)?.toUpperCase() ?? null,
    logger: 'notification',
    service,
    host,
    process: null,
    globalId: textOf(message._context_global_request_id),
    localId: textOf(message._context_request_id),
    userId: textOf(message._context_user_id) ?? textOf(message._context_user),
    projectId: textOf(message._context_project_id) ?? textOf(message._context_project),
    serverId: serverIn(payload),
    message: trouble ? `${message.event_type}: ${trouble.text}` : `${message.event_type}${stateIn(payload)}`,
    traceback: trouble?.traceback ?? [],
    access: null,
    place,
  }
}

type Fields = Readonly<Record<string, unknown>>

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The message inside: bare, in an envelope, in a dump's `body`; each of them as an object or as text again. */
function messageIn(value: unknown): Fields | null {
  let at = value
  for (let depth = 0; depth < 4; depth += 1) {
    if (typeof at === 'string') at = parsed(at)
    if (!isObject(at)) return null
    if ('event_type' in at) return at
    at = at['oslo.message'] ?? at.body ?? at.message
  }
  return null
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

/** Versioned payloads are objects inside objects, each with its data under one key. */
function unwrapped(value: unknown): Fields {
  if (!isObject(value)) return {}
  const data = value['nova_object.data']
  return isObject(data) ? data : value
}

/** Of the unversioned ones the first word only says which part of Nova. */
const parts: Readonly<Record<string, string>> = {
  compute: 'nova-compute',
  conductor: 'nova-conductor',
  compute_task: 'nova-conductor',
  scheduler: 'nova-scheduler',
  api: 'nova-api',
}

/** `nova-compute:host-1`, `compute.host-1` */
function publisher(id: string): { readonly service: string; readonly host: string | null } {
  const [, name = 'unknown', host] = /^([\w-]+)(?:[:.](.+))?$/.exec(id) ?? []
  return { service: parts[name] ?? name, host: host ?? null }
}

function serverIn(payload: Fields): string | null {
  const id = textOf(payload.uuid) ?? textOf(payload.instance_uuid) ?? textOf(payload.instance_id)
  return id?.toLowerCase() ?? null
}

function stateIn(payload: Fields): string {
  const state = textOf(payload.state)
  const task = textOf(payload.task_state) ?? textOf(payload.new_task_state)
  return state === null ? '' : ` (${state}${task === null ? '' : `, ${task}`})`
}

interface Trouble {
  readonly text: string
  readonly traceback: readonly string[]
}

/** Versioned: an ExceptionPayload in `fault`, `reason` or by itself. Unversioned: `exception`, `reason` as text. */
function exceptionIn(payload: Fields): Trouble | null {
  for (const value of [payload.fault, payload.reason, payload]) {
    const inner = unwrapped(value)
    const said = textOf(inner.exception_message)
    if (said === null) continue
    const [text = '', ...rest] = said.split('\n')
    const traceback = textOf(inner.traceback)?.split('\n') ?? rest
    return {
      text: `${textOf(inner.exception) ?? 'exception'}: ${text}`,
      traceback: traceback.filter(line => line.trim() !== ''),
    }
  }
  const reason = textOf(payload.reason) ?? textOf(payload.exception) ?? exceptionText(payload.exception)
  if (reason === null) return null
  const [text = '', ...rest] = reason.split('\n')
  return { text, traceback: rest.filter(line => line.trim() !== '') }
}

/** Python's pair of keyword arguments and message, as JSON has it. */
const exceptionText = (value: unknown): string | null =>
  isObject(value) ? (textOf(value.message) ?? textOf(value.kwargs)) : null
