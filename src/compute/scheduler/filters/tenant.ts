// Projects kept to aggregates whose metadata has `filter_tenant_id` (or `filter_tenant_id_…`) = the project
// (nova/scheduler/request_filter.py, require_tenant_aggregate; off by default).
import { cause, type Filter } from './filter.ts'

export const tenant: Filter = {
  name: 'TenantAggregate',
  stage: 'placement',
  prepare({ request, settings, hosts }) {
    if (!settings.limitTenantsToAggregates) return null
    const own = new Set<number>()
    for (const host of hosts)
      for (const aggregate of host.aggregates)
        if (isFor(aggregate.metadata, request.projectId)) own.add(aggregate.id)
    if (own.size === 0 && !settings.aggregateRequiredForTenants) return null
    const refusal = cause('TenantAggregate', 'NoHost.Tenant')
    return host => (host.aggregates.some(aggregate => own.has(aggregate.id)) ? null : refusal)
  },
}

const isFor = (metadata: Readonly<Record<string, string>>, projectId: string) =>
  Object.entries(metadata).some(([key, value]) => key.startsWith('filter_tenant_id') && value === projectId)
