// The encoding of versioned payloads (facts: notifications.md §2): an object says its class and version beside its data.
import { type Instant, isoSeconds } from '../../base/time.ts'
import { type PayloadName, payloadVersions } from '../../model/notifications.ts'

export interface NovaObject {
  readonly 'nova_object.name': string
  readonly 'nova_object.namespace': string
  readonly 'nova_object.version': string
  readonly 'nova_object.data': object
}

/** `{"nova_object.name": name, "nova_object.data": data, …}`. */
export const novaObject = (name: string, version: string, data: object, namespace = 'nova'): NovaObject => ({
  'nova_object.name': name,
  'nova_object.namespace': namespace,
  'nova_object.version': version,
  'nova_object.data': data,
})

/** A payload at the version the table says. */
export const payload = (name: PayloadName, data: object): NovaObject =>
  novaObject(name, payloadVersions[name], data)

/** `2026-11-23T09:30:27Z`; null stays null. */
export const timeOrNull = (at: Instant | null): string | null => (at === null ? null : isoSeconds(at))
