// `/os-instance_usage_audit_log`: which hosts have run their periodic usage audit. Ours run none
// ([DEFAULT]instance_usage_audit is off in Nova by default too), so every host is one that has not.
import { parseIso } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { computeBinary, listServices } from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import type { ComputeCall } from './call.ts'

export const listAuditLog = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-instance-usage-audit-log:list')
  return json(200, { instance_usage_audit_logs: await auditLog(call, call.deps.clock.now()) })
}

export const showAuditLog = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-instance-usage-audit-log:show')
  const date = call.params.before! // in the route's path
  const isWellFormed = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/.test(date)
  const before = isWellFormed ? parseIso(date) : undefined
  if (before === undefined) throw fault('InvalidTimestamp', { date })
  return json(200, { instance_usage_audit_log: await auditLog(call, before) })
}

/** `2012-07-01 00:00:00` */
const dayTime = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ')

async function auditLog(call: ComputeCall, before: number) {
  const services = await listServices(tables<ComputeTables>(call.deps.store), { binary: computeBinary })
  const hosts = services.map(service => service.host)
  // [DEFAULT]instance_usage_audit_period = month: the last one that is over.
  const at = new Date(before)
  const end = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)
  const begin = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1)
  return {
    period_beginning: dayTime(begin),
    period_ending: dayTime(end),
    num_hosts: hosts.length,
    num_hosts_done: 0,
    num_hosts_running: 0,
    num_hosts_not_run: hosts.length,
    hosts_not_run: hosts,
    total_instances: 0,
    total_errors: 0,
    overall_status: `0 of ${hosts.length} hosts done. 0 errors.`,
    log: {},
  }
}
