// Machines are compared with their servers: a guest that shut itself down is stopped for its owner too (facts:
// states.md §6; nova/compute/manager.py, _sync_power_states).
import { type PowerState, powerStates, type VmState } from '../../model/server-states.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import { tables } from '../../platform/store/store.ts'
import { patchServer, readServer, type ServerRow } from '../store/servers.ts'
import type { ComputeTables } from '../tables.ts'
import type { Driver } from '../virt/driver.ts'
import { acceptFinding, ownContext } from './finding.ts'
import type { PeriodicTask } from './periodic.ts'
import type { PeriodicDeps } from './table.ts'

const { NOSTATE, RUNNING, PAUSED, SHUTDOWN, CRASHED, SUSPENDED } = powerStates

interface Mismatch {
  readonly vmState: VmState
  readonly seen: readonly PowerState[]
  readonly verdict: 'stop' | 'leave'
  readonly sentence: string
}

// What is not listed (building, rescued, resized, suspended, error …) is left alone.
const mismatches: readonly Mismatch[] = [
  {
    vmState: 'active',
    seen: [SHUTDOWN, CRASHED],
    verdict: 'stop',
    sentence: 'Instance shutdown by itself. Calling the stop API.',
  },
  {
    vmState: 'active',
    seen: [PAUSED],
    verdict: 'leave',
    sentence: 'Instance is paused unexpectedly. Ignore.',
  },
  {
    vmState: 'active',
    seen: [SUSPENDED],
    verdict: 'leave',
    sentence: 'Instance is suspended unexpectedly. Ignore.',
  },
  {
    vmState: 'active',
    seen: [NOSTATE],
    verdict: 'leave',
    sentence: 'Instance is unexpectedly not found. Ignore.',
  },
  {
    vmState: 'stopped',
    seen: [RUNNING, PAUSED, SUSPENDED],
    verdict: 'stop',
    sentence: 'Instance is not stopped. Calling the stop API.',
  },
  {
    vmState: 'paused',
    seen: [SHUTDOWN, CRASHED],
    verdict: 'leave',
    sentence: 'Paused instance shutdown by itself. Ignore.',
  },
  {
    vmState: 'soft-delete',
    seen: [RUNNING, PAUSED, SUSPENDED, CRASHED],
    verdict: 'leave',
    sentence: 'Instance is not (soft-)deleted.',
  },
]

export const powerSync = (deps: PeriodicDeps): PeriodicTask => ({
  name: 'power-sync',
  everyMs: deps.settings.syncPowerStateSeconds * 1000,
  async run(signal) {
    const context = ownContext()
    for (const [host, driver] of deps.drivers) {
      if (signal.aborted) return
      try {
        await syncHost(deps, context, host, driver)
      } catch (error) {
        // One host that does not answer keeps no other from being looked at.
        deps.log.under(context).error(`the power states of ${host} could not be compared`, { error })
      }
    }
  },
})

async function syncHost(
  deps: PeriodicDeps,
  context: LogContext,
  host: string,
  driver: Driver,
): Promise<void> {
  const db = tables<ComputeTables>(deps.store)
  // Servers first, machines second: whatever happens to a server after this look changes its revision, and what was
  // seen of its machine is then no finding.
  const servers = await db
    .selectFrom('servers')
    .select(['id', 'vm_state', 'task_state', 'power_state', 'revision'])
    .where('host', '=', host)
    .where('deleted', '=', 0)
    .orderBy('seq')
    .execute()
  if (servers.length === 0) return
  const machines = new Map((await driver.list()).map(({ id, power }) => [id, power]))
  for (const looked of servers) {
    const seen = machines.get(looked.id) ?? NOSTATE
    const mismatch = mismatches.find(row => row.vmState === looked.vm_state && row.seen.includes(seen))
    if (!mismatch && seen === looked.power_state) continue
    if (looked.task_state !== null) {
      deps.log
        .under(context)
        .info(`During sync_power_state the instance has a pending task (${looked.task_state}). Skip.`, {
          server: looked.id,
        })
      continue
    }
    const server = await readServer(db, looked.id)
    if (server && server.revision === looked.revision) await settle(deps, context, server, seen, mismatch)
  }
}

async function settle(
  deps: PeriodicDeps,
  context: LogContext,
  server: ServerRow,
  seen: PowerState,
  mismatch: Mismatch | undefined,
): Promise<void> {
  const { revision } = server
  if (mismatch)
    deps.log
      .under(context)
      .warning(
        `${mismatch.sentence} Current vm_state: ${server.vm_state}, original DB power_state: ${server.power_state}, current VM power_state: ${seen}`,
        { server: server.id },
      )
  if (mismatch?.verdict === 'stop')
    return acceptFinding(deps, context, {
      kind: 'stop',
      action: 'stop',
      name: 'stop',
      server,
      patch: { task_state: 'powering-off', power_state: seen },
      args: {},
      revision,
    })
  if (seen !== server.power_state)
    await deps.store.transaction<ComputeTables, unknown>(tx =>
      patchServer(tx, server.id, { power_state: seen }, deps.clock.now(), { revision }),
    )
}
