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
  security_group_rules: value => dicts(asItems(value).map(rule => without(rule, 'tenant_id', 'tags'))),
  external_gateway_info: value => formatted(value == null ? '' : JSON.stringify(value), value),
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

/** All of a network resource; `tenant_id` repeats `project_id` and is left out. */
export function networkFields(item: Item): Readonly<Record<string, Cell>> {
  return Object.fromEntries(
    Object.entries({ project_id: item.tenant_id, ...without(item, 'tenant_id') }).map(([key, value]) => [
      renamed[key] ?? key,
      face(key, value),
    ]),
  )
}

/** Without what is undefined: a body holds only what was given. */
export const defined = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
