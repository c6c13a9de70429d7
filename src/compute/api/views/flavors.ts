// How a flavor looks, by microversion.
import { rawJson } from '../../../base/json.ts'
import { extraSpecsOf, type FlavorRow } from '../../store/flavors.ts'
import { compileView } from './compile.ts'
import type { Link } from './types.ts'

/** A number that Python prints with a point, whole or not. */
const float = (value: number): unknown => (Number.isInteger(value) ? rawJson(`${value}.0`) : value)

export const showFlavorView = compileView<FlavorRow, readonly Link[], 'extraSpecs'>([
  { key: 'id', value: flavor => flavor.id },
  { key: 'name', value: flavor => flavor.name },
  { key: 'ram', value: flavor => flavor.memory_mb },
  { key: 'disk', value: flavor => flavor.root_gb },
  { key: 'swap', until: 'strictQueries', value: flavor => flavor.swap_mb || '' },
  { key: 'swap', since: 'strictQueries', value: flavor => flavor.swap_mb },
  { key: 'OS-FLV-EXT-DATA:ephemeral', value: flavor => flavor.ephemeral_gb },
  {
    key: 'OS-FLV-DISABLED:disabled',
    until: 'strictQueriesEverywhere',
    value: flavor => flavor.disabled === 1,
  },
  { key: 'vcpus', value: flavor => flavor.vcpus },
  { key: 'os-flavor-access:is_public', value: flavor => flavor.is_public === 1 },
  { key: 'rxtx_factor', until: 'strictQueriesEverywhere', value: flavor => float(flavor.rxtx_factor) },
  { key: 'links', value: (_flavor, links) => links },
  { key: 'description', since: 'flavorDescription', value: flavor => flavor.description },
  { key: 'extra_specs', since: 'flavorExtraSpecs', policy: 'extraSpecs', value: extraSpecsOf },
])

export const listFlavorView = compileView<FlavorRow, readonly Link[]>([
  { key: 'id', value: flavor => flavor.id },
  { key: 'name', value: flavor => flavor.name },
  { key: 'links', value: (_flavor, links) => links },
  { key: 'description', since: 'flavorDescription', value: flavor => flavor.description },
])

export const flavorAccessView = (flavorId: string, projects: readonly string[]) => ({
  flavor_access: projects.map(tenant_id => ({ flavor_id: flavorId, tenant_id })),
})
