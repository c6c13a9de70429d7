// Rows of the compute API: the cloud's own machinery, for administrators.
import { since } from '../../model/microversions.ts'
import { type Route, row } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { cacheImages } from './aggregate-images.ts'
import {
  actOnAggregate,
  createAggregate,
  listAllAggregates,
  removeAggregate,
  showAggregate,
  updateAggregate,
} from './aggregates.ts'
import { createExternalEvents } from './external-events.ts'
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
import { externalEventsBody } from './schemas/external-events.ts'
import { listHostsQuery, listMigrationsQuery } from './schemas/lists.ts'
import {
  cacheImagesBody,
  createAggregateBody,
  listHypervisorsQuery,
  listServicesQuery,
  showHypervisorQuery,
  updateAggregateBody,
  updateServiceBody,
} from './schemas/machinery.ts'
import { abortServerMigration, actOnServerMigration } from './server-migrations.ts'
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
  row('DELETE', '/os-services/{id}', removeService),

  row('GET', '/os-hypervisors', listHypervisorNames, { query: listHypervisorsQuery }),
  row('GET', '/os-hypervisors/detail', listHypervisorDetails, { query: listHypervisorsQuery }),
  row('GET', '/os-hypervisors/statistics', showStatistics, { ...untilSlim }),
  row('GET', '/os-hypervisors/{id}', showHypervisor, { query: showHypervisorQuery }),
  row('GET', '/os-hypervisors/{id}/uptime', showUptime, { ...untilSlim }),
  row('GET', '/os-hypervisors/{id}/search', searchHypervisors, { ...untilUuids }),
  row('GET', '/os-hypervisors/{id}/servers', listHypervisorServers, { ...untilUuids }),

  row('GET', '/os-hosts', listHosts, { ...whileHosts, query: listHostsQuery }),
  row('GET', '/os-hosts/{host}', showHost, { ...whileHosts }),
  row('PUT', '/os-hosts/{host}', updateHost, { ...whileHosts, body: updateHostBody }),
  row('GET', '/os-hosts/{host}/startup', startupHost, { ...whileHosts }),
  row('GET', '/os-hosts/{host}/shutdown', shutdownHost, { ...whileHosts }),
  row('GET', '/os-hosts/{host}/reboot', rebootHost, { ...whileHosts }),

  row('GET', '/os-aggregates', listAllAggregates),
  row('POST', '/os-aggregates', createAggregate, { body: createAggregateBody }),
  row('GET', '/os-aggregates/{id}', showAggregate),
  row('PUT', '/os-aggregates/{id}', updateAggregate, { body: updateAggregateBody }),
  row('DELETE', '/os-aggregates/{id}', removeAggregate),
  row('POST', '/os-aggregates/{id}/action', actOnAggregate, { reads: 'json' }),
  row('POST', '/os-aggregates/{id}/images', cacheImages, {
    body: cacheImagesBody,
    since: since('aggregateImageCache'),
  }),

  row('POST', '/os-server-external-events', createExternalEvents, { body: externalEventsBody }),

  row('GET', '/os-migrations', listAllMigrations, { query: listMigrationsQuery }),
  row('GET', '/servers/{server_id}/migrations', listServerMigrations, {
    ...sinceMigrations,
  }),
  row('GET', '/servers/{server_id}/migrations/{id}', showServerMigration, {
    ...sinceMigrations,
  }),

  row('DELETE', '/servers/{server_id}/migrations/{id}', abortServerMigration, {
    since: since('abortLiveMigration'),
  }),
  row('POST', '/servers/{server_id}/migrations/{id}/action', actOnServerMigration, {
    since: since('forceCompleteLiveMigration'),
    reads: 'json',
  }),

  row('GET', '/os-instance_usage_audit_log', listAuditLog),
  row('GET', '/os-instance_usage_audit_log/{before}', showAuditLog),
]
