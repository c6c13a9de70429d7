// os-migrateLive. Up to 2.33 the caller waits for the choice of a host and for both hosts' word, and is refused in Nova's
// words; from 2.34 on the record tells.
import { newUuid } from '../../../base/ids.ts'
import { fault } from '../../../model/errors.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { tables } from '../../../platform/store/store.ts'
import { accept, checkAdmission } from '../../accept.ts'
import { publicMessage } from '../../errors.ts'
import { HostError } from '../../failures.ts'
import { failureOf } from '../../operations/failure-record.ts'
import type { LiveMigrateArgs } from '../../operations/live-migrate.ts'
import { readOperation } from '../../store/operations.ts'
import type { ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import { type ComputeCall, readBoolean } from '../call.ts'
import { versionOf } from '../negotiate.ts'
import { requireKnownHost } from './move.ts'
import { requireHost } from './power.ts'

interface MigrateLiveValue {
  readonly host: string | null
  readonly block_migration: boolean | string
  readonly disk_over_commit?: boolean | string
  readonly force?: boolean | string
}

export async function migrateLive(
  call: ComputeCall,
  server: ServerRow,
  value: MigrateLiveValue,
): Promise<Reply> {
  const version = versionOf(call)
  const { host } = value
  if (host !== null) call.enforce('os_compute_api:os-migrate-server:migrate_live:host')
  // Until there was a way to say it, a host that was named was forced.
  const isForced = version.has('liveMigrateForce') ? isTrue(value.force) : host !== null
  if (isForced && host === null) throw fault('ForceWithoutHost')
  checkAdmission(call, server, 'os-migrateLive')
  requireHost(server)
  if (host !== null) await requireKnownHost(call, host)
  const isAsynchronous = version.has('asynchronousLiveMigrationChecks')
  const args: LiveMigrateArgs = {
    host,
    isForced,
    blockMigration: value.block_migration === 'auto' ? null : isTrue(value.block_migration),
    event: isAsynchronous ? 'conductor_live_migrate_instance' : 'conductor_migrate_server',
  }
  const operationId = newUuid()
  await accept(call, {
    kind: 'liveMigration',
    action: 'live-migration',
    name: 'os-migrateLive',
    server,
    patch: { task_state: 'migrating' },
    args,
    operationId,
  })
  if (!isAsynchronous) await waitForChecks(call, operationId)
  return empty(202)
}

const isTrue = (value: boolean | string | undefined): boolean =>
  readBoolean(String(value ?? 'false')) === true

/** What Nova knows as an error of its own is a 400 here, anything else is not the caller's fault. */
async function waitForChecks(call: ComputeCall, operationId: string): Promise<void> {
  await call.deps.conductor.begun(operationId)
  const row = await readOperation(tables<ComputeTables>(call.deps.store), operationId)
  const failure = row?.state === 'failed' && row.step === 0 ? failureOf(row.data_json) : undefined
  if (!failure) return
  if (failure instanceof HostError && !failure.isPublic) throw failure
  throw fault('LiveMigrationRefused', { reason: publicMessage(failure) }, { cause: failure })
}
