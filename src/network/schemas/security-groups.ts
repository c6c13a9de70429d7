// What may be said about security groups and their rules (neutron/extensions/securitygroup.py).
import { attribute, readOnly, type Values } from '../attributes.ts'
import { addressOrCidr, boolean, integer, oneOf, orNull, refuse, text, uuid } from '../parsers.ts'

export const securityGroupAttributes = {
  ...readOnly('security_group_rules', 'shared'),
  name: attribute(text(255), { default: '' }),
  description: attribute(text(255), { default: '' }),
  stateful: attribute(boolean, { default: true }),
} as const

export type SecurityGroupValues = Values<typeof securityGroupAttributes>

/** A protocol by name or number, as text in lower case; `any` is null. */
const protocol = (value: unknown): string | null => {
  if (value === null || value === '') return null
  if (typeof value === 'number' && Number.isInteger(value)) return String(value)
  if (typeof value !== 'string' || value.includes('\0')) refuse(`'${String(value)}' is not a valid protocol`)
  return value.toLowerCase() === 'any' ? null : value.toLowerCase()
}

export const securityGroupRuleAttributes = {
  ...readOnly('normalized_cidr', 'belongs_to_default_sg'),
  security_group_id: attribute(uuid, { put: false }),
  direction: attribute(oneOf('ingress', 'egress'), { put: false }),
  ethertype: attribute(
    (value: unknown) =>
      oneOf('IPv4', 'IPv6')(typeof value === 'string' ? value.replace(/^ipv/i, 'IPv') : value),
    { default: 'IPv4', put: false },
  ),
  protocol: attribute(protocol, { default: null, put: false }),
  port_range_min: attribute(orNull(integer(-1, 65_535)), { default: null, put: false }),
  port_range_max: attribute(orNull(integer(-1, 65_535)), { default: null, put: false }),
  remote_ip_prefix: attribute(orNull(addressOrCidr), { default: null, put: false }),
  remote_group_id: attribute(orNull(uuid), { default: null, put: false }),
  description: attribute(text(255), { default: '' }),
} as const

export type SecurityGroupRuleValues = Values<typeof securityGroupRuleAttributes>
