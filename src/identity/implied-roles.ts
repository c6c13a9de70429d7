// Which roles come with which: admin brings manager, manager member, member reader.
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { dbOf, findRole } from './store.ts'
import type { Db, Tx } from './tables.ts'
import { linkTo } from './views.ts'

interface RoleRef {
  readonly id: string
  readonly name: string
}

const roleRef = ({ id, name }: RoleRef, origin: string) => ({
  id,
  name,
  links: linkTo(origin, `/roles/${id}`),
})

export async function listImpliedRoles(call: Call<IdentityDeps>): Promise<Reply> {
  const { origin } = call.request
  const prior = await findRole(dbOf(call), call.params.id!)
  const implied = await dbOf(call)
    .selectFrom('identity_implied_roles as i')
    .innerJoin('identity_roles as r', 'r.id', 'i.implied_role_id')
    .select(['r.id', 'r.name'])
    .where('i.prior_role_id', '=', prior.id)
    .orderBy('r.name')
    .execute()
  return json(200, {
    role_inference: {
      prior_role: roleRef(prior, origin),
      implies: implied.map(role => roleRef(role, origin)),
    },
    links: linkTo(origin, `/roles/${prior.id}/implies`),
  })
}

const inference = (call: Call<IdentityDeps>, prior: RoleRef, implied: RoleRef) => ({
  role_inference: {
    prior_role: roleRef(prior, call.request.origin),
    implies: roleRef(implied, call.request.origin),
  },
  links: linkTo(call.request.origin, `/roles/${prior.id}/implies/${implied.id}`),
})

async function bothRoles(call: Call<IdentityDeps>, db: Db) {
  const prior = await findRole(db, call.params.id!)
  const implied = await findRole(db, call.params.implied_id!)
  return { prior, implied }
}

export async function showImpliedRole(call: Call<IdentityDeps>): Promise<Reply> {
  const { prior, implied } = await bothRoles(call, dbOf(call))
  const rule = await dbOf(call)
    .selectFrom('identity_implied_roles')
    .select('prior_role_id')
    .where('prior_role_id', '=', prior.id)
    .where('implied_role_id', '=', implied.id)
    .executeTakeFirst()
  if (!rule) throw fault('IdentityImpliedRoleNotFound', { prior: prior.id, implied: implied.id })
  return call.request.method === 'HEAD' ? empty(204) : json(200, inference(call, prior, implied))
}

export async function createImpliedRole(call: Call<IdentityDeps>): Promise<Reply> {
  const { prior, implied } = await call.deps.store.accept(async (tx: Tx) => {
    const roles = await bothRoles(call, tx)
    // [assignment]prohibited_implied_role: nothing brings admin.
    if (roles.implied.name === 'admin')
      throw fault('IdentityImpliedRoleProhibited', { role: roles.implied.id })
    if (roles.prior.domain_id === '' && roles.implied.domain_id !== '')
      throw fault('IdentityImpliedRoleGlobal')
    await tx
      .insertInto('identity_implied_roles')
      .values({ prior_role_id: roles.prior.id, implied_role_id: roles.implied.id })
      .onConflict(conflict => conflict.doNothing())
      .execute()
    return roles
  })
  call.deps.onRevoke()
  return json(201, inference(call, prior, implied))
}

export async function deleteImpliedRole(call: Call<IdentityDeps>): Promise<Reply> {
  await call.deps.store.accept(async (tx: Tx) => {
    const { prior, implied } = await bothRoles(call, tx)
    const { numDeletedRows } = await tx
      .deleteFrom('identity_implied_roles')
      .where('prior_role_id', '=', prior.id)
      .where('implied_role_id', '=', implied.id)
      .executeTakeFirst()
    if (numDeletedRows === 0n)
      throw fault('IdentityImpliedRoleNotFound', { prior: prior.id, implied: implied.id })
  })
  call.deps.onRevoke()
  return empty(204)
}

export async function listRoleInferences(call: Call<IdentityDeps>): Promise<Reply> {
  const rows = await dbOf(call)
    .selectFrom('identity_implied_roles as i')
    .innerJoin('identity_roles as prior', 'prior.id', 'i.prior_role_id')
    .innerJoin('identity_roles as implied', 'implied.id', 'i.implied_role_id')
    .select([
      'prior.id as prior_id',
      'prior.name as prior_name',
      'implied.id as implied_id',
      'implied.name as implied_name',
    ])
    .orderBy('prior.name')
    .execute()
  const { origin } = call.request
  const byPrior = Map.groupBy(rows, row => row.prior_id)
  return json(200, {
    role_inferences: [...byPrior.values()].map(rules => ({
      prior_role: roleRef({ id: rules[0]!.prior_id, name: rules[0]!.prior_name }, origin), // groups are not empty
      implies: rules.map(rule => roleRef({ id: rule.implied_id, name: rule.implied_name }, origin)),
    })),
    links: linkTo(origin, '/role_inferences'),
  })
}
