// What may be said about security groups and their rules (neutron/extensions/securitygroup.py).
import { pythonStr } from '../../base/python.ts'
import { fault } from '../../model/errors.ts'
import { attribute, readOnly, type Values } from '../attributes.ts'
import { addressInCidr, boolean, oneOf, orNull, refuse, text } from '../parsers.ts'

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

/** A port or an ICMP number; what is none is not "Invalid input for NAME" but a refusal of its own. */
const port = (value: unknown): number => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= -1 && number <= 65_535)
    return number
  throw fault('NetworkSecurityGroupRulePortValue', { port: pythonStr(value) })
}

export const securityGroupRuleAttributes = {
  ...readOnly('normalized_cidr', 'belongs_to_default_sg'),
  // Groups are looked up as they are named: what is no id is a group that is not there.
  security_group_id: attribute(text(255), { put: false }),
  direction: attribute(oneOf('ingress', 'egress'), { put: false }),
  ethertype: attribute(
    (value: unknown) =>
      oneOf('IPv4', 'IPv6')(typeof value === 'string' ? value.replace(/^ipv/i, 'IPv') : value),
    { default: 'IPv4', put: false },
  ),
  protocol: attribute(protocol, { default: null, put: false }),
  port_range_min: attribute(orNull(port), { default: null, put: false }),
  port_range_max: attribute(orNull(port), { default: null, put: false }),
  remote_ip_prefix: attribute(orNull(addressInCidr), { default: null, put: false }),
  remote_group_id: attribute(orNull(text(255)), { default: null, put: false }),
  description: attribute(text(255), { default: '' }),
} as const

export type SecurityGroupRuleValues = Values<typeof securityGroupRuleAttributes>
