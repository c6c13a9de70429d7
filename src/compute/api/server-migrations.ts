// What can be asked of a live migration while it is under way: to stop, to come to an end.
import { fault } from '../../model/errors.ts'
import type { ActionName } from '../../model/events.ts'
import type { AdmissionName } from '../../model/server-states.ts'
import { empty, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { accept, checkAdmission } from '../accept.ts'
import type { WishArgs } from '../operations/live-wishes.ts'
import { findMigration } from '../store/migrations.ts'
import { findServer } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import { actionOf } from './actions.ts'
import type { ComputeCall } from './call.ts'
import { versionOf } from './negotiate.ts'
import { object } from './schemas/parameters.ts'

interface Wish {
  readonly kind: ActionName
  readonly policy:
    | 'os_compute_api:servers:migrations:delete'
    | 'os_compute_api:servers:migrations:force_complete'
  readonly admission: AdmissionName
  /** As a conflict with the server's state names it. */
  readonly name: string
  /** As a refusal by the migration's state names it. */
  readonly method: string
  statuses(call: ComputeCall): readonly string[]
}

const asking =
  (wish: Wish) =>
  async (call: ComputeCall): Promise<Reply> => {
    const { store } = call.deps
    const server = await findServer(tables<ComputeTables>(store), call.params.server_id!, call.auth) // in the route's path
    call.enforce(wish.policy, { projectId: server.project_id })
    checkAdmission(call, server, wish.admission, wish.name)
    const id = call.params.id! // likewise
    const migration = /^\d{1,9}$/.test(id)
      ? await findMigration(tables<ComputeTables>(store), { id: Number(id), serverId: server.id })
      : undefined
    if (!migration) throw fault('MigrationNotFoundForServer', { migration: id, server: server.id })
    const { status } = migration
    if (!wish.statuses(call).includes(status))
      throw fault('MigrationInWrongState', {
        migration: id,
        server: server.id,
        state: status,
        method: wish.method,
      })
    const args: WishArgs = { migrationId: migration.id }
    const { kind, name } = wish
    await accept(call, { kind, action: kind, name, server, patch: {}, args })
    return empty(202)
  }

export const abortServerMigration = asking({
  kind: 'live_migration_cancel',
  policy: 'os_compute_api:servers:migrations:delete',
  admission: 'abortLiveMigration',
  name: 'abort live migration',
  method: 'abort live migration',
  statuses: call =>
    versionOf(call).has('abortQueuedLiveMigration') ? ['queued', 'preparing', 'running'] : ['running'],
})

export const actOnServerMigration = actionOf({
  force_complete: {
    body: object({ force_complete: { type: 'null' } }, ['force_complete']),
    handler: asking({
      kind: 'live_migration_force_complete',
      policy: 'os_compute_api:servers:migrations:force_complete',
      admission: 'forceCompleteLiveMigration',
      name: 'force_complete',
      method: 'force complete',
      statuses: () => ['running'],
    }),
  },
})
