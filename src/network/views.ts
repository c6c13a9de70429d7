// The shapes the network service answers with beside its resources: versions, the list of resources, refusals.

import type { ErrorRow } from '../model/errors/row.ts'
import { errors, type Fault, fault, isFault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { json, type Reply } from '../platform/http/types.ts'
import type { NetworkDeps } from './deps.ts'

/** The answer to `GET /network`. */
export const networkVersions = (origin: string) => ({
  versions: [
    {
      id: 'v2.0',
      status: 'CURRENT',
      links: [{ rel: 'self', href: `${origin}/network/v2.0/` }],
    },
  ],
})

const resources = {
  network: 'networks',
  subnet: 'subnets',
  subnetpool: 'subnetpools',
  port: 'ports',
  security_group: 'security-groups',
  security_group_rule: 'security-group-rules',
  router: 'routers',
  floatingip: 'floatingips',
  quota: 'quotas',
  agent: 'agents',
  availability_zone: 'availability_zones',
  network_ip_availability: 'network-ip-availabilities',
  service_provider: 'service-providers',
  extension: 'extensions',
} as const

export const showResources = (call: Call<NetworkDeps>): Reply =>
  json(200, {
    resources: Object.entries(resources).map(([name, collection]) => ({
      links: [{ href: `${call.request.origin}/network/v2.0/${collection}`, rel: 'self' }],
      name,
      collection,
    })),
  })

/** What Neutron can have and this service has not: first parts of paths. */
const absent = new Set([
  'address-groups',
  'address-scopes',
  'auto-allocated-topology',
  'bgp-peers',
  'bgp-speakers',
  'bgpvpn',
  'default-security-group-rules',
  'flavors',
  'fwaas',
  'lbaas',
  'local_ips',
  'log',
  'metering',
  'ndp_proxies',
  'network-segment-ranges',
  'network_segment_ranges',
  'port-forwardings',
  'qos',
  'rbac-policies',
  'segments',
  'service_profiles',
  'sfc',
  'taas',
  'trunks',
  'vpn',
])

/** … and what hangs below resources that are there. */
const absentParts = new Set([
  'add_external_gateways',
  'bindings',
  'conntrack_helpers',
  'dhcp-agents',
  'dhcp-networks',
  'l3-agents',
  'l3-routers',
  'ndp_proxies',
  'port_forwardings',
  'remove_external_gateways',
  'update_external_gateways',
])

/** The refusal for a path that Neutron knows and this service does not; undefined for any other. */
function notHere({ request: { method, path } }: Call<NetworkDeps>): Fault | undefined {
  const [first = '', , part = ''] = path.split('/').slice(3)
  if (absent.has(first)) return fault('NotImplementedHere', { what: first })
  if (absentParts.has(part)) return fault('NotImplementedHere', { what: `${part} of ${first}` })
  if (first === 'agents' && method !== 'GET')
    return fault('NotImplementedHere', { what: `${method} of agents` })
  return undefined
}

/** Neutron's fault body; 401 is the token check's in front of it (keystonemiddleware). */
export function renderNetworkFault(refusal: Fault, call: Call<NetworkDeps>): Reply {
  if (isFault(refusal, 'Unauthenticated'))
    return json(
      401,
      { error: { code: 401, title: 'Unauthorized', message: refusal.message } },
      { 'WWW-Authenticate': `Keystone uri="${call.request.origin}/identity"` },
    )
  const shown = isFault(refusal, 'RouteNotFound') ? (notHere(call) ?? refusal) : refusal
  return json(shown.status, {
    NeutronError: { type: typeOf(shown), message: messageOf(shown), detail: '' },
  })
}

const types: Readonly<Record<number, string>> = {
  400: 'HTTPBadRequest',
  403: 'PolicyNotAuthorized',
  404: 'HTTPNotFound',
  409: 'HTTPConflict',
  413: 'HTTPRequestEntityTooLarge',
  415: 'HTTPUnsupportedMediaType',
  500: 'HTTPInternalServerError',
  501: 'HTTPNotImplemented',
  503: 'HTTPServiceUnavailable',
}

const typeOf = ({ code, status }: Fault): string => {
  const row: ErrorRow = errors[code]
  return row.type ?? types[status] ?? 'HTTPClientError'
}

function messageOf(refusal: Fault): string {
  const { code, message } = refusal
  if (code === 'PolicyDenied') return `rule:${refusal.params.rule} is disallowed by policy`
  if (code === 'Unexpected') return 'Request Failed: internal server error while processing your request.'
  return message
}
