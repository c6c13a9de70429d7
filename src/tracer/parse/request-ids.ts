// Request ids in access lines, wherever a log format of the operator's put them.

const idPattern = /req-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/**
 * One id is the service's answer (`%{X-Openstack-Request-Id}o`); of two, the first is what the caller sent. `text` is
 * without the request's own path, which may name another request.
 */
export function requestIdsIn(text: string): { globalId: string | null; localId: string | null } {
  const ids = [...new Set(text.match(idPattern))]
  return { globalId: ids.length > 1 ? (ids[0] ?? null) : null, localId: ids.at(-1) ?? null }
}
