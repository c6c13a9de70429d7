// What may be said about a subnet (neutron_lib/api/definitions/subnet.py).
import { attribute, readOnly, type Values } from '../attributes.ts'
import {
  boolean,
  cidr,
  dictOf,
  integer,
  ipAddress,
  listOf,
  oneOf,
  orNull,
  setOf,
  text,
  uuid,
} from '../parsers.ts'

/** Addresses from `start` to `end`, both included. */
export interface AllocationPool {
  readonly start: string
  readonly end: string
}

export interface HostRoute {
  readonly destination: string
  readonly nexthop: string
}

export const ipv6Modes = ['slaac', 'dhcpv6-stateful', 'dhcpv6-stateless'] as const

export const hostRoute = dictOf({
  destination: { parse: cidr, required: true },
  nexthop: { parse: ipAddress, required: true },
})

const pool = dictOf({
  start: { parse: ipAddress, required: true },
  end: { parse: ipAddress, required: true },
})

export const subnetAttributes = {
  ...readOnly('service_types', 'segment_id'),
  network_id: attribute(uuid, { put: false }),
  name: attribute(text(255), { default: '' }),
  description: attribute(text(255), { default: '' }),
  ip_version: attribute(oneOf(4, 6), { put: false }),
  cidr: attribute(orNull(cidr), { default: undefined, put: false }),
  prefixlen: attribute(integer(0, 128), { default: undefined, put: false }),
  subnetpool_id: attribute(orNull(text(255)), { default: null, put: false }),
  use_default_subnetpool: attribute(boolean, { default: false, put: false }),
  /** Not given: the first address of the prefix. Null: none. */
  gateway_ip: attribute(orNull(ipAddress), { default: undefined }),
  allocation_pools: attribute(listOf(pool), { default: undefined }),
  enable_dhcp: attribute(boolean, { default: true }),
  dns_nameservers: attribute(setOf(ipAddress, { itemsMax: 5 }), { default: [] }),
  host_routes: attribute(setOf(hostRoute, { itemsMax: 20 }), { default: [] }),
  ipv6_ra_mode: attribute(orNull(oneOf(...ipv6Modes)), { default: null, put: false }),
  ipv6_address_mode: attribute(orNull(oneOf(...ipv6Modes)), { default: null, put: false }),
} as const

export type SubnetValues = Values<typeof subnetAttributes>
