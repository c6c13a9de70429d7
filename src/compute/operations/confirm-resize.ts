// Ending a resize: confirming removes what was kept on the source; reverting brings the server back there.
import { assert } from '../../base/assert.ts'
import { fault } from '../../model/errors.ts'
import { powerStates } from '../../model/server-states.ts'
import type { Acceptance } from '../accept.ts'
import { claim, unclaim } from '../store/claims.ts'
import type { MigrationRow } from '../store/migrations.ts'
import { flavorOf, oldFlavorOf, type ServerRow } from '../store/servers.ts'
import { zoneOf } from './claiming.ts'
import { machineSpec } from './machine.ts'
import { setMigration } from './migration-row.ts'
import { operation, step } from './operation.ts'
import { tell } from './tell.ts'
import { keepVolumes, plugVolumes } from './volumes.ts'
import type { Work } from './work.ts'

export interface EndResizeArgs {
  readonly migrationId: number
  readonly migrationUuid: string
  readonly source: string
  readonly sourceNode: string | null
  readonly target: string
}

export function endResizeArgs(migration: MigrationRow, server: ServerRow): EndResizeArgs {
  assert(migration.source_compute !== null && server.host !== null, 'a finished migration has both hosts')
  return {
    migrationId: migration.id,
    migrationUuid: migration.uuid,
    source: migration.source_compute,
    sourceNode: migration.source_node,
    target: server.host,
  }
}

/** The confirmation of a finished resize, to be accepted. The record decides who confirms: a second one finds it confirming. */
export const confirmation = (server: ServerRow, migration: MigrationRow): Acceptance => ({
  kind: 'confirmResize',
  action: 'confirmResize',
  name: 'confirmResize',
  server,
  patch: {},
  args: endResizeArgs(migration, server),
  also: async tx => {
    const mine = await tx
      .updateTable('migrations')
      .set({ status: 'confirming' })
      .where('id', '=', migration.id)
      .where('status', '=', 'finished')
      .executeTakeFirst()
    if (mine.numUpdatedRows === 0n) throw fault('NotResized')
  },
})

type EndWork = Work<EndResizeArgs, object>

const migrationFailed = async (work: EndWork, error: unknown) => {
  await work.transaction(tx => setMigration(tx, work.args.migrationId, 'error', work.deps.clock.now()))
  await work.recordFault(error, work.server.host)
  return { vm_state: 'error' as const }
}

export const confirmResize = operation<EndResizeArgs, object>({
  kind: 'confirmResize',
  // A resized server that is deleted is confirmed first, while it is on its way out.
  besideDeletion: true,
  steps: [
    step('confirm', {
      at: 'host',
      run: work => work.event('compute_confirm_resize', work.args.source, () => confirm(work)),
    }),
  ],
  failed: migrationFailed,
})

async function confirm(work: EndWork): Promise<void> {
  const { source, target, migrationId, migrationUuid } = work.args
  const { deps } = work
  tell(work, 'resize_confirm', 'start', source)
  await work.transaction(tx => setMigration(tx, migrationId, 'confirming', deps.clock.now()))
  // On the same host there is one machine, and it is the resized one.
  if (source !== target) await work.onHost(source, 'destroy', null)
  else await work.failIfAsked('destroy')
  await deps.neighbours.placement.release(work.behalf(source), migrationUuid)
  const power = await work.onHost(target, 'power', null)
  const now = deps.clock.now()
  await work.complete(
    {
      vm_state: power === powerStates.SHUTDOWN ? 'stopped' : 'active',
      old_flavor_json: null,
      previous_vm_state: null,
    },
    async tx => {
      await setMigration(tx, migrationId, 'confirmed', now)
      await unclaim(tx, work.server.id)
      await claim(tx, work.server, target, 'server', flavorOf(work.server))
    },
  )
  tell(work, 'resize_confirm', 'end', source)
}

export const revertResize = operation<EndResizeArgs, object>({
  kind: 'revertResize',
  steps: [
    step('revert', {
      at: 'host',
      run: work =>
        work.event('compute_revert_resize', work.args.target, async () => {
          const { source, target, migrationId } = work.args
          tell(work, 'resize_revert', 'start', target)
          await work.transaction(tx => setMigration(tx, migrationId, 'reverting', work.deps.clock.now()))
          if (source !== target) await work.onHost(target, 'destroy', null)
          await keepVolumes(work)
        }),
    }),
    step('finish_revert', {
      at: 'host',
      run: work => work.event('compute_finish_revert_resize', work.args.source, () => finishRevert(work)),
    }),
  ],
  failed: migrationFailed,
})

async function finishRevert(work: EndWork): Promise<void> {
  const { source, sourceNode, target, migrationId, migrationUuid } = work.args
  const { deps } = work
  await plugVolumes(work, source)
  const { server } = work
  const old = oldFlavorOf(server)
  assert(old, 'a resized server remembers its old flavor')
  const network = await deps.neighbours.network.move(work.behalf(source), server.id, source)
  const wasActive = server.previous_vm_state !== 'stopped'
  if (source === target) {
    // There is one machine, and it has the new flavor: it is built again with the old one, on its own disk.
    const disk = await work.onHost(source, 'pack', null)
    const spec = machineSpec({ ...server, flavor_json: JSON.stringify(old) }, null)
    await work.onHost(source, 'spawn', { spec, disk, powerOn: wasActive })
  } else if (wasActive) await work.onHost(source, 'start', null)
  await deps.neighbours.placement.move(work.behalf(source), migrationUuid, server.id)
  const zone = await zoneOf(deps, source)
  await work.complete(
    {
      host: source,
      node: sourceNode,
      availability_zone: zone,
      vm_state: wasActive ? 'active' : 'stopped',
      task_state: null,
      power_state: wasActive ? powerStates.RUNNING : powerStates.SHUTDOWN,
      flavor_json: JSON.stringify(old),
      flavor_id: old.id,
      old_flavor_json: null,
      previous_vm_state: null,
      network_json: JSON.stringify(network),
    },
    async tx => {
      await setMigration(tx, migrationId, 'reverted', deps.clock.now())
      await unclaim(tx, server.id)
      await claim(tx, server, source, 'server', old)
    },
  )
  tell(work, 'resize_revert', 'end', source)
}
