// Credentials users keep here for other programs: keys of EC2 and S3 clients, seeds, certificates
// (keystone/api/credentials.py). Nobody logs in with them yet.
import { createHash } from 'node:crypto'
import { newHexId } from '../base/ids.ts'
import { isObject } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import type { PolicyRule } from '../model/policies.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { refusing } from './faults.ts'
import { page, pageReply } from './listing.ts'
import { bodyOf, storedCredentialCreate, storedCredentialUpdate } from './schemas.ts'
import { readSeal, type Seal } from './seal.ts'
import { dbOf } from './store.ts'
import type { Db, IdentityTables, Tx } from './tables.ts'
import { storedCredentialView } from './views.ts'

type StoredCredential = IdentityTables['identity_credentials']

export const ec2Type = 'ec2'

/** One's own; administrators see everybody's. */
export async function listStoredCredentials(call: Call<IdentityDeps>): Promise<Reply> {
  const seal = await readSeal(dbOf(call))
  const query = dbOf(call)
    .selectFrom('identity_credentials')
    .selectAll()
    .$if(!call.auth.isAdmin, own => own.where('user_id', '=', call.auth.userId))
  const rows = await page(call, query, 'identity_credentials', { user_id: 'text', type: 'text' })
  return pageReply(call, 'credentials', rows, (row, origin) =>
    storedCredentialView(opened(row, seal), origin),
  )
}

export async function showStoredCredential(call: Call<IdentityDeps>): Promise<Reply> {
  const row = await findFor(call, dbOf(call), 'identity:get_credential')
  const credential = opened(row, await readSeal(dbOf(call)))
  return json(200, { credential: storedCredentialView(credential, call.request.origin) })
}

export async function createStoredCredential(call: Call<IdentityDeps>): Promise<Reply> {
  const { credential: asked } = bodyOf(storedCredentialCreate, call)
  call.enforce('identity:create_credential', { userId: asked.user_id })
  const row = {
    id: asked.type.toLowerCase() === ec2Type ? accessId(accessOf(asked.blob)) : newHexId(),
    user_id: asked.user_id,
    project_id: asked.project_id ?? null,
    type: asked.type,
    blob: asked.blob,
  }
  checkProject(row)
  await keep(call, row)
  return json(201, { credential: storedCredentialView(row, call.request.origin) })
}

/** Writes a new credential, sealed. */
export async function keep(call: Call<IdentityDeps>, row: StoredCredential): Promise<void> {
  const seal = await readSeal(dbOf(call))
  await refusing(
    call.deps.store.accept((tx: Tx) =>
      tx
        .insertInto('identity_credentials')
        .values({ ...row, blob: seal.close(row.blob, row.id) })
        .execute(),
    ),
    {
      unique: () =>
        fault('IdentityConflict', {
          resource: 'credential',
          details: `Duplicate entry found with credential ID ${row.id}`,
        }),
      foreign: () => fault('IdentityCredentialHolderGone', { user: row.user_id }),
    },
  )
}

export async function updateStoredCredential(call: Call<IdentityDeps>): Promise<Reply> {
  const { credential: asked } = bodyOf(storedCredentialUpdate, call)
  const id = call.params.id!
  const seal = await readSeal(dbOf(call))
  const row = await refusing(
    call.deps.store.accept(async (tx: Tx) => {
      const before = await findFor(call, tx, 'identity:update_credential')
      // Nobody hands a credential to somebody whose credentials they may not change.
      if (asked.user_id !== undefined) call.enforce('identity:update_credential', { userId: asked.user_id })
      const after = { ...opened(before, seal), ...given(asked) }
      if (after.type.toLowerCase() === ec2Type) accessOf(after.blob)
      checkProject(after)
      await tx
        .updateTable('identity_credentials')
        .set({ ...after, blob: seal.close(after.blob, id) })
        .where('id', '=', id)
        .execute()
      return after
    }),
    { foreign: () => fault('IdentityCredentialHolderGone', { user: asked.user_id ?? call.auth.userId }) },
  )
  return json(200, { credential: storedCredentialView(row, call.request.origin) })
}

const given = (asked: Partial<Omit<StoredCredential, 'id'>>): Partial<StoredCredential> =>
  Object.fromEntries(
    (['user_id', 'project_id', 'type', 'blob'] as const)
      .filter(name => asked[name] !== undefined)
      .map(name => [name, asked[name]]),
  )

export async function deleteStoredCredential(call: Call<IdentityDeps>): Promise<Reply> {
  await call.deps.store.accept(async (tx: Tx) => {
    const row = await findFor(call, tx, 'identity:delete_credential')
    await tx.deleteFrom('identity_credentials').where('id', '=', row.id).execute()
  })
  return empty(204)
}

/** The credential of the path. Who may not see it does not learn whether it is there. */
async function findFor(call: Call<IdentityDeps>, db: Db, rule: PolicyRule): Promise<StoredCredential> {
  const id = call.params.id! // in the route's path
  const row = await db.selectFrom('identity_credentials').selectAll().where('id', '=', id).executeTakeFirst()
  call.enforce(rule, { userId: row?.user_id ?? '' })
  if (!row) throw fault('IdentityStoredCredentialNotFound', { id })
  return row
}

/** The row with its blob as it was given. */
export const opened = (row: StoredCredential, seal: Seal): StoredCredential => ({
  ...row,
  blob: seal.open(row.blob, row.id),
})

/** Keys of EC2 are found by their public half (keystone/common/utils.py, hash_access_key). */
export const accessId = (access: string): string => createHash('sha256').update(access).digest('hex')

function accessOf(blob: string): string {
  let read: unknown
  try {
    read = JSON.parse(blob)
  } catch (cause) {
    throw fault('InvalidInput', { reason: 'Invalid blob in credential' }, { cause })
  }
  if (!isObject(read)) throw fault('InvalidInput', { reason: 'Invalid blob in credential' })
  if (typeof read.access !== 'string')
    throw fault('IdentityExpecting', { attribute: 'access', target: 'blob' })
  return read.access
}

function checkProject({ type, project_id }: StoredCredential): void {
  if (type.toLowerCase() === ec2Type && project_id === null)
    throw fault('IdentityExpecting', { attribute: 'project_id', target: 'credential' })
}
