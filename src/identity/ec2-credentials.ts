// Keys of EC2 clients, made for a user and a project: stored credentials in EC2's words
// (keystone/api/users.py, UserOSEC2CredentialsResource*).
import { newHexId } from '../base/ids.ts'
import { readJson } from '../base/json.ts'
import { fault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import { empty, json, type Reply } from '../platform/http/types.ts'
import type { IdentityDeps } from './deps.ts'
import { collection } from './listing.ts'
import { bodyOf, ec2CredentialCreate } from './schemas.ts'
import { readSeal } from './seal.ts'
import { dbOf, findProject, findUser } from './store.ts'
import { accessId, ec2Type, keep, opened } from './stored-credentials.ts'
import type { Db, IdentityTables, Tx } from './tables.ts'
import { linkTo } from './views.ts'

type StoredCredential = IdentityTables['identity_credentials']

const ofUser = (db: Db, userId: string) =>
  db.selectFrom('identity_credentials').selectAll().where('user_id', '=', userId).where('type', '=', ec2Type)

export async function listEc2Credentials(call: Call<IdentityDeps>): Promise<Reply> {
  const userId = call.params.id!
  call.enforce('identity:ec2_list_credentials', { userId })
  await findUser(dbOf(call), userId)
  const seal = await readSeal(dbOf(call))
  const rows = await ofUser(dbOf(call), userId).orderBy('id').execute()
  return collection(
    call,
    'credentials',
    rows.map(row => ec2View(opened(row, seal), call.request.origin)),
  )
}

export async function showEc2Credential(call: Call<IdentityDeps>): Promise<Reply> {
  const { id: userId, access } = call.params
  call.enforce('identity:ec2_get_credential', { userId: userId! })
  const row = await ofUser(dbOf(call), userId!).where('id', '=', accessId(access!)).executeTakeFirst()
  if (!row) throw fault('IdentityStoredCredentialNotFound', { id: access })
  const credential = opened(row, await readSeal(dbOf(call)))
  return json(200, { credential: ec2View(credential, call.request.origin) })
}

export async function createEc2Credential(call: Call<IdentityDeps>): Promise<Reply> {
  const userId = call.params.id!
  call.enforce('identity:ec2_create_credential', { userId })
  const { tenant_id: projectId } = bodyOf(ec2CredentialCreate, call)
  await findUser(dbOf(call), userId)
  await findProject(dbOf(call), projectId)
  const access = newHexId()
  const row = {
    id: accessId(access),
    user_id: userId,
    project_id: projectId,
    type: ec2Type,
    blob: JSON.stringify({ access, secret: newHexId(), trust_id: null }),
  }
  await keep(call, row)
  return json(201, { credential: ec2View(row, call.request.origin) })
}

export async function deleteEc2Credential(call: Call<IdentityDeps>): Promise<Reply> {
  const { id: userId, access } = call.params
  call.enforce('identity:ec2_delete_credential', { userId: userId! })
  const { numDeletedRows } = await call.deps.store.accept((tx: Tx) =>
    tx
      .deleteFrom('identity_credentials')
      .where('user_id', '=', userId!)
      .where('type', '=', ec2Type)
      .where('id', '=', accessId(access!))
      .executeTakeFirst(),
  )
  if (numDeletedRows === 0n) throw fault('IdentityStoredCredentialNotFound', { id: access })
  return empty(204)
}

function ec2View({ user_id, project_id, blob }: StoredCredential, origin: string) {
  const { access, secret, trust_id } = readJson<{ access: string; secret?: string; trust_id?: string }>(blob)
  return {
    user_id,
    tenant_id: project_id,
    access,
    secret: secret ?? null,
    trust_id: trust_id ?? null,
    links: linkTo(origin, `/users/${user_id}/credentials/OS-EC2/${access}`),
  }
}
