// Who sends a notification, and the one place where it is handed to the notifier.
import type { Clock } from '../../base/time.ts'
import {
  type Binary,
  eventType,
  type NotificationRow,
  type Phase,
  unversionedType,
} from '../../model/notifications.ts'
import type { Call } from '../../platform/http/call.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import type { Notifier } from '../../platform/journal/notifications.ts'
import type { ComputeDeps } from '../deps.ts'

export interface Sender {
  readonly notifier: Notifier
  readonly clock: Clock
  /** The machine of the service that sends: a compute host, or where the API or the conductor runs. */
  readonly host: string
  readonly binary: Binary
  /** Ids and caller of the request in whose course this happens. */
  readonly context: LogContext
  /** The image service's endpoint, for `image_ref_url`; without one the image's id stands there, as Nova does it. */
  readonly imageUrl?: string
}

/** The sender for a handler of the compute API. */
export const senderOf = (call: Call<Pick<ComputeDeps, 'notifier' | 'clock' | 'apiHost'>>): Sender => ({
  notifier: call.deps.notifier,
  clock: call.deps.clock,
  host: call.deps.apiHost,
  binary: 'nova-api',
  context: { requestId: call.requestId, globalRequestId: call.globalRequestId, auth: call.caller },
})

/** Both forms of one notification; each is built only when somebody wants it. */
export interface Message {
  /** `<object>.<action>` as the tables name it. */
  readonly name: string
  readonly row: NotificationRow
  readonly phase: Phase | null
  /** An exception is carried: priority ERROR. */
  readonly failed?: boolean
  readonly versioned: (binary: Binary) => object
  /** Payload of the unversioned twin; left out where the builder has none. */
  readonly unversioned?: () => object
  /** `<service>` of the unversioned publisher id (`compute`, `scheduler`, `aggregate` …). */
  readonly service?: string
  /** Where Nova puts something else than the sender's host behind the publisher. */
  readonly host?: string
  readonly unversionedHost?: string
  /** The unversioned type where no table knows it. */
  readonly unversionedType?: string
}

/** Emits a notification in the forms that are wanted, unversioned first, as Nova does. */
export function publish(sender: Sender, message: Message): void {
  const { notifier, clock, context } = sender
  const { row, phase } = message
  const type = message.unversionedType ?? unversionedType(row, phase)
  const at = clock.now()
  if (type !== null && message.unversioned && notifier.wants('unversioned'))
    notifier.emit({
      kind: 'unversioned',
      publisherId: `${message.service ?? 'compute'}.${message.unversionedHost ?? sender.host}`,
      eventType: type,
      priority: phase === 'error' || message.failed ? 'ERROR' : 'INFO',
      payload: message.unversioned(),
      at,
      context,
    })
  if (!notifier.wants('versioned')) return
  const binary = row.by.includes(sender.binary) ? sender.binary : row.by[0]
  notifier.emit({
    kind: 'versioned',
    publisherId: `${binary}:${message.host ?? sender.host}`,
    eventType: eventType(message.name, phase),
    priority: message.failed ? 'ERROR' : 'INFO',
    payload: message.versioned(binary),
    at,
    context,
  })
}
