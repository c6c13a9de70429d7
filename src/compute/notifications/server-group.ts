// ServerGroupPayload 1.1, and what the unversioned twins say.
import { readJson } from '../../base/json.ts'
import type { ServerGroupRow } from '../store/server-groups.ts'
import { type NovaObject, payload } from './encode.ts'

export type GroupFacts = Readonly<
  Pick<ServerGroupRow, 'id' | 'name' | 'project_id' | 'user_id' | 'policy' | 'rules_json'>
>
export type GroupAction = 'create' | 'delete' | 'add_member'

const rulesOf = (group: GroupFacts): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(readJson<Record<string, unknown>>(group.rules_json)).map(([key, value]) => [
      key,
      String(value), // notifications carry rules as texts
    ]),
  )

/** `members` are ids of servers; `hosts` null where nobody looked them up. */
export const serverGroupPayload = (
  group: GroupFacts,
  members: readonly string[],
  hosts: readonly string[] | null = null,
): NovaObject =>
  payload('ServerGroupPayload', {
    uuid: group.id,
    name: group.name,
    user_id: group.user_id,
    project_id: group.project_id,
    policies: [group.policy],
    members,
    hosts,
    policy: group.policy,
    rules: rulesOf(group),
  })

/** nova/objects/instance_group.py. `added` are the servers that came in, for `add_member`. */
export function legacyServerGroup(action: GroupAction, group: GroupFacts, added: readonly string[]): object {
  switch (action) {
    case 'create':
      return {
        name: group.name,
        project_id: group.project_id,
        user_id: group.user_id,
        policy: group.policy,
        rules: rulesOf(group),
        server_group_id: group.id,
      }
    case 'delete':
      return { server_group_id: group.id }
    case 'add_member':
      return { server_group_id: group.id, instance_uuids: added }
  }
}
