// The catalogue a token carries: every enabled service with its enabled endpoints, templates filled in.
import type { MaybePromise } from '../platform/http/types.ts'
import type { Store } from '../platform/store/store.ts'
import type { EndpointInterface, IdentityTables } from './tables.ts'

export interface CatalogEntry {
  readonly endpoints: readonly {
    readonly id: string
    readonly interface: EndpointInterface
    readonly region_id: string | null
    readonly url: string
    readonly region: string | null
  }[]
  readonly id: string
  readonly type: string
  readonly name: string
}

interface CatalogRow {
  readonly service_id: string
  readonly type: string
  readonly name: string
  readonly id: string | null
  readonly interface: EndpointInterface | null
  readonly region_id: string | null
  readonly url: string | null
}

const reads = new WeakMap<Store, () => MaybePromise<CatalogRow[]>>()

function readRows(store: Store): MaybePromise<CatalogRow[]> {
  let read = reads.get(store)
  if (!read) {
    read = store.prepared<IdentityTables, CatalogRow>(0, db =>
      db
        .selectFrom('identity_services as s')
        .leftJoin('identity_endpoints as e', join =>
          join.onRef('e.service_id', '=', 's.id').on('e.enabled', '=', 1),
        )
        .select(['s.id as service_id', 's.type', 's.name', 'e.id', 'e.interface', 'e.region_id', 'e.url'])
        .where('s.enabled', '=', 1)
        .orderBy('s.type')
        .orderBy('s.id')
        .orderBy('e.id'),
    )
    reads.set(store, read)
  }
  return read()
}

/** Endpoints whose URL needs a project are left out where there is none (keystone/catalog/backends/sql.py). */
export async function readCatalog(
  store: Store,
  userId: string,
  projectId: string | undefined,
): Promise<readonly CatalogEntry[]> {
  const values = { project_id: projectId, tenant_id: projectId, user_id: userId }
  const entries = new Map<string, CatalogEntry & { endpoints: CatalogEntry['endpoints'][number][] }>()
  for (const row of await readRows(store)) {
    let entry = entries.get(row.service_id)
    if (!entry) {
      entry = { endpoints: [], id: row.service_id, type: row.type, name: row.name }
      entries.set(row.service_id, entry)
    }
    const url = row.url === null ? undefined : fillIn(row.url, values)
    if (row.id === null || row.interface === null || url === undefined) continue
    const { id, region_id } = row
    entry.endpoints.push({ id, interface: row.interface, region_id, url, region: region_id })
  }
  return [...entries.values()]
}

/** `$(project_id)s` and the older `%(project_id)s`. */
const template = /[$%]\((\w+)\)s/g

/** Undefined when a template has no value here. */
function fillIn(url: string, values: Readonly<Record<string, string | undefined>>): string | undefined {
  let isWhole = true
  const filled = url.replace(template, (_whole, name: string) => {
    const value = values[name]
    if (value === undefined) isWhole = false
    return value ?? ''
  })
  return isWhole ? filled : undefined
}

/** True when every template in `url` is one we can fill in, and nothing else looks like one. */
export const isEndpointUrl = (url: string): boolean =>
  !/[$%]\(/.test(url.replace(/[$%]\((project_id|tenant_id|user_id)\)s/g, ''))
