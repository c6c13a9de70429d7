// Every route of the network service, a row each.
import type { Call } from '../platform/http/call.ts'
import { type Handler, type Route, row } from '../platform/http/service.ts'
import { listAgents, listZones, showAgent } from './agents.ts'
import type { NetworkDeps } from './deps.ts'
import { listExtensions, listServiceProviders, showExtension } from './extensions.ts'
import { createFloatingIps, deleteFloatingIp, floatingIps, updateFloatingIp } from './floating-ips.ts'
import { listIpAvailabilities, showIpAvailability } from './ip-availability.ts'
import { reading } from './listing.ts'
import { createNetworks, deleteNetwork, networks, updateNetwork } from './networks.ts'
import { createPorts, deletePort, ports } from './ports.ts'
import {
  deleteQuota,
  listQuotas,
  showDefaultQuota,
  showQuota,
  showQuotaDetails,
  showQuotaProject,
  updateQuota,
} from './quotas.ts'
import type { Resource } from './resource.ts'
import { addRouterInterface, removeRouterInterface } from './router-interfaces.ts'
import { changeRoutes, createRouters, deleteRouter, routers, updateRouter } from './routers.ts'
import {
  createSecurityGroupRules,
  deleteSecurityGroupRule,
  securityGroupRules,
  updateSecurityGroupRule,
} from './security-group-rules.ts'
import {
  createSecurityGroups,
  deleteSecurityGroup,
  listSecurityGroups,
  securityGroups,
  updateSecurityGroup,
} from './security-groups.ts'
import { createSubnets, deleteSubnet, subnets, updateSubnet } from './subnets.ts'
import { tagging } from './tags.ts'
import { updatePort } from './update-port.ts'
import { showResources } from './views.ts'

type Row = Route<NetworkDeps>
type Reading = { list: Handler<NetworkDeps>; show: Handler<NetworkDeps> }

/** The five routes every resource has. */
const resource = (
  path: string,
  { list, show }: Reading,
  write: Readonly<Record<'create' | 'update' | 'remove', Handler<NetworkDeps>>>,
): readonly Row[] => [
  row('GET', path, list),
  row('POST', path, write.create),
  row('GET', `${path}/{id}`, show),
  row('PUT', `${path}/{id}`, write.update),
  row('DELETE', `${path}/{id}`, write.remove),
]

const tags = <R extends { id: string; project_id: string }>(
  path: string,
  of: Resource<R>,
): readonly Row[] => {
  const { list, replace, clear, show, add, remove } = tagging(of)
  return [
    row('GET', `${path}/{id}/tags`, list),
    row('PUT', `${path}/{id}/tags`, replace),
    row('DELETE', `${path}/{id}/tags`, clear),
    row('GET', `${path}/{id}/tags/{tag}`, show),
    row('PUT', `${path}/{id}/tags/{tag}`, add),
    row('DELETE', `${path}/{id}/tags/{tag}`, remove),
  ]
}

export const networkRoutes: readonly Row[] = [
  row('GET', '/', (call: Call<NetworkDeps>) => showResources(call), { auth: 'open' }),
  ...resource('/networks', reading(networks), {
    create: createNetworks,
    update: updateNetwork,
    remove: deleteNetwork,
  }),
  ...tags('/networks', networks),
  ...resource('/subnets', reading(subnets), {
    create: createSubnets,
    update: updateSubnet,
    remove: deleteSubnet,
  }),
  ...tags('/subnets', subnets),
  ...resource('/ports', reading(ports), { create: createPorts, update: updatePort, remove: deletePort }),
  ...tags('/ports', ports),
  ...resource(
    '/security-groups',
    { ...reading(securityGroups), list: listSecurityGroups },
    { create: createSecurityGroups, update: updateSecurityGroup, remove: deleteSecurityGroup },
  ),
  ...tags('/security-groups', securityGroups),
  ...resource('/security-group-rules', reading(securityGroupRules), {
    create: createSecurityGroupRules,
    update: updateSecurityGroupRule,
    remove: deleteSecurityGroupRule,
  }),
  ...resource('/routers', reading(routers), {
    create: createRouters,
    update: updateRouter,
    remove: deleteRouter,
  }),
  ...tags('/routers', routers),
  row('PUT', '/routers/{id}/add_router_interface', addRouterInterface),
  row('PUT', '/routers/{id}/remove_router_interface', removeRouterInterface),
  row('PUT', '/routers/{id}/add_extraroutes', changeRoutes('add')),
  row('PUT', '/routers/{id}/remove_extraroutes', changeRoutes('remove')),
  ...resource('/floatingips', reading(floatingIps), {
    create: createFloatingIps,
    update: updateFloatingIp,
    remove: deleteFloatingIp,
  }),
  ...tags('/floatingips', floatingIps),
  row('GET', '/quotas', listQuotas),
  row('GET', '/quotas/tenant', showQuotaProject('tenant')),
  row('GET', '/quotas/project', showQuotaProject('project')),
  row('GET', '/quotas/{project}', showQuota),
  row('GET', '/quotas/{project}/default', showDefaultQuota),
  row('GET', '/quotas/{project}/details', showQuotaDetails),
  // Neutron takes the form's name at the end of every path; here is where clients (tempest's) still write it.
  row('GET', '/quotas/{project}/details.json', showQuotaDetails),
  row('PUT', '/quotas/{project}', updateQuota),
  row('DELETE', '/quotas/{project}', deleteQuota),
  row('GET', '/agents', listAgents),
  row('GET', '/agents/{id}', showAgent),
  row('GET', '/availability_zones', listZones),
  row('GET', '/network-ip-availabilities', listIpAvailabilities),
  row('GET', '/network-ip-availabilities/{id}', showIpAvailability),
  row('GET', '/service-providers', listServiceProviders),
  row('GET', '/extensions', listExtensions),
  row('GET', '/extensions/{alias}', showExtension),
]
