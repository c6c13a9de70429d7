// `server group list|show|create|delete`.
import { find, findId } from '../find.ts'
import { asItem, type Item, itemOf, textsOf, without } from '../item.ts'
import { type Cell, dict, list as texts } from '../output/cells.ts'
import { act, column, forEach, list, long, longOption, option, pairs, query, show } from '../row.ts'

const fields = (group: Item): Readonly<Record<string, Cell>> => ({
  ...without(group, 'metadata'),
  members: texts(textsOf(group.members)),
  ...('policies' in group ? { policies: texts(textsOf(group.policies)) } : {}),
  ...('rules' in group ? { rules: dict(asItem(group.rules)) } : {}),
})

export const serverGroupRows = [
  list({
    words: 'server group list',
    help: 'list server groups',
    options: [
      longOption,
      option('--all-projects', 'of all projects (administrators)'),
      option('--limit <count>', 'at most so many', { number: true }),
      option('--offset <count>', 'leave so many out', { number: true }),
    ],
    examples: ['server group list', 'server group list --long'],
    columns: [
      column('ID', 'id'),
      column('Name', 'name'),
      column(
        'Policies',
        group => texts(textsOf(group.policies)),
        view => view.computeMinor < 64,
      ),
      column('Policy', 'policy', view => view.computeMinor >= 64),
      column('Members', group => texts(textsOf(group.members)), long),
      column('Project Id', 'project_id', long),
      column('User Id', 'user_id', long),
    ],
    run: call =>
      call.cloud.compute.list(
        `/os-server-groups${query({
          all_projects: call.flag('all-projects') ? 'True' : undefined,
          limit: call.number('limit'),
          offset: call.number('offset'),
        })}`,
        'server_groups',
      ),
  }),
  show({
    words: 'server group show',
    arguments: '<group>',
    help: 'show a server group',
    examples: ['server group show apart'],
    run: async call => fields(await find(call.cloud, 'serverGroup', call.argument('group'))),
  }),
  show({
    words: 'server group create',
    arguments: '<name>',
    help: 'create a server group',
    options: [
      option('--policy <policy>', 'how members relate (default: affinity)', {
        choices: ['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'],
      }),
      option('--rule <key=value>', 'rule of the policy: max_server_per_host=N; repeatable', { many: true }),
    ],
    examples: ['server group create --policy anti-affinity apart'],
    run: async call => {
      const name = call.argument('name')
      const policy = call.text('policy') ?? 'affinity'
      const rules = Object.fromEntries(
        Object.entries(pairs(call.many('rule'), '--rule')).map(([key, value]) => [
          key,
          /^\d+$/.test(value) ? Number(value) : value,
        ]),
      )
      const modern = (await call.cloud.computeVersion()).minor >= 64
      const reply = await call.cloud.compute.post('/os-server-groups', {
        server_group: modern
          ? { name, policy, ...(Object.keys(rules).length > 0 ? { rules } : {}) }
          : { name, policies: [policy] },
      })
      return fields(itemOf(reply.body, 'server_group'))
    },
  }),
  act({
    words: 'server group delete',
    arguments: '<group...>',
    help: 'delete server groups; the servers stay',
    examples: ['server group delete apart'],
    run: call =>
      forEach(call, call.arguments('group'), async reference => {
        await call.cloud.compute.delete(
          `/os-server-groups/${await findId(call.cloud, 'serverGroup', reference)}`,
        )
      }),
  }),
]
