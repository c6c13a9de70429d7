// Policies that operators keep here for services to fetch; identity itself does not read them
// (keystone/api/policy.py).
import { newHexId } from '../base/ids.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { page, pageReply } from './listing.ts'
import { bodyOf, policyCreate, policyUpdate } from './schemas.ts'
import { checkSameId, dbOf, extraText, found } from './store.ts'
import type { Db, Tx } from './tables.ts'
import { policyView } from './views.ts'

const known = ['blob', 'type']

const findPolicy = (db: Db, id: string) =>
  found(
    db.selectFrom('identity_policies').selectAll().where('id', '=', id).executeTakeFirst(),
    'IdentityPolicyNotFound',
    id,
  )

export async function listPolicies(call: Call<IdentityDeps>): Promise<Reply> {
  const query = dbOf(call).selectFrom('identity_policies').selectAll()
  return pageReply(
    call,
    'policies',
    await page(call, query, 'identity_policies', { type: 'text' }),
    policyView,
  )
}

export async function showPolicy(call: Call<IdentityDeps>): Promise<Reply> {
  return json(200, { policy: policyView(await findPolicy(dbOf(call), call.params.id!), call.request.origin) })
}

export async function createPolicy(call: Call<IdentityDeps>): Promise<Reply> {
  const { policy } = bodyOf(policyCreate, call)
  const row = { id: newHexId(), type: policy.type, blob: policy.blob, extra: extraText(policy, known) }
  await call.deps.store.accept((tx: Tx) => tx.insertInto('identity_policies').values(row).execute())
  return json(201, { policy: policyView(row, call.request.origin) })
}

export async function updatePolicy(call: Call<IdentityDeps>): Promise<Reply> {
  const { policy } = bodyOf(policyUpdate, call)
  const id = call.params.id!
  checkSameId(policy.id, id)
  const row = await call.deps.store.accept(async (tx: Tx) => {
    const before = await findPolicy(tx, id)
    return tx
      .updateTable('identity_policies')
      .set({ type: policy.type, blob: policy.blob, extra: extraText(policy, known, before.extra) })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
  })
  return json(200, { policy: policyView(row, call.request.origin) })
}

export async function deletePolicy(call: Call<IdentityDeps>): Promise<Reply> {
  await call.deps.store.accept(async (tx: Tx) => {
    const { id } = await findPolicy(tx, call.params.id!)
    await tx.deleteFrom('identity_policies').where('id', '=', id).execute()
  })
  return empty(204)
}
