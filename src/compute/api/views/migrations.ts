// How migrations look: in the list of all, and below their server while a live migration runs.
import { isoMicros } from '../../../base/time.ts'
import type { MigrationRow } from '../../store/migrations.ts'
import { compileView, type ViewRow } from './compile.ts'
import type { Link } from './types.ts'

const liveStates: ReadonlySet<string> = new Set(['queued', 'preparing', 'running', 'post-migrating'])

/** A live migration that can still be looked at below its server. */
export const isLiveInProgress = (row: MigrationRow): boolean =>
  row.migration_type === 'live-migration' && liveStates.has(row.status)

export interface MigrationContext {
  /** Null where policy hides hosts. */
  readonly showHosts: boolean
  /** Nova's number of a flavor; 0 for one that has been deleted since. */
  flavorNumber(id: string): number
  links(row: MigrationRow): readonly Link[]
}

type Row<C> = ViewRow<MigrationRow, C>
type Hosts = Pick<MigrationContext, 'showHosts'>

const common: readonly Row<Hosts>[] = [
  { key: 'id', value: row => row.id },
  { key: 'source_compute', value: (row, { showHosts }) => (showHosts ? row.source_compute : null) },
  { key: 'source_node', value: (row, { showHosts }) => (showHosts ? row.source_node : null) },
  { key: 'dest_compute', value: (row, { showHosts }) => (showHosts ? row.dest_compute : null) },
  { key: 'dest_host', value: (row, { showHosts }) => (showHosts ? row.dest_host : null) },
  { key: 'dest_node', value: (row, { showHosts }) => (showHosts ? row.dest_node : null) },
  { key: 'status', value: row => row.status },
  { key: 'created_at', value: row => isoMicros(row.created_at) },
  { key: 'updated_at', value: row => isoMicros(row.updated_at) },
  { key: 'uuid', since: 'migrationPaging', value: row => row.uuid },
  { key: 'user_id', since: 'migrationOwner', value: row => row.user_id },
  { key: 'project_id', since: 'migrationOwner', value: row => row.project_id },
]

export const migrationView = compileView<MigrationRow, MigrationContext>([
  ...common,
  { key: 'instance_uuid', value: row => row.server_id },
  { key: 'old_instance_type_id', value: (row, context) => context.flavorNumber(row.old_flavor_id) },
  { key: 'new_instance_type_id', value: (row, context) => context.flavorNumber(row.new_flavor_id) },
  { key: 'migration_type', since: 'serverMigrations', value: row => row.migration_type },
  {
    key: 'links',
    since: 'serverMigrations',
    value: (row, context) => (isLiveInProgress(row) ? context.links(row) : undefined),
  },
])

// Drivers that do not count what they copy leave these null, as Nova's do.
const progress = (['memory', 'disk'] as const).flatMap(what =>
  (['total', 'processed', 'remaining'] as const).map(
    (part): Row<Hosts> => ({
      key: `${what}_${part}_bytes`,
      value: row => row[`${what}_${part}`],
    }),
  ),
)

export const serverMigrationView = compileView<MigrationRow, Hosts>([
  ...common,
  { key: 'server_uuid', value: row => row.server_id },
  ...progress,
])
