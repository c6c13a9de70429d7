// A host in an aggregate with `filter_tenant_id` (several separated by commas) is for those projects only; other hosts
// are for all. Off by default.
import { cause, type Filter } from './filter.ts'

export const aggregateMultiTenancy: Filter = {
  name: 'AggregateMultiTenancyIsolation',
  stage: 'filter',
  prepare({ request }) {
    const refusal = cause('AggregateMultiTenancyIsolation', 'NoHost.Tenant')
    return host => {
      const projects = host.aggregates.flatMap(({ metadata }) =>
        Object.entries(metadata)
          .filter(([key]) => key.startsWith('filter_tenant_id'))
          .flatMap(([, value]) => value.split(',').map(part => part.trim())),
      )
      return projects.length === 0 || projects.includes(request.projectId) ? null : refusal
    }
  },
}
