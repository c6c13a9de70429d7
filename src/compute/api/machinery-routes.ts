// Rows of the compute API: the cloud's own machinery, for administrators.
import { since } from '../../model/microversions.ts'
import { type Route, row } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import {
  actOnAggregate,
  createAggregate,
  listAllAggregates,
  removeAggregate,
  showAggregate,
  updateAggregate,
} from './aggregates.ts'
import {
  listHosts,
  rebootHost,
  showHost,
  shutdownHost,
  startupHost,
  updateHost,
  updateHostBody,
} from './hosts.ts'
import {
  listHypervisorDetails,
  listHypervisorNames,
  listHypervisorServers,
  searchHypervisors,
  showHypervisor,
  showStatistics,
  showUptime,
} from './hypervisors.ts'
import { listAllMigrations, listServerMigrations, showServerMigration } from './migrations.ts'
import { listHostsQuery, listMigrationsQuery } from './schemas/lists.ts'
import {
  createAggregateBody,
  listHypervisorsQuery,
  listServicesQuery,
  showHypervisorQuery,
  updateAggregateBody,
  updateServiceBody,
} from './schemas/machinery.ts'
import { noQuery } from './schemas/queries.ts'
import { changeService, listAllServices, removeService } from './services.ts'
import { listAuditLog, showAuditLog } from './usage-audit-log.ts'

const untilUuids = { until: since('serviceUuids') - 1 } as const
const untilSlim = { until: since('slimHypervisors') - 1 } as const
const whileHosts = { until: since('noHostsApi') - 1 } as const
const sinceMigrations = { since: since('serverMigrations') } as const

export const machineryRoutes: readonly Route<ComputeDeps>[] = [
  row('GET', '/os-services', listAllServices, { query: listServicesQuery }),
  // Up to 2.52 the id is a verb (`enable`, `disable` …), then a service's uuid.
  row('PUT', '/os-services/{id}', changeService, { body: updateServiceBody }),
  row('DELETE', '/os-services/{id}', removeService, { query: noQuery }),

  row('GET', '/os-hypervisors', listHypervisorNames, { query: listHypervisorsQuery }),
  row('GET', '/os-hypervisors/detail', listHypervisorDetails, { query: listHypervisorsQuery }),
  row('GET', '/os-hypervisors/statistics', showStatistics, { ...untilSlim, query: noQuery }),
  row('GET', '/os-hypervisors/{id}', showHypervisor, { query: showHypervisorQuery }),
  row('GET', '/os-hypervisors/{id}/uptime', showUptime, { ...untilSlim, query: noQuery }),
  row('GET', '/os-hypervisors/{id}/search', searchHypervisors, { ...untilUuids, query: noQuery }),
  row('GET', '/os-hypervisors/{id}/servers', listHypervisorServers, { ...untilUuids, query: noQuery }),

  row('GET', '/os-hosts', listHosts, { ...whileHosts, query: listHostsQuery }),
  row('GET', '/os-hosts/{host}', showHost, { ...whileHosts, query: noQuery }),
  row('PUT', '/os-hosts/{host}', updateHost, { ...whileHosts, body: updateHostBody }),
  row('GET', '/os-hosts/{host}/startup', startupHost, { ...whileHosts, query: noQuery }),
  row('GET', '/os-hosts/{host}/shutdown', shutdownHost, { ...whileHosts, query: noQuery }),
  row('GET', '/os-hosts/{host}/reboot', rebootHost, { ...whileHosts, query: noQuery }),

  row('GET', '/os-aggregates', listAllAggregates, { query: noQuery }),
  row('POST', '/os-aggregates', createAggregate, { body: createAggregateBody }),
  row('GET', '/os-aggregates/{id}', showAggregate, { query: noQuery }),
  row('PUT', '/os-aggregates/{id}', updateAggregate, { body: updateAggregateBody }),
  row('DELETE', '/os-aggregates/{id}', removeAggregate, { query: noQuery }),
  row('POST', '/os-aggregates/{id}/action', actOnAggregate, { reads: 'json' }),

  row('GET', '/os-migrations', listAllMigrations, { query: listMigrationsQuery }),
  row('GET', '/servers/{server_id}/migrations', listServerMigrations, {
    ...sinceMigrations,
    query: noQuery,
  }),
  row('GET', '/servers/{server_id}/migrations/{id}', showServerMigration, {
    ...sinceMigrations,
    query: noQuery,
  }),

  row('GET', '/os-instance_usage_audit_log', listAuditLog, { query: noQuery }),
  row('GET', '/os-instance_usage_audit_log/{before}', showAuditLog, { query: noQuery }),
]
