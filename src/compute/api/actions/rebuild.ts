// rebuild.
import { canonicalIpv6 } from '../../../base/ipv6.ts'
import { fault } from '../../../model/errors.ts'
import type { Reply } from '../../../platform/http/types.ts'
import { tables } from '../../../platform/store/store.ts'
import { accept, checkAdmission } from '../../accept.ts'
import type { RebuildArgs } from '../../operations/rebuild.ts'
import type { InjectedFile } from '../../snapshots.ts'
import { findKeypair } from '../../store/keypairs.ts'
import { checkMetadataQuota } from '../../store/quotas.ts'
import { flavorOf, type ServerPatch, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'
import { readFiles } from '../create/files.ts'
import { findImageFor } from '../create/image.ts'
import { versionOf } from '../negotiate.ts'
import { newPassword } from '../server-create.ts'
import { changedServer } from '../servers.ts'
import { requireHost } from './power.ts'

interface RebuildValue {
  readonly imageRef: string
  readonly personality?: readonly InjectedFile[]
  readonly name?: string
  readonly adminPass?: string
  readonly metadata?: Readonly<Record<string, string>>
  readonly 'OS-DCF:diskConfig'?: 'AUTO' | 'MANUAL'
  readonly accessIPv4?: string
  readonly accessIPv6?: string
  readonly description?: string | null
  readonly key_name?: string | null
  readonly user_data?: string | null
  readonly trusted_image_certificates?: readonly string[] | null
  readonly hostname?: string
}

export async function rebuild(call: ComputeCall, server: ServerRow, value: RebuildValue): Promise<Reply> {
  checkAdmission(call, server, 'rebuild')
  requireHost(server)
  const image = await findImageFor(call, value.imageRef, 'RebuildImageNotFound')
  image.checkAgainst(flavorOf(server))
  const keyName = value.key_name === undefined ? server.key_name : value.key_name
  const publicKey = await keyOf(call, server, keyName, value.key_name !== undefined)
  const owner = { projectId: server.project_id, userId: server.user_id }
  const args: RebuildArgs = {
    oldImageId: server.image_id,
    oldImageJson: server.image_json,
    isNewImage: server.image_id !== value.imageRef,
    wasStopped: server.vm_state === 'stopped',
    publicKey,
    files: await readFiles(tables<ComputeTables>(call.deps.store), owner, value.personality),
  }
  const patch: ServerPatch = {
    task_state: 'rebuilding',
    progress: 0,
    image_id: image.snapshot.id,
    image_json: JSON.stringify(image.snapshot),
    key_name: keyName,
    ...(value.name === undefined ? {} : { name: value.name.trim() }),
    ...(value.metadata === undefined ? {} : { metadata_json: JSON.stringify(value.metadata) }),
    ...(value['OS-DCF:diskConfig'] === undefined
      ? {}
      : { auto_disk_config: value['OS-DCF:diskConfig'] === 'AUTO' ? (1 as const) : (0 as const) }),
    ...(value.accessIPv4 === undefined ? {} : { access_ipv4: value.accessIPv4 }),
    ...(value.accessIPv6 === undefined ? {} : { access_ipv6: canonicalIpv6(value.accessIPv6) }),
    ...(value.description === undefined ? {} : { description: value.description }),
    ...(value.user_data === undefined ? {} : { user_data: value.user_data }),
    ...(value.trusted_image_certificates === undefined
      ? {}
      : {
          trusted_certs_json:
            value.trusted_image_certificates && JSON.stringify(value.trusted_image_certificates),
        }),
    ...(value.hostname === undefined ? {} : { hostname: value.hostname }),
  }
  const changed = await accept(call, {
    kind: 'rebuild',
    action: 'rebuild',
    name: 'rebuild',
    server,
    patch,
    args,
    also: tx => checkMetadataQuota(tx, owner, Object.keys(value.metadata ?? {}).length),
  })
  const version = versionOf(call)
  const more = [
    ['adminPass', value.adminPass ?? newPassword()],
    ...(version.has('rebuildKeyName') && !version.has('strictQueries')
      ? [['key_name', changed.key_name]]
      : []),
    ...(version.has('noPersonality') ? [['user_data', changed.user_data]] : []),
  ]
  return changedServer(
    call,
    changed,
    'rebuild',
    more.map(([key, item]) => `${JSON.stringify(key)}: ${JSON.stringify(item)}`).join(', '),
  )
}

/** The key pair is the owner's: an administrator rebuilding a server does not put theirs in. */
async function keyOf(
  call: ComputeCall,
  server: ServerRow,
  name: string | null,
  isAsked: boolean,
): Promise<string | null> {
  if (name === null) return null
  const found = await findKeypair(tables<ComputeTables>(call.deps.store), server.user_id, name)
  if (!found && isAsked) throw fault('KeyNameNotFound')
  return found?.public_key ?? null
}
