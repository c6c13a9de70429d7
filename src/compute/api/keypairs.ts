// Key pairs: they belong to a user; administrators may manage other users' (2.10).
import type { Instant } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import type { PolicyRule } from '../../model/policies.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { notifyKeypair } from '../notifications/notify.ts'
import { senderOf } from '../notifications/sender.ts'
import { generateSshKeyPair, sshFingerprint, x509Fingerprint } from '../ssh-keys.ts'
import {
  deleteKeypair,
  findKeypair,
  insertKeypair,
  type KeypairRow,
  listKeypairs,
} from '../store/keypairs.ts'
import { checkKeypairQuota } from '../store/quotas.ts'
import type { ComputeTables } from '../tables.ts'
import { generateX509KeyPair } from '../x509-keys.ts'
import { bodyOf, type ComputeCall, pageLimit, projectOf } from './call.ts'
import { nextLink } from './links.ts'
import { versionOf } from './negotiate.ts'
import type { CreateKeypairBody } from './schemas/keypairs.ts'
import { createdKeypairView, listKeypairView, showKeypairView } from './views/keypairs.ts'

/** Whose key pairs are meant: the caller's, or those of `user_id` where policy allows. */
function ownerOf(call: ComputeCall, rule: PolicyRule, asked: string | undefined): string {
  const userId = (versionOf(call).has('keypairUsers') && asked) || call.auth.userId
  call.enforce(rule, { userId })
  return userId
}

export const listUserKeypairs = async (call: ComputeCall): Promise<Reply> => {
  const version = versionOf(call)
  const userId = ownerOf(call, 'os_compute_api:os-keypairs:index', call.query.one('user_id'))
  const isPaged = version.has('keypairPaging')
  const limit = isPaged ? pageLimit(call) : Number.MAX_SAFE_INTEGER
  const marker = isPaged ? call.query.one('marker') : undefined
  const db = tables<ComputeTables>(call.deps.store)
  if (marker !== undefined && !(await findKeypair(db, userId, marker)))
    throw fault('MarkerNotFound', { marker })
  const page = await listKeypairs(db, userId, { marker, limit })
  const next = isPaged
    ? nextLink(
        call,
        '/os-keypairs',
        limit,
        page.map(keypair => keypair.name),
      )
    : undefined
  const show = listKeypairView(version)
  return json(200, {
    keypairs: page.map(keypair => ({ keypair: show(keypair) })),
    ...(next && { keypairs_links: next }),
  })
}

export const showKeypair = async (call: ComputeCall): Promise<Reply> => {
  const userId = ownerOf(call, 'os_compute_api:os-keypairs:show', call.query.one('user_id'))
  const name = call.params.name! // in the route's path
  const keypair = await findKeypair(tables<ComputeTables>(call.deps.store), userId, name)
  if (!keypair) throw fault('KeypairNotFound', { name, user: userId })
  return json(200, { keypair: showKeypairView(versionOf(call))(keypair) })
}

export const createKeypair = async (call: ComputeCall): Promise<Reply> => {
  const version = versionOf(call)
  const { keypair: asked } = bodyOf<CreateKeypairBody>(call)
  const userId = ownerOf(call, 'os_compute_api:os-keypairs:create', asked.user_id)
  const type = asked.type ?? 'ssh'
  const isImport = asked.public_key !== undefined
  const action = isImport ? 'import' : 'create'
  const now = call.deps.clock.now()
  const key =
    asked.public_key === undefined ? await generated(type, userId, now) : imported(type, asked.public_key)
  const wanted = {
    user_id: userId,
    name: asked.name,
    type,
    public_key: key.publicKey,
    fingerprint: key.fingerprint,
    created_at: now,
  }
  notifyKeypair(senderOf(call), action, 'start', {
    ...wanted,
    fingerprint: null,
    public_key: isImport ? key.publicKey : null,
  })
  const keypair = await call.deps.store.accept<ComputeTables, KeypairRow>(async tx => {
    await checkKeypairQuota(tx, { projectId: projectOf(call), userId })
    const made = await insertKeypair(tx, wanted)
    if (!made) throw fault('KeypairExists', { name: asked.name })
    return made
  })
  notifyKeypair(senderOf(call), action, 'end', keypair)
  return json(version.has('keypairTypes') ? 201 : 200, {
    keypair: createdKeypairView(version)(keypair, key.privateKey),
  })
}

interface Key {
  readonly publicKey: string
  readonly fingerprint: string
  readonly privateKey: string | undefined
}

function imported(type: 'ssh' | 'x509', publicKey: string): Key {
  const fingerprint = type === 'ssh' ? sshFingerprint(publicKey) : x509Fingerprint(publicKey)
  if (fingerprint === undefined) throw fault('KeypairInvalid', { reason: 'failed to generate fingerprint' })
  return { publicKey, fingerprint, privateKey: undefined }
}

const generated = (type: 'ssh' | 'x509', userId: string, now: Instant): Promise<Key> =>
  type === 'ssh' ? generateSshKeyPair() : generateX509KeyPair(userId, now)

export const removeKeypair = async (call: ComputeCall): Promise<Reply> => {
  const userId = ownerOf(call, 'os_compute_api:os-keypairs:delete', call.query.one('user_id'))
  const name = call.params.name! // in the route's path
  const keypair = await call.deps.store.accept<ComputeTables, KeypairRow | undefined>(tx =>
    deleteKeypair(tx, userId, name),
  )
  if (!keypair) throw fault('KeypairNotFound', { name, user: userId })
  notifyKeypair(senderOf(call), 'delete', 'start', keypair)
  notifyKeypair(senderOf(call), 'delete', 'end', keypair)
  return empty(versionOf(call).has('keypairTypes') ? 204 : 202)
}
