// What may be said about a port (neutron_lib/api/definitions: port, portbindings, port_security, allowedaddresspairs …).
import { attribute, readOnly, type Values } from '../attributes.ts'
import {
  addressOrCidr,
  boolean,
  dictOf,
  ipAddress,
  jsonObject,
  listOf,
  macAddress,
  oneOf,
  orNull,
  setOf,
  text,
  uuid,
} from '../parsers.ts'

/** An address as asked for: a subnet, an address, or both. */
export interface FixedIpRequest {
  readonly subnet_id?: string
  readonly ip_address?: string
}

export interface FixedIp {
  readonly subnet_id: string
  readonly ip_address: string
}

export interface AddressPair {
  readonly ip_address: string
  readonly mac_address: string
}

export interface DhcpOption {
  readonly opt_name: string
  readonly opt_value: string
  readonly ip_version: number
}

export const vnicTypes = [
  'normal',
  'direct',
  'macvtap',
  'baremetal',
  'direct-physical',
  'virtio-forwarder',
  'smart-nic',
  'vdpa',
  'accelerator-direct',
  'accelerator-direct-physical',
  'remote-managed',
] as const

const fixedIps = listOf(dictOf({ subnet_id: { parse: uuid }, ip_address: { parse: ipAddress } }))
const addressPairs = setOf(
  dictOf({ ip_address: { parse: addressOrCidr }, mac_address: { parse: macAddress } }),
  { itemsMax: 100 },
)
const dhcpOptions = listOf(
  dictOf({
    opt_name: { parse: text(64), required: true },
    /** Null removes the option on update. */
    opt_value: { parse: orNull(text(255)), required: true },
    ip_version: { parse: oneOf(4, 6) },
  }),
  { itemsMax: 100 },
)
const emptyObject: Readonly<Record<string, unknown>> = {}

export const portAttributes = {
  ...readOnly('binding:vif_type', 'binding:vif_details'),
  network_id: attribute(uuid, { put: false }),
  name: attribute(text(255), { default: '' }),
  description: attribute(text(255), { default: '' }),
  admin_state_up: attribute(boolean, { default: true }),
  mac_address: attribute(macAddress, {
    default: undefined,
    createRule: 'create_port:mac_address',
    updateRule: 'update_port:mac_address',
  }),
  fixed_ips: attribute(fixedIps, { default: undefined }),
  device_id: attribute(text(255), { default: '' }),
  device_owner: attribute(text(255), { default: '' }),
  security_groups: attribute(orNull(setOf(uuid, { itemsMax: 100 })), { default: undefined }),
  port_security_enabled: attribute(boolean, {
    default: undefined,
    createRule: 'create_port:port_security_enabled',
    updateRule: 'update_port:port_security_enabled',
  }),
  allowed_address_pairs: attribute(addressPairs, {
    default: [],
    createRule: 'create_port:allowed_address_pairs',
    updateRule: 'update_port:allowed_address_pairs',
  }),
  extra_dhcp_opts: attribute(orNull(dhcpOptions), { default: [] }),
  'binding:host_id': attribute(orNull(text(255)), {
    default: '',
    createRule: 'create_port:binding:host_id',
    updateRule: 'update_port:binding:host_id',
  }),
  'binding:vnic_type': attribute(oneOf(...vnicTypes), { default: 'normal' }),
  'binding:profile': attribute(orNull(jsonObject(4095)), {
    default: emptyObject,
    createRule: 'create_port:binding:profile',
    updateRule: 'update_port:binding:profile',
  }),
} as const

export type PortValues = Values<typeof portAttributes>
