// Roles: of the whole cloud, or of one domain (those only imply others).
import { newHexId } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { refusing } from './faults.ts'
import { page, pageReply } from './listing.ts'
import { bodyOf, roleCreate, roleUpdate } from './schemas.ts'
import {
  checkMutable,
  checkSameDomain,
  checkSameId,
  dbOf,
  extraText,
  findDomain,
  findRole,
  optionsText,
} from './store.ts'
import type { Tx } from './tables.ts'
import { roleView } from './views.ts'

const known = ['name', 'domain_id', 'description', 'options']

const duplicate = (name: string) => () =>
  fault('IdentityConflict', { resource: 'role', details: `Duplicate entry found with name ${name}` })

/** Without `domain_id`, the roles of the whole cloud. */
export async function listRoles(call: Call<IdentityDeps>): Promise<Reply> {
  const query = dbOf(call)
    .selectFrom('identity_roles')
    .selectAll()
    .where('domain_id', '=', call.query.one('domain_id') ?? '')
  return pageReply(call, 'roles', await page(call, query, 'identity_roles', { name: 'text' }), roleView)
}

export async function showRole(call: Call<IdentityDeps>): Promise<Reply> {
  return json(200, { role: roleView(await findRole(dbOf(call), call.params.id!), call.request.origin) })
}

export async function createRole(call: Call<IdentityDeps>): Promise<Reply> {
  const { role } = bodyOf(roleCreate, call)
  const row = {
    id: newHexId(),
    name: role.name.trim(),
    domain_id: role.domain_id ?? '',
    description: role.description ?? null,
    options: optionsText(role.options),
    extra: extraText(role, known),
  }
  await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      if (row.domain_id !== '') await findDomain(tx, row.domain_id)
      await tx.insertInto('identity_roles').values(row).execute()
    }),
    { unique: duplicate(row.name) },
  )
  return json(201, { role: roleView(row, call.request.origin) })
}

export async function updateRole(call: Call<IdentityDeps>): Promise<Reply> {
  const { role } = bodyOf(roleUpdate, call)
  const id = call.params.id!
  checkSameId(role.id, id)
  const row = await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      const before = await findRole(tx, id)
      checkMutable(before, 'role', 'update', role.options)
      checkSameDomain(role.domain_id, before.domain_id === '' ? null : before.domain_id)
      return tx
        .updateTable('identity_roles')
        .set({
          name: role.name?.trim(),
          description: role.description,
          options: optionsText(role.options, before.options),
          extra: extraText(role, known, before.extra),
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
    }),
    { unique: duplicate(role.name?.trim() ?? '') },
  )
  call.deps.onRevoke()
  return json(200, { role: roleView(row, call.request.origin) })
}

export async function deleteRole(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  await call.deps.store.accept(async (tx: Tx) => {
    checkMutable(await findRole(tx, id), 'role', 'delete')
    await tx.deleteFrom('identity_roles').where('id', '=', id).execute()
  })
  call.deps.onRevoke()
  return empty(204)
}
