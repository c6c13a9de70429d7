// Quota class sets. Only the class `default` has an effect: it stands over the configured defaults.
import type { QuotaLimits, QuotaResource } from '../../model/quotas.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { defaultLimits, writeClassLimits } from '../store/quotas.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall } from './call.ts'
import { versionOf } from './negotiate.ts'
import { classResources, type UpdateQuotaClassBody } from './schemas/quotas.ts'

const view = (call: ComputeCall, limits: QuotaLimits) =>
  Object.fromEntries(classResources(versionOf(call)).map(name => [name, limits[name]]))

const limitsOfClass = (call: ComputeCall, name: string) =>
  defaultLimits(tables<ComputeTables>(call.deps.store), name)

export const showQuotaClass = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-quota-class-sets:show')
  const id = call.params.id! // in the route's path
  return json(200, { quota_class_set: { id, ...view(call, await limitsOfClass(call, id)) } })
}

export const updateQuotaClass = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-quota-class-sets:update')
  const id = call.params.id! // in the route's path
  const wanted = Object.fromEntries(
    Object.entries(bodyOf<UpdateQuotaClassBody>(call).quota_class_set).map(([name, value]) => [
      name,
      Number(value),
    ]),
  ) as Partial<Record<QuotaResource, number>> // the schema takes these names only
  await call.deps.store.accept<ComputeTables, void>(tx => writeClassLimits(tx, id, wanted))
  return json(200, { quota_class_set: view(call, await limitsOfClass(call, id)) })
}
