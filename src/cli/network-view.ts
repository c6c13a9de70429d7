// Network resources as rows of Field and Value.
import { asItem, asItems, type Item, textOf, textsOf, without } from './item.ts'
import { type Cell, dict, dicts, formatted, list, upDown } from './output/cells.ts'

/** Keys whose human face is not the plain value, over all network resources. */
const faces: Readonly<Record<string, (value: unknown) => Cell>> = {
  admin_state_up: upDown,
  'router:external': value => formatted(value ? 'External' : 'Internal', value),
  subnets: value => list(textsOf(value)),
  availability_zones: value => list(textsOf(value)),
  availability_zone_hints: value => list(textsOf(value)),
  tags: value => list(textsOf(value)),
  security_groups: value => list(textsOf(value)),
  dns_nameservers: value => list(textsOf(value)),
  service_types: value => list(textsOf(value)),
  allocation_pools: value =>
    formatted(
      asItems(value)
        .map(pool => `${textOf(pool, 'start')}-${textOf(pool, 'end')}`)
        .join(','),
      value,
    ),
  host_routes: value => dicts(asItems(value)),
  routes: value => dicts(asItems(value)),
  fixed_ips: value => dicts(asItems(value)),
  allowed_address_pairs: value => dicts(asItems(value)),
  extra_dhcp_opts: value => dicts(asItems(value)),
  dns_assignment: value => dicts(asItems(value)),
  'binding:profile': value => dict(asItem(value)),
  'binding:vif_details': value => dict(asItem(value)),
  security_group_rules: value => dicts(asItems(value).map(shortRule)),
  external_gateway_info: value => formatted(value == null ? '' : pythonJson(value), value),
  interfaces_info: value => formatted(pythonJson(value), value),
}

// A rule among others of its group: what is not set says nothing, and whose it is is known.
const shortRule = (rule: Item): Item =>
  Object.fromEntries(
    Object.entries(without(rule, 'tenant_id', 'project_id', 'security_group_id')).filter(
      ([, value]) => value != null && value !== '' && !(Array.isArray(value) && value.length === 0),
    ),
  )

/** JSON with a space after each comma and colon, as Python writes it. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${pythonJson(inner)}`)
    .join(', ')}}`
}

/** The value with its human face. */
export const face = (key: string, value: unknown): Cell => (faces[key] ? faces[key](value) : value)

/** A column's value by key, with its human face. */
export const faced =
  (key: string) =>
  (item: Item): Cell =>
    face(key, item[key])

// The openstack client's own names for what the service calls otherwise.
const renamed: Readonly<Record<string, string>> = {
  'binding:host_id': 'binding_host_id',
  'binding:profile': 'binding_profile',
  'binding:vif_details': 'binding_vif_details',
  'binding:vif_type': 'binding_vif_type',
  'binding:vnic_type': 'binding_vnic_type',
  security_groups: 'security_group_ids',
  security_group_rules: 'rules',
}

// Rows the openstack client always shows, None where the service does not send them.
const always = {
  network: (
    'dns_domain is_default is_vlan_transparent provider:network_type provider:physical_network ' +
    'provider:segmentation_id qos_policy_id segments'
  ).split(' '),
  subnet: ['dns_publish_fixed_ip', 'segment_id'],
  port: (
    'binding_host_id binding_profile binding_vif_details binding_vif_type data_plane_status device_profile ' +
    'dns_assignment dns_domain dns_name ip_allocation numa_affinity_policy propagate_uplink_status ' +
    'qos_network_policy_id qos_policy_id resource_request trunk_details'
  ).split(' '),
  router: ['enable_ndp_proxy'],
  other: [],
} as const satisfies Record<string, readonly string[]>

/** All of a network resource; `tenant_id` repeats `project_id` and is left out. */
export function networkFields(
  item: Item,
  kind: keyof typeof always = 'other',
): Readonly<Record<string, Cell>> {
  const missing = Object.fromEntries(always[kind].map(key => [key, null]))
  const sent = Object.entries({ project_id: item.tenant_id, ...without(item, 'tenant_id') }).map(
    ([key, value]) => [renamed[key] ?? key, face(key, value)],
  )
  return { ...missing, ...Object.fromEntries(sent) }
}

/** Without what is undefined: a body holds only what was given. */
export const defined = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
