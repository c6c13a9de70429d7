// `server event list|show`: what was asked of a server, and how each request went.
import { isUuidLike } from '../../base/ids.ts'
import { CliError } from '../errors.ts'
import { findId } from '../find.ts'
import { asItems, itemOf, without } from '../item.ts'
import { dicts } from '../output/cells.ts'
import { type Call, column, list, long, longOption, option, query, show } from '../row.ts'

export const serverEventRows = [
  list({
    words: 'server event list',
    arguments: '<server>',
    help: "list a server's actions, newest first",
    options: [
      longOption,
      option('--limit <count>', 'at most so many', { number: true }),
      option('--marker <request-id>', 'start after this one'),
      option('--changes-since <time>', 'changed after this ISO 8601 time'),
      option('--changes-before <time>', 'changed before it'),
    ],
    examples: ['server event list vm1', 'server event list vm1 --long'],
    columns: [
      column('Request ID', 'request_id'),
      column('Server ID', 'instance_uuid'),
      column('Action', 'action'),
      column('Start Time', 'start_time'),
      column('Message', 'message', long),
      column('Project ID', 'project_id', long),
      column('User ID', 'user_id', long),
      column('Updated At', 'updated_at', () => false),
    ],
    run: async call => {
      const id = await serverId(call)
      const limit = call.number('limit')
      const path = `/servers/${id}/os-instance-actions${query({
        limit,
        marker: call.text('marker'),
        'changes-since': call.text('changes-since'),
        'changes-before': call.text('changes-before'),
      })}`
      return call.cloud.compute.list(path, 'instanceActions', limit)
    },
  }),
  show({
    words: 'server event show',
    arguments: '<server> <request-id>',
    help: 'show an action of a server and its steps',
    examples: [
      'server event show vm1 req-ea1b0dfc-3186-42a9-84ff-c4f4fb130fae',
      'server event show vm1 req-ea1b0dfc-3186-42a9-84ff-c4f4fb130fae -f json -c events',
    ],
    run: async call => {
      const id = await serverId(call)
      const requestId = encodeURIComponent(call.argument('request-id'))
      const action = itemOf(
        await call.cloud.compute.get(`/servers/${id}/os-instance-actions/${requestId}`),
        'instanceAction',
      )
      const fields = without(action, 'links')
      return 'events' in action ? { ...fields, events: dicts(asItems(action.events)) } : fields
    },
  }),
]

/** A deleted server is found no more, but its actions are there under its id. */
async function serverId(call: Call): Promise<string> {
  const reference = call.argument('server')
  try {
    return await findId(call.cloud, 'server', reference)
  } catch (error) {
    if (error instanceof CliError && isUuidLike(reference)) return reference
    throw error
  }
}
