// `aggregate list|show|create|set|delete|add host|remove host`.
import { find, findId } from '../find.ts'
import { asItem, type Item, itemOf, itemsOf, textOf, textsOf, without } from '../item.ts'
import { type Cell, dict, list as texts } from '../output/cells.ts'
import { act, type Call, column, forEach, list, long, longOption, option, pairs, show } from '../row.ts'

/** The zone stands in a row of its own, so it is left out of the properties. */
const properties = (aggregate: Item) => dict(without(asItem(aggregate.metadata), 'availability_zone'))
const hosts = (aggregate: Item) => texts(textsOf(aggregate.hosts))

const fields = (aggregate: Item): Readonly<Record<string, Cell>> => ({
  ...without(aggregate, 'metadata', 'deleted'),
  is_deleted: aggregate.deleted,
  hosts: hosts(aggregate),
  properties: properties(aggregate),
})

export const aggregateRows = [
  list({
    words: 'aggregate list',
    help: 'list aggregates (administrators)',
    options: [longOption],
    examples: ['aggregate list', 'aggregate list --long'],
    columns: [
      column('ID', 'id'),
      column('UUID', 'uuid', () => false),
      column('Name', 'name'),
      column('Availability Zone', 'availability_zone'),
      column('Properties', properties, long),
      column('Hosts', hosts, long),
    ],
    run: async call => itemsOf(await call.cloud.compute.get('/os-aggregates'), 'aggregates'),
  }),
  show({
    words: 'aggregate show',
    arguments: '<aggregate>',
    help: 'show an aggregate (administrators)',
    examples: ['aggregate show fast'],
    run: async call => fields(await find(call.cloud, 'aggregate', call.argument('aggregate'))),
  }),
  show({
    words: 'aggregate create',
    arguments: '<name>',
    help: 'create an aggregate (administrators)',
    options: [
      option('--zone <zone>', 'and make it this availability zone'),
      option('--property <key=value>', 'property; repeatable', { many: true }),
    ],
    examples: ['aggregate create --property ssd=true fast', 'aggregate create --zone east east'],
    run: async call => {
      const reply = await call.cloud.compute.post('/os-aggregates', {
        aggregate: { name: call.argument('name'), availability_zone: call.text('zone') ?? null },
      })
      const aggregate = itemOf(reply.body, 'aggregate')
      return fields({ hosts: [], ...((await setProperties(call, aggregate)) ?? aggregate) })
    },
  }),
  act({
    words: 'aggregate set',
    arguments: '<aggregate>',
    help: 'change an aggregate (administrators)',
    options: [
      option('--name <name>', 'new name'),
      option('--zone <zone>', 'new availability zone'),
      option('--property <key=value>', 'property to add or change; repeatable', { many: true }),
      option('--no-property', 'remove all properties first'),
    ],
    examples: ['aggregate set --zone west fast', 'aggregate set --property ssd=true fast'],
    run: async call => {
      const aggregate = await find(call.cloud, 'aggregate', call.argument('aggregate'))
      const changes = {
        ...(call.text('name') === undefined ? {} : { name: call.text('name') }),
        ...(call.text('zone') === undefined ? {} : { availability_zone: call.text('zone') }),
      }
      if (Object.keys(changes).length > 0)
        await call.cloud.compute.put(`/os-aggregates/${textOf(aggregate, 'id')}`, { aggregate: changes })
      await setProperties(call, aggregate)
    },
  }),
  act({
    words: 'aggregate delete',
    arguments: '<aggregate...>',
    help: 'delete aggregates (administrators)',
    examples: ['aggregate delete fast'],
    run: call =>
      forEach(call, call.arguments('aggregate'), async reference => {
        await call.cloud.compute.delete(`/os-aggregates/${await findId(call.cloud, 'aggregate', reference)}`)
      }),
  }),
  ...(['add', 'remove'] as const).map(word =>
    show({
      words: `aggregate ${word} host`,
      arguments: '<aggregate> <host>',
      help: word === 'add' ? 'put a host into an aggregate' : 'take a host out of an aggregate',
      examples: [`aggregate ${word} host fast host-1`],
      run: async call => {
        const id = await findId(call.cloud, 'aggregate', call.argument('aggregate'))
        const reply = await call.cloud.compute.post(`/os-aggregates/${id}/action`, {
          [`${word}_host`]: { host: call.argument('host') },
        })
        return fields(itemOf(reply.body, 'aggregate'))
      },
    }),
  ),
]

/** Null takes a property away; the service knows no other way. */
async function setProperties(call: Call, aggregate: Item): Promise<Item | undefined> {
  const removed = call.flag('no-property')
    ? Object.keys(without(asItem(aggregate.metadata), 'availability_zone')).map(key => [key, null])
    : []
  const metadata = { ...Object.fromEntries(removed), ...pairs(call.many('property'), '--property') }
  if (Object.keys(metadata).length === 0) return undefined
  const reply = await call.cloud.compute.post(`/os-aggregates/${textOf(aggregate, 'id')}/action`, {
    set_metadata: { metadata },
  })
  return itemOf(reply.body, 'aggregate')
}
