// What may be said about a subnet pool (neutron_lib/api/definitions/subnetpool.py).
import { attribute, readOnly, type Values } from '../attributes.ts'
import { boolean, cidr, integer, orNull, refuse, setOf, text } from '../parsers.ts'

const name = (value: unknown): string => {
  const given = text(255)(value)
  return given.trim() === '' ? refuse(`'${given}' Blank strings are not permitted`) : given
}
const length = integer(0, 128)
/** Names of address scopes: there are none, so only null can be said. */
const noScope = (value: unknown): null =>
  value === null ? null : refuse(`'${String(value)}' is no address scope`)

export const subnetPoolAttributes = {
  ...readOnly('ip_version'),
  name: attribute(name, {}),
  description: attribute(text(255), { default: '' }),
  prefixes: attribute(setOf(cidr, { itemsMax: 1000 }), {}),
  default_prefixlen: attribute(length, { default: undefined }),
  min_prefixlen: attribute(length, { default: undefined }),
  max_prefixlen: attribute(length, { default: undefined }),
  default_quota: attribute(orNull(integer(0, Number.MAX_SAFE_INTEGER)), { default: null }),
  shared: attribute(boolean, { default: false, put: false, createRule: 'create_subnetpool:shared' }),
  is_default: attribute(boolean, {
    default: false,
    createRule: 'create_subnetpool:is_default',
    updateRule: 'update_subnetpool:is_default',
  }),
  address_scope_id: attribute(noScope, { default: null }),
} as const

export type SubnetPoolValues = Values<typeof subnetPoolAttributes>
