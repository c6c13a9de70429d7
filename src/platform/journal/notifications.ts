// Notifications in oslo.messaging's envelope (facts: notifications.md §1). A sink writes them: a file now, a broker later.

import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { type Instant, isoMicros } from '../../base/time.ts'
import type { LogContext } from './log.ts'

export type Priority = 'INFO' | 'ERROR'

export interface Notification {
  readonly kind: 'versioned' | 'unversioned'
  /** `nova-compute:host-1` (versioned) or `compute.host-1` (unversioned). */
  readonly publisherId: string
  readonly eventType: string
  readonly priority: Priority
  readonly payload: unknown
  readonly at: Instant
  readonly context: LogContext
}

/** One envelope as it goes on the wire, with the routing key a broker would need. */
export interface Envelope {
  readonly routing_key: string
  readonly body: { readonly 'oslo.version': '2.0'; readonly 'oslo.message': string }
}

export interface NotificationSink {
  write(envelope: Envelope): void
  close(): void
}

export interface Notifier {
  /** False when the format asks for nothing of this kind: payloads then need not be built. */
  wants(kind: Notification['kind']): boolean
  emit(notification: Notification): void
}

export type NotificationFormat = 'versioned' | 'unversioned' | 'both' | 'none'

export const createNotifier = (format: NotificationFormat, sink: NotificationSink): Notifier => ({
  wants: kind => format === 'both' || format === kind,
  emit: notification => sink.write(envelope(notification)),
})

/** The messagingv2 form of a notification. */
export function envelope(notification: Notification): Envelope {
  const { kind, priority, context } = notification
  const topic = kind === 'versioned' ? 'versioned_notifications' : 'notifications'
  return {
    routing_key: `${topic}.${priority.toLowerCase()}`,
    body: {
      'oslo.version': '2.0',
      'oslo.message': JSON.stringify({
        message_id: randomUUID(),
        publisher_id: notification.publisherId,
        event_type: notification.eventType,
        priority,
        payload: notification.payload,
        timestamp: isoMicros(notification.at).replace('T', ' '),
        _unique_id: randomUUID().replaceAll('-', ''),
        ...contextKeys(context, notification.at),
      }),
    },
  }
}

// The redacted context: ids, names and roles stay, the token and the catalogue go.
function contextKeys({ requestId, globalRequestId, auth }: LogContext, at: Instant): Record<string, unknown> {
  return {
    _context_user: auth?.userId ?? null,
    _context_user_id: auth?.userId ?? null,
    _context_project: auth?.project?.id ?? null,
    _context_project_id: auth?.project?.id ?? null,
    _context_domain: auth?.domain?.id ?? null,
    _context_user_domain: auth?.userDomain.id ?? null,
    _context_project_domain: auth?.project?.domain.id ?? null,
    _context_system_scope: auth?.systemScope ?? null,
    _context_is_admin: auth?.isAdmin ?? true,
    _context_is_admin_project: true,
    _context_read_only: false,
    _context_show_deleted: false,
    _context_read_deleted: 'no',
    _context_auth_token: null,
    _context_request_id: requestId,
    _context_global_request_id: globalRequestId,
    _context_resource_uuid: null,
    _context_roles: auth?.roles ?? [],
    _context_user_identity: auth?.identity ?? '- - - - -',
    _context_remote_address: null,
    _context_timestamp: isoMicros(at),
    _context_quota_class: null,
    _context_user_name: auth?.userName ?? null,
    _context_project_name: auth?.project?.name ?? null,
    _context_service_catalog: [],
  }
}

/** One envelope a line; written in batches a few times a second, and at close. */
export function fileSink(path: string): NotificationSink {
  let waiting: string[] = []
  const flush = () => {
    if (waiting.length === 0) return
    const text = waiting.join('')
    waiting = []
    appendFileSync(path, text, { mode: 0o600 })
  }
  const timer = setInterval(flush, 100)
  timer.unref()
  return {
    write(envelope) {
      waiting.push(`${JSON.stringify(envelope)}\n`)
      if (waiting.length >= 200) flush()
    },
    close() {
      clearInterval(timer)
      flush()
    },
  }
}

/** Keeps envelopes in memory, decoded; for tests. */
export function memorySink(): NotificationSink & { readonly messages: Record<string, unknown>[] } {
  const messages: Record<string, unknown>[] = []
  return {
    messages,
    write: envelope => messages.push(JSON.parse(envelope.body['oslo.message']) as Record<string, unknown>), // our own envelope
    close: () => {},
  }
}
