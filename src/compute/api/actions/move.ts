// resize and migrate.
import { fault } from '../../../model/errors.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { tables } from '../../../platform/store/store.ts'
import { accept, checkAdmission } from '../../accept.ts'
import type { ResizeArgs } from '../../operations/resize.ts'
import { checkQuota } from '../../store/quotas.ts'
import { flavorOf, isVolumeBacked, type ServerRow } from '../../store/servers.ts'
import { findComputeService, isUp } from '../../store/services.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'
import { findFlavorFor } from '../create/flavor.ts'
import { requireHost } from './power.ts'

interface ResizeValue {
  readonly flavorRef: string | number
  readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL'
}

export async function resize(call: ComputeCall, server: ServerRow, value: ResizeValue): Promise<Reply> {
  checkAdmission(call, server, 'resize')
  const newFlavor = await findFlavorFor(call, String(value.flavorRef))
  const old = flavorOf(server)
  if (newFlavor.id === old.id) throw fault('SameFlavor')
  if (newFlavor.rootGb === 0 && old.rootGb !== 0 && !isVolumeBacked(server)) throw fault('ResizeToZeroDisk')
  await requireUp(call, requireHost(server))
  const args: ResizeArgs = {
    newFlavor,
    host: null,
    autoDiskConfig: value['OS-DCF:diskConfig'] === undefined ? null : value['OS-DCF:diskConfig'] === 'AUTO',
  }
  await accept(call, {
    kind: 'resize',
    action: 'resize',
    name: 'resize',
    server,
    patch: { task_state: 'resize_prep', progress: 0 },
    args,
    also: tx =>
      checkQuota(
        tx,
        { projectId: server.project_id, userId: server.user_id },
        { cores: newFlavor.vcpus - old.vcpus, ram: newFlavor.memoryMb - old.memoryMb },
      ),
  })
  return empty(202)
}

export async function migrate(
  call: ComputeCall,
  server: ServerRow,
  value: { readonly host?: string | null } | null,
): Promise<Reply> {
  const host = (typeof value === 'object' ? value?.host : null) ?? null
  if (host !== null) call.enforce('os_compute_api:os-migrate-server:migrate:host')
  checkAdmission(call, server, 'migrate')
  if (host !== null) {
    if (host === server.host) throw fault('MigrateToSameHost')
    await requireKnownHost(call, host)
  }
  await requireUp(call, requireHost(server))
  const args: ResizeArgs = { newFlavor: null, host, autoDiskConfig: null }
  await accept(call, {
    kind: 'resize',
    action: 'migrate',
    name: 'migrate',
    server,
    patch: { task_state: 'resize_prep', progress: 0 },
    args,
  })
  return empty(202)
}

/** Refuses (400) hosts nobody has heard of. */
export async function requireKnownHost(call: ComputeCall, host: string): Promise<void> {
  const known = await tables<ComputeTables>(call.deps.store)
    .selectFrom('compute_nodes')
    .select('id')
    .where('host', '=', host)
    .executeTakeFirst()
  if (!known) throw fault('HostUnknown', { host })
}

/** Nova refuses (409) to move a server whose host does not answer. */
async function requireUp(call: ComputeCall, host: string): Promise<void> {
  const service = await findComputeService(tables<ComputeTables>(call.deps.store), host)
  if (!service || !isUp(service, call.deps.clock.now())) throw fault('HostServiceDown')
}
