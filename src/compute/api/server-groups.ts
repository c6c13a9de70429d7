// Server groups: servers that want to be together, or apart.
import { newUuid } from '../../base/ids.ts'
import { readJson } from '../../base/json.ts'
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { notifyServerGroup } from '../notifications/notify.ts'
import { senderOf } from '../notifications/sender.ts'
import { checkServerGroupQuota } from '../store/quotas.ts'
import {
  deleteServerGroup,
  findServerGroup,
  groupMembers,
  insertServerGroup,
  listServerGroups,
  type ServerGroupRow,
} from '../store/server-groups.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall, projectOf } from './call.ts'
import { versionOf } from './negotiate.ts'
import type { CreateServerGroupBody } from './schemas/server-groups.ts'
import { compileView } from './views/compile.ts'

export const serverGroupView = compileView<ServerGroupRow, readonly string[]>([
  { key: 'id', value: group => group.id },
  { key: 'name', value: group => group.name },
  { key: 'policies', until: 'serverGroupPolicy', value: group => [group.policy] },
  { key: 'metadata', until: 'serverGroupPolicy', value: () => ({}) },
  { key: 'policy', since: 'serverGroupPolicy', value: group => group.policy },
  { key: 'rules', since: 'serverGroupPolicy', value: group => readJson<object>(group.rules_json) },
  { key: 'members', value: (_group, members) => members },
  { key: 'project_id', since: 'serverGroupOwner', value: group => group.project_id },
  { key: 'user_id', since: 'serverGroupOwner', value: group => group.user_id },
])

export const listGroups = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-server-groups:index')
  // Any value, even an empty one, means all projects; without the right to it the parameter means nothing.
  const everywhere =
    call.query.has('all_projects') && call.allows('os_compute_api:os-server-groups:index:all_projects')
  const db = tables<ComputeTables>(call.deps.store)
  const asked = Number(call.query.one('limit') ?? 0)
  const groups = await listServerGroups(db, everywhere ? null : projectOf(call), {
    limit: asked === 0 ? limits.pageItemsMax : Math.min(asked, limits.pageItemsMax),
    offset: Math.min(Number(call.query.one('offset') ?? 0), Number.MAX_SAFE_INTEGER),
  })
  const members = await groupMembers(
    db,
    groups.map(group => group.id),
  )
  const show = serverGroupView(versionOf(call))
  return json(200, { server_groups: groups.map(group => show(group, members.get(group.id) ?? [])) })
}

/** The group in the path; 404 when there is none, 403 when it is another project's (as Nova answers). */
async function groupInPath(
  call: ComputeCall,
  rule: 'os_compute_api:os-server-groups:show' | 'os_compute_api:os-server-groups:delete',
): Promise<ServerGroupRow> {
  const id = call.params.id! // in the route's path
  const group = await findServerGroup(tables<ComputeTables>(call.deps.store), id)
  if (!group) throw fault('ServerGroupNotFound', { group: id })
  call.enforce(rule, { projectId: group.project_id })
  return group
}

const membersOf = async (call: ComputeCall, id: string): Promise<readonly string[]> =>
  (await groupMembers(tables<ComputeTables>(call.deps.store), [id])).get(id) ?? []

export const showGroup = async (call: ComputeCall): Promise<Reply> => {
  const group = await groupInPath(call, 'os_compute_api:os-server-groups:show')
  return json(200, { server_group: serverGroupView(versionOf(call))(group, await membersOf(call, group.id)) })
}

export const createGroup = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-server-groups:create')
  const { name, policy, policies, rules = {} } = bodyOf<CreateServerGroupBody>(call).server_group
  const chosen = policy ?? policies![0]! // the schema requires one of them
  if (rules.max_server_per_host !== undefined && chosen !== 'anti-affinity')
    throw fault('ServerGroupRulesRefused')
  const owner = { projectId: projectOf(call), userId: call.auth.userId }
  const wanted = {
    id: newUuid(),
    name,
    project_id: owner.projectId,
    user_id: owner.userId,
    policy: chosen,
    rules_json: JSON.stringify(
      rules.max_server_per_host === undefined
        ? {}
        : { max_server_per_host: Number(rules.max_server_per_host) },
    ),
    created_at: call.deps.clock.now(),
  }
  const group = await call.deps.store.accept<ComputeTables, ServerGroupRow>(async tx => {
    await checkServerGroupQuota(tx, owner)
    return insertServerGroup(tx, wanted)
  })
  notifyServerGroup(senderOf(call), 'create', group, [])
  return json(200, { server_group: serverGroupView(versionOf(call))(group, []) })
}

export const removeGroup = async (call: ComputeCall): Promise<Reply> => {
  const group = await groupInPath(call, 'os_compute_api:os-server-groups:delete')
  const members = await membersOf(call, group.id)
  const isGone = await call.deps.store.accept<ComputeTables, boolean>(tx => deleteServerGroup(tx, group.id))
  if (!isGone) throw fault('ServerGroupNotFound', { group: group.id })
  notifyServerGroup(senderOf(call), 'delete', group, members)
  return empty(204)
}
