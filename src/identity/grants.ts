// Role assignments one by one: `/projects/{p}/users/{u}/roles/{r}` and its siblings for groups, domains, the system,
// and (below /OS-INHERIT) for roles that count on everything beneath the target.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { collection } from './listing.ts'
import { dbOf, findDomain, findGroup, findProject, findRole, findUser } from './store.ts'
import type { ActorType, Db, TargetType, Tx } from './tables.ts'
import { roleView } from './views.ts'

/** What the path of a grant says beside its ids. */
export interface GrantKind {
  readonly target: TargetType
  readonly actor: ActorType
  readonly inherited: boolean
}

const targetIdOf = (call: Call<IdentityDeps>, kind: GrantKind): string =>
  kind.target === 'system' ? 'system' : call.params.id!

const findTarget = {
  project: findProject,
  domain: findDomain,
  system: async () => ({ id: 'system', domain_id: null }),
} satisfies Record<TargetType, (db: Db, id: string) => Promise<{ id: string }>>

const findActor = { user: findUser, group: findGroup } satisfies Record<
  ActorType,
  (db: Db, id: string) => Promise<unknown>
>

/** Assignments of this kind for the actor and target in the path. */
const grants = (db: Db, call: Call<IdentityDeps>, kind: GrantKind) =>
  db
    .selectFrom('identity_assignments as a')
    .innerJoin('identity_roles as r', 'r.id', 'a.role_id')
    .selectAll('r')
    .where('a.actor_type', '=', kind.actor)
    .where('a.actor_id', '=', call.params.actor_id!)
    .where('a.target_type', '=', kind.target)
    .where('a.target_id', '=', targetIdOf(call, kind))
    .where('a.inherited', '=', kind.inherited ? 1 : 0)

const notGranted = (call: Call<IdentityDeps>, kind: GrantKind) =>
  fault('IdentityAssignmentNotFound', {
    role: call.params.role_id,
    actor: call.params.actor_id,
    target: targetIdOf(call, kind),
  })

export const listGrants =
  (kind: GrantKind) =>
  async (call: Call<IdentityDeps>): Promise<Reply> => {
    const db = dbOf(call)
    await findActor[kind.actor](db, call.params.actor_id!)
    await findTarget[kind.target](db, targetIdOf(call, kind))
    const roles = await grants(db, call, kind).orderBy('r.name').execute()
    return collection(
      call,
      'roles',
      roles.map(role => roleView(role, call.request.origin)),
    )
  }

export const checkGrant =
  (kind: GrantKind) =>
  async (call: Call<IdentityDeps>): Promise<Reply> => {
    const db = dbOf(call)
    await findRole(db, call.params.role_id!)
    await findActor[kind.actor](db, call.params.actor_id!)
    await findTarget[kind.target](db, targetIdOf(call, kind))
    const grant = await grants(db, call, kind).where('r.id', '=', call.params.role_id!).executeTakeFirst()
    if (!grant) throw notGranted(call, kind)
    return empty(204)
  }

export const createGrant =
  (kind: GrantKind) =>
  async (call: Call<IdentityDeps>): Promise<Reply> => {
    await call.deps.store.accept(async (tx: Tx) => {
      const role = await findRole(tx, call.params.role_id!)
      await findActor[kind.actor](tx, call.params.actor_id!)
      const target = await findTarget[kind.target](tx, targetIdOf(call, kind))
      if (role.domain_id !== '' && 'domain_id' in target && target.domain_id !== role.domain_id)
        throw fault('IdentityRoleDomainMismatch', { project: target.id, role: role.id })
      await tx
        .insertInto('identity_assignments')
        .values({
          actor_type: kind.actor,
          actor_id: call.params.actor_id!,
          target_type: kind.target,
          target_id: target.id,
          role_id: role.id,
          inherited: kind.inherited ? 1 : 0,
        })
        .onConflict(conflict => conflict.doNothing())
        .execute()
    })
    call.deps.onRevoke()
    return empty(204)
  }

/** Also takes the user's application credentials for the project away, as upstream. */
export const revokeGrant =
  (kind: GrantKind) =>
  async (call: Call<IdentityDeps>): Promise<Reply> => {
    const { actor_id: actorId, role_id: roleId } = call.params
    const targetId = targetIdOf(call, kind)
    await call.deps.store.accept(async (tx: Tx) => {
      await findRole(tx, roleId!)
      const { numDeletedRows } = await tx
        .deleteFrom('identity_assignments')
        .where('actor_type', '=', kind.actor)
        .where('actor_id', '=', actorId!)
        .where('target_type', '=', kind.target)
        .where('target_id', '=', targetId)
        .where('role_id', '=', roleId!)
        .where('inherited', '=', kind.inherited ? 1 : 0)
        .executeTakeFirst()
      if (numDeletedRows === 0n) throw notGranted(call, kind)
      if (kind.actor === 'user' && kind.target === 'project' && !kind.inherited)
        await tx
          .deleteFrom('identity_application_credentials')
          .where('user_id', '=', actorId!)
          .where('project_id', '=', targetId)
          .execute()
    })
    call.deps.onRevoke()
    return empty(204)
  }
