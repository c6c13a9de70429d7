// Deleting a server: at once, or softly with a time to think again (reclaim_instance_interval), and bringing it back.
import { assert } from '../../base/assert.ts'
import { powerStates } from '../../model/server-states.ts'
import { tables } from '../../platform/store/store.ts'
import { HostUnreachable } from '../errors.ts'
import { unclaim } from '../store/claims.ts'
import { deletedPatch, forgetServer } from '../store/servers.ts'
import { findComputeService, isUp } from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import { errorOut, revertTask } from './failing.ts'
import { setMigration } from './migration-row.ts'
import { operation, step } from './operation.ts'
import { forgetImage } from './snapshot.ts'
import { tell, tellLocally } from './tell.ts'
import { letVolumesGo } from './volumes.ts'
import type { Work } from './work.ts'

type DeleteWork = Work<object, object>

export const terminate = operation<object, object>({
  kind: 'delete',
  deletes: true,
  steps: [step('terminate', { at: 'host', run: terminateServer })],
  failed: errorOut,
})

async function terminateServer(work: DeleteWork): Promise<void> {
  const { host } = work.server
  const moves = await openMoves(work)
  const hosts = [
    ...new Set([
      host,
      ...moves.flatMap(({ source_compute, dest_compute }) => [source_compute, dest_compute]),
    ]),
  ].filter(name => name !== null)
  // On no host, or on one that is down: deleted without it. An action, no events (nova: local delete).
  if (host === null || !(await isHostUp(work, host))) {
    tellLocally(work, 'delete', 'start')
    await removeEverything(work, hosts)
    tellLocally(work, 'delete', 'end')
    return
  }
  await work.event('compute_terminate_instance', host, async () => {
    tell(work, 'delete', 'start', host)
    tell(work, 'shutdown', 'start', host)
    await removeEverything(work, hosts)
    tell(work, 'shutdown', 'end', host)
    tell(work, 'delete', 'end', host)
  })
}

async function isHostUp(work: DeleteWork, host: string): Promise<boolean> {
  const service = await findComputeService(tables<ComputeTables>(work.deps.store), host)
  return service !== undefined && isUp(service, work.deps.clock.now())
}

/** Migrations that still hold something of the server on another host. */
const openMoves = (work: DeleteWork) =>
  tables<ComputeTables>(work.deps.store)
    .selectFrom('migrations')
    .select(['id', 'uuid', 'source_compute', 'dest_compute', 'status'])
    .where('server_id', '=', work.server.id)
    .where('status', 'not in', ['confirmed', 'reverted', 'completed', 'cancelled'])
    .execute()

async function removeEverything(work: DeleteWork, hosts: readonly string[]): Promise<void> {
  const { deps, server } = work
  for (const host of hosts) await destroyOn(work, host) // one, or two during a resize
  await deps.neighbours.network.release(work.behalf(), server.id)
  await letVolumesGo(work)
  // A server made with others may be getting room from one of them right now (place.ts). Its own creation is closed, so
  // that nobody takes more for it once whoever has the turn is through.
  if (server.launched_at === null) await deps.scheduling.turn(async () => {})
  const moves = await openMoves(work)
  for (const consumer of [server.id, ...moves.map(({ uuid }) => uuid)])
    await deps.neighbours.placement.release(work.behalf(), consumer)
  if (server.shelved_image_id !== null) await forgetImage(work, server.shelved_image_id)
  const now = deps.clock.now()
  await work.complete(deletedPatch(now), async tx => {
    await forgetServer(tx, server.id)
    await unclaim(tx, server.id)
    // A move that is over but for its old host ends with it; one that was under way is not to be finished by anybody.
    for (const { id, status } of moves)
      if (status !== 'error' && status !== 'failed') await setMigration(tx, id, endOf[status] ?? 'error', now) // one, if any
  })
}

const endOf: Readonly<Record<string, string>> = { finished: 'confirmed', done: 'completed' }

async function destroyOn(work: DeleteWork, host: string): Promise<void> {
  try {
    await work.onHost(host, 'destroy', null)
  } catch (error) {
    if (!(error instanceof HostUnreachable)) throw error
    // The agent removes machines of deleted servers when it comes back (agent/audit.ts).
    work.log.warning(`host ${host} does not answer; its machine is removed when it returns`, {
      server: work.server.id,
      error,
    })
  }
}

export const softDelete = operation<object, object>({
  kind: 'softDelete',
  deletes: true,
  steps: [
    step('soft_delete', {
      event: 'compute_soft_delete_instance',
      at: 'host',
      async run(work) {
        const { host } = work.server
        assert(host, 'only a server on a host is deleted softly')
        tell(work, 'soft_delete', 'start', host)
        await work.onHost(host, 'stop', null)
        await work.complete({
          vm_state: 'soft-delete',
          task_state: null,
          power_state: powerStates.SHUTDOWN,
          deleted_at: work.deps.clock.now(),
        })
        tell(work, 'soft_delete', 'end', host)
      },
    }),
  ],
  failed: revertTask,
})

export const restore = operation<object, object>({
  kind: 'restore',
  steps: [
    step('restore', {
      event: 'compute_restore_instance',
      at: 'host',
      async run(work) {
        const { host } = work.server
        assert(host, 'a softly deleted server keeps its host')
        tell(work, 'restore', 'start', host)
        await work.onHost(host, 'start', null)
        await work.complete({
          vm_state: 'active',
          task_state: null,
          power_state: powerStates.RUNNING,
          deleted_at: null,
        })
        tell(work, 'restore', 'end', host)
      },
    }),
  ],
  failed: revertTask,
})
