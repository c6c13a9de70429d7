// Nova's APIs that were taken away at every microversion: 410 for whoever still calls them
// (facts: api-surface.md §2, "Removed at every microversion").
import { fault } from '../../model/errors.ts'
import { type Route, row } from '../../platform/http/service.ts'
import type { Method, Reply } from '../../platform/http/types.ts'
import type { ComputeDeps } from '../deps.ts'

const gone = (): Reply => {
  throw fault('Gone')
}

const removed: readonly (readonly [path: string, ...methods: Method[]])[] = [
  ['/os-agents', 'GET', 'POST'],
  ['/os-agents/{id}', 'PUT', 'DELETE'],
  ['/os-cells', 'GET', 'POST'],
  ['/os-cells/capacities', 'GET'],
  ['/os-cells/detail', 'GET'],
  ['/os-cells/info', 'GET'],
  ['/os-cells/sync_instances', 'POST'],
  ['/os-cells/{id}', 'GET', 'PUT', 'DELETE'],
  ['/os-cells/{id}/capacities', 'GET'],
  ['/os-certificates', 'POST'],
  ['/os-certificates/{id}', 'GET'],
  ['/os-cloudpipe', 'GET', 'POST'],
  ['/os-cloudpipe/{id}', 'PUT'],
  ['/os-fixed-ips/{ip}', 'GET'],
  ['/os-fixed-ips/{ip}/action', 'POST'],
  ['/os-floating-ip-dns', 'GET'],
  ['/os-floating-ip-dns/{domain}', 'PUT', 'DELETE'],
  ['/os-floating-ip-dns/{domain}/entries/{entry}', 'GET', 'PUT', 'DELETE'],
  ['/os-floating-ips-bulk', 'GET', 'POST'],
  ['/os-floating-ips-bulk/{id}', 'GET', 'PUT'],
  ['/os-fping', 'GET'],
  ['/os-fping/{id}', 'GET'],
  ['/os-networks', 'POST'],
  ['/os-networks/add', 'POST'],
  ['/os-networks/{id}', 'DELETE'],
  ['/os-networks/{id}/action', 'POST'],
  ['/os-security-group-default-rules', 'GET', 'POST'],
  ['/os-security-group-default-rules/{id}', 'GET', 'DELETE'],
  ['/os-tenant-networks', 'POST'],
  ['/os-tenant-networks/{id}', 'DELETE'],
  ['/servers/{server_id}/consoles', 'GET', 'POST'],
  ['/servers/{server_id}/consoles/{id}', 'GET', 'DELETE'],
  ['/servers/{server_id}/os-virtual-interfaces', 'GET'],
]

export const removedRoutes: readonly Route<ComputeDeps>[] = removed.flatMap(([path, ...methods]) =>
  methods.map(method => row<ComputeDeps>(method, path, gone, { reads: 'nothing' })),
)
