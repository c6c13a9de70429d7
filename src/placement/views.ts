// The shapes the placement service answers with.
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import type { PlacementDeps } from './deps.ts'
import { maxVersion, minVersion, since } from './negotiate.ts'
import type { InventoriesTable, ProvidersTable } from './tables.ts'

type PlacementCall = Call<PlacementDeps>

const basePath = '/placement'
export const providerPath = (uuid: string) => `${basePath}/resource_providers/${uuid}`
export const classPath = (name: string) => `${basePath}/resource_classes/${name}`
export const traitPath = (name: string) => `${basePath}/traits/${name}`

/** `Last-Modified` and `Cache-Control`, from 1.15 on. `modified` in ms; now when absent. */
export const freshness = (call: PlacementCall, modified?: number): Readonly<Record<string, string>> =>
  since(call, 15)
    ? {
        'Last-Modified': new Date(modified || call.deps.clock.now()).toUTCString(),
        'Cache-Control': 'no-cache',
      }
    : {}

/** A JSON reply with the freshness headers. */
export const fresh = (
  call: PlacementCall,
  body: unknown,
  modified?: number,
  { status = 200, headers }: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): Reply => ({ status, json: body, headers: { ...freshness(call, modified), ...headers } })

/** `Location` is the only absolute address placement gives. */
export const location = (call: PlacementCall, path: string) => ({ Location: call.request.origin + path })

export const versionView = () => ({
  versions: [
    {
      id: `v${minVersion}`,
      max_version: maxVersion,
      min_version: minVersion,
      status: 'CURRENT',
      links: [{ rel: 'self', href: '' }],
    },
  ],
})

const relations = [
  { rel: 'inventories', since: 0 },
  { rel: 'usages', since: 0 },
  { rel: 'aggregates', since: 1 },
  { rel: 'traits', since: 6 },
  { rel: 'allocations', since: 11 },
] as const

export function providerView(call: PlacementCall, provider: ProvidersTable) {
  const path = providerPath(provider.uuid)
  return {
    uuid: provider.uuid,
    name: provider.name,
    generation: provider.generation,
    links: [
      { rel: 'self', href: path },
      ...relations
        .filter(relation => since(call, relation.since))
        .map(({ rel }) => ({ rel, href: `${path}/${rel}` })),
    ],
    ...(since(call, 14)
      ? { parent_provider_uuid: provider.parent_uuid, root_provider_uuid: provider.root_uuid }
      : {}),
  }
}

export type Inventory = Pick<
  InventoriesTable,
  'total' | 'reserved' | 'min_unit' | 'max_unit' | 'step_size' | 'allocation_ratio'
>

export const inventoryView = (inventory: Inventory): Inventory => ({
  total: inventory.total,
  reserved: inventory.reserved,
  min_unit: inventory.min_unit,
  max_unit: inventory.max_unit,
  step_size: inventory.step_size,
  allocation_ratio: inventory.allocation_ratio,
})

export const resourceClassView = (name: string) => ({
  name,
  links: [{ rel: 'self', href: classPath(name) }],
})
