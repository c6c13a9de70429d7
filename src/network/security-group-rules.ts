// Rules of security groups: create, delete, and what makes one invalid (neutron/db/securitygroups_db.py).
import { type Kysely, type SqlBool, sql } from 'kysely'
import { newUuid } from '../base/ids.ts'
import { pythonRepr } from '../base/python.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, find } from './access.ts'
import { parseCidr } from './addresses.ts'
import { bodyItem, bodyItems, readCreate, readUpdate } from './attributes.ts'
import { fingerprint } from './default-group.ts'
import type { NetworkDeps } from './deps.ts'
import { numberColumn, type Resource, standardAttributes, textColumn } from './resource.ts'
import { ruleView } from './rule-view.ts'
import { type SecurityGroupRuleValues, securityGroupRuleAttributes } from './schemas/security-groups.ts'
import { securityGroups } from './security-groups.ts'
import { type Change, change, standardColumns } from './store.ts'
import type { NetworkTables, SecurityGroupRulesTable, SecurityGroupsTable } from './tables.ts'
import { touch } from './tags.ts'
import { release, reserve } from './usage.ts'

export const securityGroupRules: Resource<SecurityGroupRulesTable> = {
  member: 'security_group_rule',
  collection: 'security_group_rules',
  table: 'security_group_rules',
  notFound: 'NetworkSecurityGroupRuleNotFound',
  columns: {
    ...standardAttributes,
    security_group_id: textColumn('security_group_id'),
    direction: textColumn('direction'),
    ethertype: textColumn('ethertype'),
    protocol: { column: 'protocol', kind: 'lower' },
    port_range_min: numberColumn('port_range_min'),
    port_range_max: numberColumn('port_range_max'),
    remote_ip_prefix: textColumn('remote_ip_prefix'),
    remote_group_id: textColumn('remote_group_id'),
  },
  // Address groups are not there: no rule names one.
  filters: { remote_address_group_id: () => sql<SqlBool>`1 = 0` },
  visible: project =>
    sql<SqlBool>`(project_id = ${project} or security_group_id in (select id from security_groups where project_id = ${project}))`,
  views: async (_db: Kysely<NetworkTables>, rows) => rows.map(ruleView),
}

export async function createSecurityGroupRules(call: Call<NetworkDeps>): Promise<Reply> {
  const { items, bulk } = bodyItems(call.body, securityGroupRules.member, securityGroupRules.collection)
  const wanted = items.map(item => readCreate(securityGroupRuleAttributes, item, call.auth))
  const rows = await change(call.deps, call.log, async changing => {
    const made: SecurityGroupRulesTable[] = []
    for (const { values, projectId, rules } of wanted) {
      const group = await find(changing.tx, securityGroups, values.security_group_id, call.auth)
      authorise(call, 'create_security_group_rule', group.project_id, rules)
      if (values.remote_group_id !== null)
        await find(changing.tx, securityGroups, values.remote_group_id, call.auth)
      made.push(await insertRule(changing, projectId, group, values))
    }
    return made
  })
  const views = rows.map(ruleView)
  return json(201, bulk ? { security_group_rules: views } : { security_group_rule: views[0] })
}

async function insertRule(
  change: Change,
  projectId: string,
  group: SecurityGroupsTable,
  values: SecurityGroupRuleValues,
): Promise<SecurityGroupRulesTable> {
  const facts = checkRule(values)
  await reserve(change, projectId, 'security_group_rule')
  const row: SecurityGroupRulesTable = {
    id: newUuid(),
    ...standardColumns(change, projectId, values.description),
    security_group_id: group.id,
    ...facts,
    fingerprint: fingerprint(facts),
  }
  const { numInsertedOrUpdatedRows } = await change.tx
    .insertInto('security_group_rules')
    .values(row)
    .onConflict(conflict => conflict.columns(['security_group_id', 'fingerprint']).doNothing())
    .executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) {
    const same = await change.tx
      .selectFrom('security_group_rules')
      .select('id')
      .where('security_group_id', '=', group.id)
      .where('fingerprint', '=', row.fingerprint)
      .executeTakeFirst()
    throw fault('NetworkSecurityGroupRuleExists', { id: same?.id })
  }
  await touch(change, securityGroups, group.id)
  return row
}

/** Only the description of a rule can be changed. */
export async function updateSecurityGroupRule(call: Call<NetworkDeps>): Promise<Reply> {
  const db = tables<NetworkTables>(call.deps.store)
  const before = await find(db, securityGroupRules, call.params.id!, call.auth)
  const { values } = readUpdate(securityGroupRuleAttributes, bodyItem(call.body, securityGroupRules.member))
  authorise(call, 'create_security_group_rule', before.project_id)
  const row = await change(call.deps, call.log, ({ tx, now }) =>
    tx
      .updateTable('security_group_rules')
      .set(eb => ({
        description: values.description,
        updated_at: now,
        revision_number: eb('revision_number', '+', 1),
      }))
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirst(),
  )
  if (!row) throw fault('NetworkSecurityGroupRuleNotFound', { id: before.id })
  return json(200, { security_group_rule: ruleView(row) })
}

export async function deleteSecurityGroupRule(call: Call<NetworkDeps>): Promise<Reply> {
  const db = tables<NetworkTables>(call.deps.store)
  const row = await find(db, securityGroupRules, call.params.id!, call.auth)
  const group = await find(db, securityGroups, row.security_group_id, call.auth)
  authorise(call, 'delete_security_group_rule', group.project_id)
  await change(call.deps, call.log, async changing => {
    await release(changing, row.project_id, 'security_group_rule')
    const { numDeletedRows } = await changing.tx
      .deleteFrom('security_group_rules')
      .where('id', '=', row.id)
      .executeTakeFirst()
    if (numDeletedRows === 0n) throw fault('NetworkSecurityGroupRuleNotFound', { id: row.id })
    await touch(changing, securityGroups, row.security_group_id)
  })
  return empty(204)
}

/** IP protocol numbers by the names Neutron knows (neutron_lib/constants.py). */
const protocols: Readonly<Record<string, number>> = {
  ah: 51,
  dccp: 33,
  egp: 8,
  esp: 50,
  gre: 47,
  icmp: 1,
  icmpv6: 58,
  igmp: 2,
  ipip: 4,
  'ipv6-encap': 41,
  'ipv6-frag': 44,
  'ipv6-icmp': 58,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  'ipv6-route': 43,
  ospf: 89,
  pgm: 113,
  rsvp: 46,
  sctp: 132,
  tcp: 6,
  udp: 17,
  udplite: 136,
  vrrp: 112,
}
const portProtocols = [6, 17, 33, 132, 136]
const ipv6Only = [41, 43, 44, 58, 59, 60]

type RuleFacts = Parameters<typeof fingerprint>[0]

function checkRule(values: SecurityGroupRuleValues): RuleFacts {
  const { direction, ethertype, remote_ip_prefix: prefix, remote_group_id: group } = values
  if (prefix !== null && group !== null) throw fault('NetworkSecurityGroupRuleTwoRemotes')
  const protocol = protocolName(values.protocol, ethertype)
  const range = portRange(protocol, values.port_range_min, values.port_range_max)
  const cidr =
    prefix === null ? null : prefix.includes('/') ? prefix : `${prefix}/${prefix.includes(':') ? 128 : 32}`
  if (cidr !== null && parseCidr(cidr)?.version !== (ethertype === 'IPv4' ? 4 : 6))
    throw fault('NetworkSecurityGroupRulePrefix', { ethertype, cidr })
  return { direction, ethertype, protocol, ...range, remote_ip_prefix: cidr, remote_group_id: group }
}

/** The protocol as kept: ICMP for IPv6 has one name, whatever it was called. */
function protocolName(protocol: string | null, ethertype: string): string | null {
  if (protocol === null) return null
  const number = numberOf(protocol)
  if (number === undefined || number < 0 || number > 255)
    throw fault('NetworkSecurityGroupRuleProtocol', {
      protocol,
      values: pythonRepr([null, ...Object.keys(protocols)]),
    })
  if (ethertype === 'IPv4' && ipv6Only.includes(number))
    throw fault('NetworkSecurityGroupRuleFamily', { ethertype, protocol })
  return ethertype === 'IPv6' && ['icmp', 'icmpv6', '1'].includes(protocol) ? 'ipv6-icmp' : protocol
}

const numberOf = (protocol: string): number | undefined =>
  Object.hasOwn(protocols, protocol)
    ? protocols[protocol]
    : /^\d+$/.test(protocol)
      ? Number(protocol)
      : undefined

function portRange(protocol: string | null, min: number | null, max: number | null) {
  const range = { port_range_min: min, port_range_max: max }
  if (min === null && max === null) return range
  if (protocol === null) throw fault('NetworkSecurityGroupRuleNeedsProtocol')
  const number = numberOf(protocol) ?? -1
  if (number === 1 || number === 58) {
    for (const [field, attribute, value] of [
      ['type', 'port_range_min', min],
      ['code', 'port_range_max', max],
    ] as const)
      if (value !== null && (value < 0 || value > 255))
        throw fault('NetworkSecurityGroupRuleIcmpValue', { field, attribute, value })
    if (min === null) throw fault('NetworkSecurityGroupRuleIcmpType', { value: max })
    return range
  }
  // -1 on both ends is how older clients say "any" (neutron/extensions/securitygroup.py, convert_validate_port_value).
  if (min === -1 && max === -1) return { port_range_min: null, port_range_max: null }
  if (!portProtocols.includes(number)) throw fault('NetworkSecurityGroupRuleNoPorts', { protocol })
  for (const port of [min, max])
    if (port !== null && port < 0) throw fault('NetworkSecurityGroupRulePortValue', { port })
  if (min === null || max === null || min > max) throw fault('NetworkSecurityGroupRulePortRange')
  return range
}
