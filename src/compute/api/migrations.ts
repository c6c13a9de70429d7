// Migrations: of all servers (`/os-migrations`), and the live ones in progress of one server.
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { type ActionServer, findActionServer } from '../store/instance-actions.ts'
import { findMigration, flavorNumbers, listMigrations, type MigrationRow } from '../store/migrations.ts'
import type { ComputeTables } from '../tables.ts'
import { type ComputeCall, pageLimit, projectOf } from './call.ts'
import { changesOf } from './changes.ts'
import { links, nextLink } from './links.ts'
import { versionOf } from './negotiate.ts'
import { isLiveInProgress, migrationView, serverMigrationView } from './views/migrations.ts'

export const listAllMigrations = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-migrations:index')
  const version = versionOf(call)
  const db = tables<ComputeTables>(call.deps.store)
  const filters = filtersOf(call)
  const isPaged = version.has('migrationPaging')
  const limit = isPaged ? pageLimit(call) : undefined
  const page = await listMigrations(db, filters, {
    newestFirst: isPaged,
    after: isPaged ? await markerOf(call) : undefined,
    limit,
  })
  const numbers = await flavorNumbers(db, page)
  const show = migrationView(version)
  const context = {
    showHosts: call.allows('os_compute_api:os-migrations:index:host'),
    flavorNumber: (id: string) => numbers.get(id) ?? 0,
    links: (row: MigrationRow) => links(call, `/servers/${row.server_id}/migrations/${row.id}`),
  }
  const next =
    limit === undefined
      ? undefined
      : nextLink(
          call,
          '/os-migrations',
          limit,
          page.map(row => row.uuid),
        )
  return json(200, {
    migrations: page.map(row => show(row, context)),
    ...(next && { migrations_links: next }),
  })
}

function filtersOf(call: ComputeCall) {
  const ask = (name: string) => call.query.one(name)
  const host = ask('host')
  const sourceCompute = ask('source_compute')
  if (host !== undefined || sourceCompute !== undefined)
    // Who may not see hosts may not find them out by asking either.
    call.enforce('os_compute_api:os-migrations:index:host')
  const hasOwners = versionOf(call).has('migrationOwner')
  const everywhere = call.allows('os_compute_api:os-migrations:index:all_projects')
  const projectId = hasOwners ? ask('project_id') : undefined
  if (!everywhere && projectId !== undefined && projectId !== projectOf(call))
    call.enforce('os_compute_api:os-migrations:index:all_projects')
  return {
    serverId: ask('instance_uuid'),
    status: ask('status'),
    type: ask('migration_type'),
    host,
    sourceCompute,
    userId: hasOwners ? ask('user_id') : undefined,
    projectId: everywhere ? projectId : projectOf(call),
    ...(versionOf(call).has('migrationPaging') ? changesOf(call) : {}),
  }
}

async function markerOf(call: ComputeCall): Promise<MigrationRow | undefined> {
  const marker = call.query.one('marker')
  if (marker === undefined) return undefined
  const found = await findMigration(tables<ComputeTables>(call.deps.store), { uuid: marker })
  if (!found) throw fault('MarkerNotFound', { marker })
  return found
}

/** The server in the path: 404 when it is gone or not the caller's. */
async function serverInPath(call: ComputeCall): Promise<ActionServer> {
  const id = call.params.server_id! // in the route's path
  const server = await findActionServer(tables<ComputeTables>(call.deps.store), id)
  if (!server || server.deleted || !(call.auth.isAdmin || server.project_id === projectOf(call)))
    throw fault('ServerNotFound', { server: id })
  return server
}

export const listServerMigrations = async (call: ComputeCall): Promise<Reply> => {
  const server = await serverInPath(call)
  call.enforce('os_compute_api:servers:migrations:index', { projectId: server.project_id })
  const rows = await listMigrations(
    tables<ComputeTables>(call.deps.store),
    { serverId: server.id, type: 'live-migration' },
    { newestFirst: true, limit: limits.pageItemsMax },
  )
  const show = serverMigrationView(versionOf(call))
  const showHosts = call.allows('os_compute_api:servers:migrations:index:host')
  return json(200, { migrations: rows.filter(isLiveInProgress).map(row => show(row, { showHosts })) })
}

export const showServerMigration = async (call: ComputeCall): Promise<Reply> => {
  const server = await serverInPath(call)
  call.enforce('os_compute_api:servers:migrations:show', { projectId: server.project_id })
  const id = call.params.id! // in the route's path
  const row = /^\d{1,9}$/.test(id)
    ? await findMigration(tables<ComputeTables>(call.deps.store), { id: Number(id), serverId: server.id })
    : undefined
  const named = { migration: id, server: server.id }
  if (!row) throw fault('MigrationNotFoundForServer', named)
  if (row.migration_type !== 'live-migration') throw fault('MigrationNotLive', named)
  if (!isLiveInProgress(row)) throw fault('MigrationNotInProgress', named)
  return json(200, { migration: serverMigrationView(versionOf(call))(row, { showHosts: true }) })
}
