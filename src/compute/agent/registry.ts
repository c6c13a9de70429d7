// Services and hosts making themselves known: their rows, their heartbeat, what they have, in our tables and in placement.
import type { Transaction } from 'kysely'
import { newUuid } from '../../base/ids.ts'
import type { Clock } from '../../base/time.ts'
import { limits } from '../../model/limits.ts'
import type { Store } from '../../platform/store/store.ts'
import type { OnBehalf, PlacementNeighbour } from '../neighbours/neighbours.ts'
import { takeNumbers } from '../numbers.ts'
import type { ServiceRow } from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import type { HostResources } from '../virt/driver.ts'

export interface Registry {
  readonly store: Store
  readonly clock: Clock
}

export interface HostRecord {
  readonly name: string
  readonly resources: HostResources
}

const topics: Readonly<Record<string, string>> = {
  'nova-compute': 'compute',
  'nova-conductor': 'conductor',
  'nova-scheduler': 'scheduler',
}

/**
 * Writes the rows of this process's services and hosts; those that are there keep their ids and settings. `isWhole`:
 * there are no other processes, so that hosts which are not ours are down, and need not be waited for to be missed.
 * Answers the services that were not known before.
 */
export async function register(
  { store, clock }: Registry,
  services: readonly { readonly binary: string; readonly host: string }[],
  hosts: readonly HostRecord[],
  isWhole: boolean,
): Promise<readonly ServiceRow[]> {
  return store.transaction<ComputeTables, readonly ServiceRow[]>(async tx => {
    const now = clock.now()
    const known = await tx.selectFrom('compute_services').select('id').execute()
    for (const service of services) await registerService(tx, service, now)
    for (const host of hosts) await registerHost(tx, host, now)
    if (isWhole) await missOthers(tx, hosts, now)
    const all = await tx.selectFrom('compute_services').selectAll().orderBy('id').execute()
    return all.filter(({ id }) => !known.some(before => before.id === id))
  })
}

async function missOthers(
  tx: Transaction<ComputeTables>,
  hosts: readonly HostRecord[],
  now: number,
): Promise<void> {
  const longAgo = now - limits.serviceDownMs - 1
  await tx
    .updateTable('compute_services')
    .set({ last_seen_at: longAgo })
    .where('binary', '=', 'nova-compute')
    .where(
      'host',
      'not in',
      hosts.map(({ name }) => name),
    )
    .where('last_seen_at', '>', longAgo)
    .execute()
}

async function registerService(
  tx: Transaction<ComputeTables>,
  { binary, host }: { readonly binary: string; readonly host: string },
  now: number,
): Promise<number> {
  const known = await tx
    .selectFrom('compute_services')
    .select('id')
    .where('host', '=', host)
    .where('binary', '=', binary)
    .executeTakeFirst()
  if (known) {
    await tx.updateTable('compute_services').set({ last_seen_at: now }).where('id', '=', known.id).execute()
    return known.id
  }
  const id = await takeNumbers(tx, 'service')
  await tx
    .insertInto('compute_services')
    .values({
      id,
      uuid: newUuid(),
      host,
      binary,
      topic: topics[binary] ?? binary,
      disabled: 0,
      disabled_reason: null,
      forced_down: 0,
      last_seen_at: now,
      report_count: 0,
      created_at: now,
    })
    .execute()
  return id
}

async function registerHost(
  tx: Transaction<ComputeTables>,
  { name, resources }: HostRecord,
  now: number,
): Promise<void> {
  const serviceId = await registerService(tx, { binary: 'nova-compute', host: name }, now)
  const facts = {
    host_ip: resources.hostIp,
    hypervisor_type: resources.hypervisorType,
    hypervisor_version: resources.hypervisorVersion,
    cpu_info_json: JSON.stringify(resources.cpuInfo),
    vcpus: resources.vcpus,
    memory_mb: resources.memoryMb,
    local_gb: resources.diskGb,
    updated_at: now,
  }
  const known = await tx.updateTable('compute_nodes').set(facts).where('host', '=', name).executeTakeFirst()
  if (known.numUpdatedRows > 0n) return
  await tx
    .insertInto('compute_nodes')
    .values({
      id: await takeNumbers(tx, 'node'),
      uuid: newUuid(),
      service_id: serviceId,
      host: name,
      node: name,
      ...facts,
      vcpus_used: 0,
      memory_mb_used: 0,
      local_gb_used: 0,
      running_vms: 0,
      failed_builds: 0,
      created_at: now,
    })
    .execute()
}

/** Tells placement what each of our hosts has. */
export async function reportHosts(
  { store }: Registry,
  placement: PlacementNeighbour,
  on: OnBehalf,
  names: readonly string[],
): Promise<void> {
  const nodes = await store.transaction<
    ComputeTables,
    readonly {
      uuid: string
      host: string
      vcpus: number
      memory_mb: number
      local_gb: number
    }[]
  >(tx =>
    tx
      .selectFrom('compute_nodes')
      .select(['uuid', 'host', 'vcpus', 'memory_mb', 'local_gb'])
      .where('host', 'in', names as string[])
      .execute(),
  )
  // Once at start-up, a call or three a host: placement has no bulk form for providers.
  for (const node of nodes)
    await placement.report(on, {
      uuid: node.uuid,
      name: node.host,
      vcpus: node.vcpus,
      memoryMb: node.memory_mb,
      diskGb: node.local_gb,
    })
}

/** One heartbeat of everything that runs in this process. */
export async function beat({ store, clock }: Registry, hosts: readonly string[]): Promise<void> {
  await store.transaction<ComputeTables, unknown>(tx =>
    tx
      .updateTable('compute_services')
      .set(eb => ({ last_seen_at: clock.now(), report_count: eb('report_count', '+', 1) }))
      .where('host', 'in', hosts as string[])
      .execute(),
  )
}
