// Security groups: create, change, delete, and how they look.
import { type Kysely, type SqlBool, sql } from 'kysely'
import { newUuid } from '../base/ids.ts'
import { isoSeconds } from '../base/time.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { tables } from '../platform/store/store.ts'
import { authorise, find } from './access.ts'
import { bodyItem, bodyItems, readCreate, readUpdate } from './attributes.ts'
import { ensureDefaultGroup, insertStandardRules } from './default-group.ts'
import type { NetworkDeps } from './deps.ts'
import { list } from './listing.ts'
import { flagColumn, type Resource, standardAttributes, textColumn, type View } from './resource.ts'
import { ruleView } from './rule-view.ts'
import { securityGroupAttributes } from './schemas/security-groups.ts'
import { change, flag, isForeignKeyViolation, optionalFlag, standardColumns } from './store.ts'
import type { NetworkTables, SecurityGroupsTable } from './tables.ts'
import { dropTags, tagsOf } from './tags.ts'
import { holdUsage, release, reserve } from './usage.ts'

export const securityGroups: Resource<SecurityGroupsTable> = {
  member: 'security_group',
  collection: 'security_groups',
  table: 'security_groups',
  notFound: 'NetworkSecurityGroupNotFound',
  columns: { ...standardAttributes, name: textColumn('name'), stateful: flagColumn('stateful') },
  filters: {
    // Sharing is by RBAC policies, which are not there: none is shared.
    shared: values =>
      values.some(value => /^(false|0)$/i.test(value)) ? sql<SqlBool>`1 = 1` : sql<SqlBool>`1 = 0`,
  },
  visible: project => sql<SqlBool>`project_id = ${project}`,
  views: securityGroupViews,
}

/** A project that lists its groups has at least the default one (neutron/db/securitygroups_db.py). */
export async function listSecurityGroups(call: Call<NetworkDeps>): Promise<Reply> {
  await haveDefaultGroup(call)
  return list(call, securityGroups)
}

async function haveDefaultGroup(call: Call<NetworkDeps>): Promise<void> {
  const asked = call.query.one('project_id') ?? call.query.one('tenant_id')
  const own = call.auth.project?.id
  const project = call.auth.isAdmin ? (asked ?? own) : own
  if (project === undefined || project === '' || project.includes('\0')) return
  if ((await call.deps.reads.defaultGroup(project)).length > 0) return
  await change(call.deps, call.log, changing => ensureDefaultGroup(changing, project))
}

export async function createSecurityGroups(call: Call<NetworkDeps>): Promise<Reply> {
  const { items, bulk } = bodyItems(call.body, securityGroups.member, securityGroups.collection)
  const wanted = items.map(item => readCreate(securityGroupAttributes, item, call.auth))
  for (const { projectId, rules, values } of wanted) {
    authorise(call, 'create_security_group', projectId, rules)
    if (values.name === 'default') throw fault('NetworkSecurityGroupDefaultExists')
  }
  const views = await change(call.deps, call.log, async changing => {
    const rows: SecurityGroupsTable[] = []
    for (const { projectId, values } of wanted) {
      await ensureDefaultGroup(changing, projectId)
      await reserve(changing, projectId, 'security_group')
      const row: SecurityGroupsTable = {
        id: newUuid(),
        ...standardColumns(changing, projectId, values.description),
        name: values.name,
        stateful: flag(values.stateful),
      }
      await changing.tx.insertInto('security_groups').values(row).execute()
      await insertStandardRules(changing, row, { fromOwnGroup: false })
      rows.push(row)
    }
    return securityGroupViews(changing.tx, rows)
  })
  return json(201, bulk ? { security_groups: views } : { security_group: views[0] })
}

export async function updateSecurityGroup(call: Call<NetworkDeps>): Promise<Reply> {
  const before = await find(
    tables<NetworkTables>(call.deps.store),
    securityGroups,
    call.params.id!,
    call.auth,
  )
  const { values } = readUpdate(securityGroupAttributes, bodyItem(call.body, securityGroups.member))
  authorise(call, 'update_security_group', before.project_id)
  const renamed = values.name !== undefined && values.name !== before.name
  if (before.name === 'default' && renamed) throw fault('NetworkSecurityGroupDefaultUpdated')
  if (values.name === 'default' && renamed) throw fault('NetworkSecurityGroupDefaultExists')
  const view = await change(call.deps, call.log, async ({ tx, now }) => {
    if (values.stateful !== undefined && flag(values.stateful) !== before.stateful) {
      const port = await tx
        .selectFrom('port_security_groups')
        .select('port_id')
        .where('security_group_id', '=', before.id)
        .executeTakeFirst()
      if (port) throw fault('NetworkSecurityGroupStatefulInUse', { id: before.id })
    }
    const row = await tx
      .updateTable('security_groups')
      .set(eb => ({
        name: values.name,
        description: values.description,
        stateful: optionalFlag(values.stateful),
        updated_at: now,
        revision_number: eb('revision_number', '+', 1),
      }))
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw fault('NetworkSecurityGroupNotFound', { id: before.id })
    return (await securityGroupViews(tx, [row]))[0]
  })
  return json(200, { security_group: view })
}

export async function deleteSecurityGroup(call: Call<NetworkDeps>): Promise<Reply> {
  const { id, ...row } = await find(
    tables<NetworkTables>(call.deps.store),
    securityGroups,
    call.params.id!,
    call.auth,
  )
  authorise(call, 'delete_security_group', row.project_id)
  if (row.name === 'default' && !call.auth.isAdmin) throw fault('NetworkSecurityGroupDefaultRemoved')
  try {
    await change(call.deps, call.log, async changing => {
      const { tx } = changing
      await holdUsage(changing, [row.project_id], ['security_group_rule'])
      await release(changing, row.project_id, 'security_group')
      // Its own rules, and rules of other groups that let its members in.
      const rules = await tx
        .deleteFrom('security_group_rules')
        .where(eb => eb.or([eb('security_group_id', '=', id), eb('remote_group_id', '=', id)]))
        .returning(['id', 'project_id'])
        .execute()
      const { numDeletedRows } = await tx
        .deleteFrom('security_groups')
        .where('id', '=', id)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw fault('NetworkSecurityGroupNotFound', { id })
      await dropTags(changing, [id, ...rules.map(rule => rule.id)])
      for (const [project, gone] of Map.groupBy(rules, rule => rule.project_id))
        await release(changing, project, 'security_group_rule', gone.length)
    })
  } catch (error) {
    if (isForeignKeyViolation(error)) throw fault('NetworkSecurityGroupInUse', { id }, { cause: error })
    throw error
  }
  return empty(204)
}

async function securityGroupViews(
  db: Kysely<NetworkTables>,
  rows: readonly SecurityGroupsTable[],
): Promise<readonly View[]> {
  if (rows.length === 0) return []
  const ids = rows.map(row => row.id)
  const tags = await tagsOf(db, ids)
  const rules = await db
    .selectFrom('security_group_rules')
    .selectAll()
    .where('security_group_id', 'in', ids)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  const byGroup = Map.groupBy(rules, rule => rule.security_group_id)
  return rows.map(row => ({
    id: row.id,
    name: row.name,
    stateful: row.stateful === 1,
    tenant_id: row.project_id,
    project_id: row.project_id,
    description: row.description,
    shared: false,
    security_group_rules: byGroup.get(row.id)?.map(ruleView) ?? [],
    tags: tags(row.id),
    created_at: isoSeconds(row.created_at),
    updated_at: isoSeconds(row.updated_at),
    revision_number: row.revision_number,
  }))
}
