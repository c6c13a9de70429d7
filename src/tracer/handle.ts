// What a person hands over to be told about: an id, a name, `last`, or a line of a log that was pasted whole.

export type Handle =
  | { readonly kind: 'request'; readonly id: string }
  | { readonly kind: 'server'; readonly id: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'last' }
  | { readonly kind: 'last-failed' }

const requestId = /req-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/
const uuidOnly = new RegExp(`^${uuid.source}$`)
/** oslo.log's bracket: global id, `None` or `-`, and then the local one. */
const bracket = new RegExp(`\\[(?:None|-|${requestId.source}) (${requestId.source})\\b`)
/** oslo.log's JSON form names the local id so; the global one may stand before it. */
const field = new RegExp(`"request_id"\\s*:\\s*"(${requestId.source})"`)
const instance = new RegExp(`\\[instance: (${uuid.source})\\]`)

export function readHandle(text: string): Handle {
  const line = text.trim()
  if (line === 'last' || line === 'last-failed') return { kind: line }
  const lower = line.toLowerCase()
  // Of a line's two ids the second is the one of the service that wrote it.
  const request = field.exec(lower)?.[1] ?? bracket.exec(lower)?.[1] ?? requestId.exec(lower)?.[0]
  if (request !== undefined) return { kind: 'request', id: request }
  // `web-2a6513a3-…` is the name of a server, as orchestration gives them.
  const isOne = !/\s/.test(lower) && !uuidOnly.test(lower)
  const server = instance.exec(lower)?.[1] ?? (isOne ? undefined : uuid.exec(lower)?.[0])
  if (server !== undefined) return { kind: 'server', id: server }
  return { kind: 'name', name: line }
}
