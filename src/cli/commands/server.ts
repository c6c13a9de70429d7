// `server create|show|list|delete`.
import { find, findId } from '../find.ts'
import { itemOf, textOf } from '../item.ts'
import { act, forEach, option, show } from '../row.ts'
import { serverFields } from '../server-view.ts'
import { settleDeleted } from '../wait.ts'
import { serverCreateRow } from './server-create.ts'
import { serverListRow } from './server-list.ts'

export const serverRows = [
  serverCreateRow,
  serverListRow,
  show({
    words: 'server show',
    arguments: '<server>',
    help: 'show a server',
    options: [option('--topology', 'include the topology of its NUMA nodes (compute 2.78)')],
    examples: ['server show vm1', 'server show vm1 -f value -c status'],
    run: async call => {
      const { compute } = call.cloud
      const id = await findId(call.cloud, 'server', call.argument('server'))
      // Lists, which names are found in, leave out what only the server by itself tells (server_groups).
      const fields = await serverFields(call.cloud, itemOf(await compute.get(`/servers/${id}`), 'server'))
      return call.flag('topology')
        ? { ...fields, topology: await compute.get(`/servers/${id}/topology`) }
        : fields
    },
  }),
  act({
    words: 'server delete',
    arguments: '<server...>',
    help: 'delete servers',
    options: [
      option('--force', 'delete at once, also where deletion is deferred'),
      option('--wait', 'wait until they are gone'),
    ],
    examples: ['server delete vm1', 'server delete --wait vm1 vm2'],
    run: call =>
      forEach(call, call.arguments('server'), async reference => {
        const server = await find(call.cloud, 'server', reference)
        const id = textOf(server, 'id')
        const reply = call.flag('force')
          ? await call.cloud.compute.post(`/servers/${id}/action`, { forceDelete: null })
          : await call.cloud.compute.delete(`/servers/${id}`)
        if (call.flag('wait')) await settleDeleted(call, { id, name: textOf(server, 'name') }, reply)
      }),
  }),
]
