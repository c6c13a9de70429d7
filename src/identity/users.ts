// Users.
import { newHexId } from '../base/ids.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import { unauthorized } from './authenticate.ts'
import type { IdentityDeps } from './deps.ts'
import { refusing } from './faults.ts'
import { page, pageReply } from './listing.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { revoke } from './revocations.ts'
import { bodyOf, passwordChange, userCreate, userUpdate } from './schemas.ts'
import {
  callersDomainId,
  checkSameDomain,
  checkSameId,
  dbOf,
  extraText,
  findUser,
  flag,
  lockRow,
  optionsText,
} from './store.ts'
import type { Tx } from './tables.ts'
import { userView } from './views.ts'

const known = ['name', 'domain_id', 'default_project_id', 'description', 'enabled', 'password', 'options']

const duplicate = (name: string, domainId: string) => () =>
  fault('IdentityConflict', {
    resource: 'user',
    details: `Duplicate entry found with name ${name} at domain ID ${domainId}`,
  })

export async function listUsers(call: Call<IdentityDeps>): Promise<Reply> {
  const rows = await page(call, dbOf(call).selectFrom('identity_users').selectAll(), 'identity_users', {
    name: 'text',
    domain_id: 'text',
    enabled: 'flag',
  })
  return pageReply(call, 'users', rows, userView)
}

export async function showUser(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  call.enforce('identity:get_user', { userId: id })
  return json(200, { user: userView(await findUser(dbOf(call), id), call.request.origin) })
}

export async function createUser(call: Call<IdentityDeps>): Promise<Reply> {
  const { user } = bodyOf(userCreate, call)
  const row = {
    id: newHexId(),
    name: user.name.trim(),
    domain_id: user.domain_id ?? callersDomainId(call),
    default_project_id: user.default_project_id ?? null,
    description: user.description ?? null,
    enabled: flag(user.enabled ?? true),
    password_hash: typeof user.password === 'string' ? await hashPassword(user.password) : null,
    options: optionsText(user.options),
    extra: extraText(user, known),
  }
  await refusing(
    call.deps.store.accept((tx: Tx) => tx.insertInto('identity_users').values(row).execute()),
    {
      unique: duplicate(row.name, row.domain_id),
      foreign: () => fault('IdentityDomainNotFound', { id: row.domain_id }),
    },
  )
  return json(201, { user: userView(row, call.request.origin) })
}

export async function updateUser(call: Call<IdentityDeps>): Promise<Reply> {
  const { user } = bodyOf(userUpdate, call)
  const id = call.params.id!
  checkSameId(user.id, id)
  const passwordHash = typeof user.password === 'string' ? await hashPassword(user.password) : user.password
  const row = await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      await lockRow(tx, 'identity_users', id)
      const before = await findUser(tx, id)
      checkSameDomain(user.domain_id, before.domain_id)
      const after = {
        name: user.name?.trim() ?? before.name,
        default_project_id:
          user.default_project_id === undefined ? before.default_project_id : user.default_project_id,
        description: user.description === undefined ? before.description : user.description,
        enabled: flag(user.enabled ?? before.enabled === 1),
        password_hash: passwordHash === undefined ? before.password_hash : passwordHash,
        options: optionsText(user.options, before.options),
        extra: extraText(user, known, before.extra),
      }
      await tx.updateTable('identity_users').set(after).where('id', '=', id).execute()
      const isDisabled = before.enabled > after.enabled
      if (isDisabled || passwordHash !== undefined) await revoke(tx, call.deps.clock.now(), [`user:${id}`])
      if (isDisabled)
        await tx.deleteFrom('identity_application_credentials').where('user_id', '=', id).execute()
      return { ...before, ...after }
    }),
    { unique: duplicate(user.name ?? '', user.domain_id ?? '') },
  )
  call.deps.onRevoke()
  return json(200, { user: userView(row, call.request.origin) })
}

export async function deleteUser(call: Call<IdentityDeps>): Promise<Reply> {
  const id = call.params.id!
  await call.deps.store.accept(async (tx: Tx) => {
    await findUser(tx, id)
    await tx
      .deleteFrom('identity_assignments')
      .where('actor_type', '=', 'user')
      .where('actor_id', '=', id)
      .execute()
    await tx.deleteFrom('identity_users').where('id', '=', id).execute()
  })
  call.deps.onRevoke()
  return empty(204)
}

/** Needs the old password and no token; ends every token of the user, the caller's included. */
export async function changePassword(call: Call<IdentityDeps>): Promise<Reply> {
  const { user } = bodyOf(passwordChange, call)
  const id = call.params.id!
  const row = await dbOf(call)
    .selectFrom('identity_users')
    .select(['password_hash', 'enabled'])
    .where('id', '=', id)
    .executeTakeFirst()
  const isRight = await verifyPassword(user.original_password, row?.password_hash ?? null)
  if (!row || !isRight || row.enabled === 0)
    throw unauthorized(call, 'Error when changing user password: Invalid user / password.')
  const passwordHash = await hashPassword(user.password)
  await call.deps.store.accept(async (tx: Tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('identity_users')
      .set({ password_hash: passwordHash })
      .where('id', '=', id)
      .where('password_hash', '=', row.password_hash)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw unauthorized(call, 'The password was changed meanwhile.')
    await revoke(tx, call.deps.clock.now(), [`user:${id}`])
  })
  call.deps.onRevoke()
  return empty(204)
}
