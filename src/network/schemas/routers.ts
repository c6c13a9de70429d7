// What may be said about routers and floating addresses (neutron_lib/api/definitions: l3, extraroute, l3_ext_gw_mode).
import { attribute, readOnly, type Values } from '../attributes.ts'
import { boolean, dictOf, ipAddress, listOf, orNull, setOf, text, uuid } from '../parsers.ts'
import { hostRoute } from './subnets.ts'

const fixedIps = listOf(dictOf({ subnet_id: { parse: uuid }, ip_address: { parse: ipAddress } }), {
  itemsMax: 5,
})

export const routes = setOf(hostRoute, { itemsMax: 30 })

const gateway = dictOf({
  network_id: { parse: uuid, required: true },
  enable_snat: { parse: boolean },
  external_fixed_ips: { parse: fixedIps },
})

/** `{}` is how clients without null take the gateway away. */
const gatewayInfo = (value: unknown) =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0) ? null : gateway(value)

export const routerAttributes = {
  ...readOnly('availability_zones', 'availability_zone_hints', 'flavor_id'),
  name: attribute(text(255), { default: '' }),
  description: attribute(text(255), { default: '' }),
  admin_state_up: attribute(boolean, { default: true }),
  external_gateway_info: attribute(gatewayInfo, { default: null }),
  routes: attribute(routes, { default: [] }),
  distributed: attribute(orNull(boolean), {
    default: null,
    createRule: 'create_router:distributed',
    put: false,
  }),
  ha: attribute(orNull(boolean), { default: null, createRule: 'create_router:ha', put: false }),
} as const

export type RouterValues = Values<typeof routerAttributes>
export type GatewayInfo = ReturnType<typeof gateway>

export const interfaceBody = dictOf({ subnet_id: { parse: uuid }, port_id: { parse: uuid } })

export const floatingIpAttributes = {
  ...readOnly('router_id', 'port_details', 'port_forwardings'),
  description: attribute(text(255), { default: '' }),
  floating_network_id: attribute(uuid, { put: false }),
  floating_ip_address: attribute(orNull(ipAddress), {
    default: undefined,
    put: false,
    createRule: 'create_floatingip:floating_ip_address',
  }),
  subnet_id: attribute(orNull(uuid), { default: undefined, put: false }),
  port_id: attribute(orNull(uuid), { default: undefined }),
  fixed_ip_address: attribute(orNull(ipAddress), { default: undefined }),
} as const

export type FloatingIpValues = Values<typeof floatingIpAttributes>
