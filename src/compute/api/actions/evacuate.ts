// evacuate: a server of a host that is down is built on another one.
import { newUuid } from '../../../base/ids.ts'
import { fault } from '../../../model/errors.ts'
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { tables } from '../../../platform/store/store.ts'
import { accept, checkAdmission, contextOf } from '../../accept.ts'
import { notifyServer } from '../../notifications/notify.ts'
import { senderOf } from '../../notifications/sender.ts'
import { takeNumbers } from '../../numbers.ts'
import type { EvacuateArgs } from '../../operations/evacuate.ts'
import { addMigration } from '../../operations/migration-row.ts'
import { findKeypair } from '../../store/keypairs.ts'
import type { ServerRow } from '../../store/servers.ts'
import { findComputeService, isUp } from '../../store/services.ts'
import type { ComputeTables } from '../../tables.ts'
import { type ComputeCall, readBoolean } from '../call.ts'
import { versionOf } from '../negotiate.ts'
import { newPassword } from '../server-create.ts'
import { requireHost } from './power.ts'

interface EvacuateValue {
  readonly host?: string
  readonly adminPass?: string
  readonly onSharedStorage?: boolean | string
  readonly force?: boolean | string
}

export async function evacuate(call: ComputeCall, server: ServerRow, value: EvacuateValue): Promise<Reply> {
  const version = versionOf(call)
  const host = value.host ?? null
  const isForced = version.has('evacuateForce')
    ? readBoolean(String(value.force ?? 'false')) === true
    : host !== null // until there was a way to say it, a host that was named was forced
  if (isForced && host === null) throw fault('ForceWithoutHost')
  if (host !== null) await requireOther(call, server, host)
  checkAdmission(call, server, 'evacuate')
  const source = requireHost(server)
  await requireDown(call, source)
  const { store } = call.deps
  const key =
    server.key_name === null
      ? undefined
      : await findKeypair(tables<ComputeTables>(store), server.user_id, server.key_name)
  const migration = {
    id: await store.transaction<ComputeTables, number>(tx => takeNumbers(tx, 'migration')),
    uuid: newUuid(),
  }
  const args: EvacuateArgs = {
    migration,
    source,
    host,
    isForced,
    endsStopped: version.has('evacuateStops') || server.vm_state === 'stopped',
    publicKey: key?.public_key ?? null,
  }
  const changed = await accept(call, {
    kind: 'evacuate',
    action: 'evacuate',
    name: 'evacuate',
    server,
    patch: { task_state: 'rebuilding', progress: 0 },
    args,
    also: tx =>
      addMigration(
        tx,
        { server, context: contextOf(call), deps: call.deps },
        { ...migration, migration_type: 'evacuation', status: 'accepted', source },
      ),
  })
  notifyServer(senderOf(call), 'evacuate', null, changed)
  return version.has('evacuateFindsStorage')
    ? empty(200)
    : json(200, { adminPass: value.adminPass ?? newPassword() })
}

async function requireOther(call: ComputeCall, server: ServerRow, host: string): Promise<void> {
  const service = await findComputeService(tables<ComputeTables>(call.deps.store), host)
  if (!service) throw fault('EvacuateHostNotFound', { host })
  if (host === server.host) throw fault('EvacuateToSameHost')
}

async function requireDown(call: ComputeCall, host: string): Promise<void> {
  const service = await findComputeService(tables<ComputeTables>(call.deps.store), host)
  if (service && isUp(service, call.deps.clock.now())) throw fault('ComputeServiceInUse', { host })
}
