// Rows of the compute API: what users and projects have beside servers, and what became of their requests.
import { type Route, row } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { listZoneDetails, listZones } from './availability-zones.ts'
import { listServerActions, showServerAction } from './instance-actions.ts'
import { createKeypair, listUserKeypairs, removeKeypair, showKeypair } from './keypairs.ts'
import { showLimits } from './limits.ts'
import { showQuotaClass, updateQuotaClass } from './quota-class-sets.ts'
import {
  deleteQuotaSet,
  showQuotaDefaults,
  showQuotaDetail,
  showQuotaSet,
  updateQuotaSet,
} from './quota-sets.ts'
import { createKeypairBody, keypairQuery, listKeypairsQuery } from './schemas/keypairs.ts'
import { listActionsQuery, listServerGroupsQuery, listUsageQuery, showUsageQuery } from './schemas/lists.ts'
import { limitsQuery, quotaSetQuery, updateQuotaClassBody, updateQuotaSetBody } from './schemas/quotas.ts'
import { createServerGroupBody } from './schemas/server-groups.ts'
import { createGroup, listGroups, removeGroup, showGroup } from './server-groups.ts'
import { listUsages, showUsage } from './usage.ts'

export const projectRoutes: readonly Route<ComputeDeps>[] = [
  row('GET', '/os-keypairs', listUserKeypairs, { query: listKeypairsQuery }),
  row('POST', '/os-keypairs', createKeypair, { body: createKeypairBody }),
  row('GET', '/os-keypairs/{name}', showKeypair, { query: keypairQuery }),
  row('DELETE', '/os-keypairs/{name}', removeKeypair, { query: keypairQuery }),

  row('GET', '/os-availability-zone', listZones),
  row('GET', '/os-availability-zone/detail', listZoneDetails),

  row('GET', '/limits', showLimits, { query: limitsQuery }),
  row('GET', '/os-quota-sets/{id}', showQuotaSet, { query: quotaSetQuery }),
  row('PUT', '/os-quota-sets/{id}', updateQuotaSet, { body: updateQuotaSetBody, query: quotaSetQuery }),
  row('DELETE', '/os-quota-sets/{id}', deleteQuotaSet, { query: quotaSetQuery }),
  row('GET', '/os-quota-sets/{id}/detail', showQuotaDetail, { query: quotaSetQuery }),
  row('GET', '/os-quota-sets/{id}/defaults', showQuotaDefaults),
  row('GET', '/os-quota-class-sets/{id}', showQuotaClass),
  row('PUT', '/os-quota-class-sets/{id}', updateQuotaClass, { body: updateQuotaClassBody }),
  row('GET', '/os-simple-tenant-usage', listUsages, { query: listUsageQuery }),
  row('GET', '/os-simple-tenant-usage/{id}', showUsage, { query: showUsageQuery }),

  row('GET', '/os-server-groups', listGroups, { query: listServerGroupsQuery }),
  row('POST', '/os-server-groups', createGroup, { body: createServerGroupBody }),
  row('GET', '/os-server-groups/{id}', showGroup),
  row('DELETE', '/os-server-groups/{id}', removeGroup),

  row('GET', '/servers/{server_id}/os-instance-actions', listServerActions, { query: listActionsQuery }),
  row('GET', '/servers/{server_id}/os-instance-actions/{id}', showServerAction),
]
