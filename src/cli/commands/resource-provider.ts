// `resource provider list|show|inventory list|usage show`: what placement counts (osc-placement's names).
import { asItem, itemOf, itemsOf, without } from '../item.ts'
import { decimal } from '../output/cells.ts'
import { type Call, column, list, option, query, show } from '../row.ts'

export const resourceProviderRows = [
  list({
    words: 'resource provider list',
    help: 'list resource providers (administrators)',
    options: [option('--name <name>', 'of this name'), option('--uuid <uuid>', 'with this id')],
    examples: ['resource provider list'],
    columns: [
      column('uuid', 'uuid'),
      column('name', 'name'),
      column('generation', 'generation'),
      column('root_provider_uuid', 'root_provider_uuid'),
      column('parent_provider_uuid', 'parent_provider_uuid'),
    ],
    run: async call =>
      itemsOf(
        await call.cloud.placement.get(
          `/resource_providers${query({ name: call.text('name'), uuid: call.text('uuid') })}`,
        ),
        'resource_providers',
      ),
  }),
  show({
    words: 'resource provider show',
    arguments: '<uuid>',
    help: 'show a resource provider (administrators)',
    examples: ['resource provider show 3c1f…'],
    run: async call => without(asItem(await call.cloud.placement.get(path(call))), 'links'),
  }),
  list({
    words: 'resource provider inventory list',
    arguments: '<uuid>',
    help: 'list what a resource provider has, and how much of it is taken (administrators)',
    examples: ['resource provider inventory list 3c1f…'],
    columns: [
      column('resource_class', 'resource_class'),
      column('allocation_ratio', inventory => decimal(inventory.allocation_ratio)),
      column('min_unit', 'min_unit'),
      column('max_unit', 'max_unit'),
      column('reserved', 'reserved'),
      column('step_size', 'step_size'),
      column('total', 'total'),
      column('used', 'used'),
    ],
    run: async call => {
      const { placement } = call.cloud
      const inventories = itemOf(await placement.get(`${path(call)}/inventories`), 'inventories')
      const usages = itemOf(await placement.get(`${path(call)}/usages`), 'usages')
      return Object.entries(inventories).map(([resource_class, inventory]) => ({
        ...asItem(inventory),
        resource_class,
        used: usages[resource_class],
      }))
    },
  }),
  list({
    words: 'resource provider usage show',
    arguments: '<uuid>',
    help: 'show how much of a resource provider is taken (administrators)',
    examples: ['resource provider usage show 3c1f…'],
    columns: [column('resource_class', 'resource_class'), column('usage', 'usage')],
    run: async call =>
      Object.entries(itemOf(await call.cloud.placement.get(`${path(call)}/usages`), 'usages')).map(
        ([resource_class, usage]) => ({ resource_class, usage }),
      ),
  }),
]

const path = (call: Call) => `/resource_providers/${encodeURIComponent(call.argument('uuid'))}`
