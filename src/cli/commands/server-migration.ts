// `server migration list`.
import { findId } from '../find.ts'
import { column, list, option, query } from '../row.ts'

export const serverMigrationRows = [
  list({
    words: 'server migration list',
    help: 'list moves of servers between hosts (administrators)',
    options: [
      option('--server <server>', 'of this server (name or ID)'),
      option('--host <host>', 'from or to this host'),
      option('--status <status>', 'in this status'),
      option('--type <type>', 'of this kind', {
        choices: ['migration', 'resize', 'live-migration', 'evacuation'],
      }),
      option('--marker <uuid>', 'start after this one'),
      option('--limit <count>', 'at most so many', { number: true }),
    ],
    examples: ['server migration list', 'server migration list --server vm1'],
    columns: [
      column('Id', 'id', view => view.computeMinor >= 23),
      column('UUID', 'uuid', view => view.computeMinor >= 59),
      column('Source Node', 'source_node'),
      column('Dest Node', 'dest_node'),
      column('Source Compute', 'source_compute'),
      column('Dest Compute', 'dest_compute'),
      column('Dest Host', 'dest_host'),
      column('Status', 'status'),
      column('Server UUID', 'instance_uuid'),
      column('Old Flavor', 'old_instance_type_id'),
      column('New Flavor', 'new_instance_type_id'),
      column('Type', 'migration_type', view => view.computeMinor >= 23),
      column('Project', 'project_id', () => false),
      column('User', 'user_id', () => false),
      column('Created At', 'created_at'),
      column('Updated At', 'updated_at'),
    ],
    run: async call => {
      const server = call.text('server')
      const limit = call.number('limit')
      const path = `/os-migrations${query({
        instance_uuid: server === undefined ? undefined : await findId(call.cloud, 'server', server),
        host: call.text('host'),
        status: call.text('status'),
        migration_type: call.text('type'),
        marker: call.text('marker'),
        limit,
      })}`
      return call.cloud.compute.list(path, 'migrations', limit)
    },
  }),
]
