// Links in compute answers. The project id stands in them only when the request's URL had it.
import { limits } from '../../model/limits.ts'
import type { Call } from '../../platform/http/call.ts'
import type { Link } from './views/types.ts'

export interface LinkBases {
  readonly self: string
  readonly bookmark: string
}

const known = new Map<string, Map<string, LinkBases>>()

/** `/compute/v2.1` or `/compute/v2.1/<project>`, with the origin; `bookmark` is the same without the version. */
export function linkBases(call: Call<unknown>): LinkBases {
  const { origin, path } = call.request
  const isLegacy = path.startsWith('/compute/v2/')
  const project = call.params.project_id ?? ''
  const name = isLegacy ? `v2 ${project}` : project
  let bases = known.get(origin)?.get(name)
  if (!bases) {
    const below = project === '' ? '' : `/${project}`
    bases = {
      self: `${origin}/compute${isLegacy ? '/v2' : '/v2.1'}${below}`,
      bookmark: `${origin}/compute${below}`,
    }
    if (known.size >= limits.headerCacheEntriesMax) known.clear()
    const byName = known.get(origin) ?? new Map<string, LinkBases>()
    if (byName.size >= limits.headerCacheEntriesMax) byName.clear()
    known.set(origin, byName.set(name, bases))
  }
  return bases
}

/** `self` and `bookmark` links of a resource, `path` from its collection: `/servers/<id>`. */
export function links(call: Call<unknown>, path: string): readonly Link[] {
  const bases = linkBases(call)
  return [
    { rel: 'self', href: bases.self + path },
    { rel: 'bookmark', href: bases.bookmark + path },
  ]
}

/**
 * The `next` link of a full page: the same query with `marker` set, parameters sorted by name.
 * Undefined when the page was not full (nova/api/openstack/common.py, get_collection_links).
 */
export function nextLink(
  call: Call<unknown>,
  path: string,
  limit: number,
  ids: readonly string[],
): readonly Link[] | undefined {
  if (limit === 0 || ids.length < limit) return undefined
  const query = new URLSearchParams()
  for (const [name, values] of Object.entries(call.query.all))
    if (name !== 'marker') for (const value of values) query.append(name, value)
  query.append('marker', ids.at(-1)!) // the page holds at least `limit` > 0 items
  query.sort()
  return [{ rel: 'next', href: `${linkBases(call).self}${path}?${query}` }]
}
