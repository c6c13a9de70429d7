// What a line says about other requests and other things: the ids a trace goes on with.

/** `POST call to network for http://…/v2.0/ports used request id req-…` (keystoneauth, and the client libraries). */
export interface UsedId {
  readonly method: string
  /** Catalogue type or service name; null when the line has only the address. */
  readonly to: string | null
  readonly url: string
  readonly id: string
}

const id = 'req-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const used = new RegExp(
  `\\b([A-Z]{3,7}) call to (?:(\\S+) for )?(?:(https?://\\S+) )?used request id (${id})`,
)

export function usedId(message: string): UsedId | null {
  if (!message.includes('used request id')) return null
  const match = used.exec(message)
  if (!match) return null
  const [, method, to, url, callee] = match
  // The id and the method are not optional. An address alone stands where the service would.
  const isAddress = to !== undefined && /^https?:/.test(to)
  return {
    method: method!,
    to: to === undefined || isAddress ? null : to,
    url: url ?? (isAddress ? to : ''),
    id: callee!,
  }
}

/** Path and query of an address; the text itself when it is none. */
export function pathOf(url: string): string {
  const match = /^https?:\/\/[^/]+(\/.*)?$/.exec(url)
  return match ? (match[1] ?? '/') : url
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const things = new RegExp(
  `\\b(port|vif|volume|image|attachment)s?[ '"/:=(]{1,3}(?:id[ =:]{1,2})?(${uuid})`,
  'gi',
)

/** Ids of ports, volumes and images that a line names; what another service calls the same thing by. */
export const thingsIn = (message: string): readonly string[] =>
  [...message.matchAll(things)].map(([, , thing]) => thing!.toLowerCase()) // both groups are there in a match

const serverPath = new RegExp(`/servers/(${uuid})`, 'i')
/** The server a request's path is about. */
export const serverInPath = (path: string): string | null => serverPath.exec(path)?.[1]?.toLowerCase() ?? null
