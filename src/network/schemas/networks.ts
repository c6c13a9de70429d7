// What may be said about a network (neutron_lib/api/definitions: network, external_net, provider_net, net_mtu …).
import { attribute, readOnly, type Values } from '../attributes.ts'
import { boolean, integer, oneOf, orNull, text } from '../parsers.ts'

export const networkTypes = ['local', 'flat', 'vlan', 'gre', 'vxlan', 'geneve'] as const
export type NetworkType = (typeof networkTypes)[number]

export const networkAttributes = {
  ...readOnly(
    'subnets',
    'availability_zone_hints',
    'availability_zones',
    'ipv4_address_scope',
    'ipv6_address_scope',
  ),
  name: attribute(text(255), { default: '' }),
  description: attribute(text(255), { default: '' }),
  admin_state_up: attribute(boolean, { default: true }),
  shared: attribute(boolean, {
    default: false,
    createRule: 'create_network:shared',
    updateRule: 'update_network:shared',
  }),
  'router:external': attribute(boolean, {
    default: false,
    createRule: 'create_network:router:external',
    updateRule: 'update_network:router:external',
  }),
  is_default: attribute(boolean, {
    default: false,
    createRule: 'create_network:is_default',
    updateRule: 'update_network:is_default',
  }),
  mtu: attribute(integer(68, 65_535), { default: undefined }),
  port_security_enabled: attribute(boolean, { default: true }),
  'provider:network_type': attribute(oneOf(...networkTypes), {
    default: undefined,
    put: false,
    createRule: 'create_network:provider:network_type',
  }),
  'provider:physical_network': attribute(orNull(text(64)), {
    default: undefined,
    put: false,
    createRule: 'create_network:provider:physical_network',
  }),
  'provider:segmentation_id': attribute(orNull(integer(1, 16_777_215)), {
    default: undefined,
    put: false,
    createRule: 'create_network:provider:segmentation_id',
  }),
} as const

export type NetworkValues = Values<typeof networkAttributes>
