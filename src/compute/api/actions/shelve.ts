// shelve, shelveOffload and unshelve.
import { fault } from '../../../model/errors.ts'
import { empty, type Reply } from '../../../platform/http/types.ts'
import { tables } from '../../../platform/store/store.ts'
import { accept, checkAdmission } from '../../accept.ts'
import { acceptSnapshot } from '../../snapshot-images.ts'
import { findKeypair } from '../../store/keypairs.ts'
import { isVolumeBacked, type ServerRow } from '../../store/servers.ts'
import type { ComputeTables } from '../../tables.ts'
import type { ComputeCall } from '../call.ts'
import { readZone } from '../create/zone.ts'
import { requireHost } from './power.ts'

export async function shelve(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'shelve')
  requireHost(server)
  if (isVolumeBacked(server)) {
    // Its disk is kept where it is: the host is given back at once, whatever time shelved servers keep theirs.
    await accept(call, {
      kind: 'shelveOffload',
      action: 'shelve',
      name: 'shelve',
      server,
      patch: { task_state: 'shelving' },
      args: { isStopped: true },
    })
    return empty(202)
  }
  await acceptSnapshot(
    call,
    server,
    { name: `${server.name}-shelved`, metadata: {} },
    { kind: 'shelve', action: 'shelve', name: 'shelve', patch: { task_state: 'shelving' } },
  )
  return empty(202)
}

export async function shelveOffload(call: ComputeCall, server: ServerRow): Promise<Reply> {
  checkAdmission(call, server, 'shelveOffload')
  await accept(call, {
    kind: 'shelveOffload',
    action: 'shelveOffload',
    name: 'shelveOffload',
    server,
    patch: { task_state: 'shelving_offloading' },
    args: {},
  })
  return empty(202)
}

interface UnshelveValue {
  readonly availability_zone?: string | null
  readonly host?: string
}

export async function unshelve(
  call: ComputeCall,
  server: ServerRow,
  value: UnshelveValue | null,
): Promise<Reply> {
  const wanted = value !== null && typeof value === 'object' ? value : {}
  if (wanted.host !== undefined) call.enforce('os_compute_api:os-shelve:unshelve_to_host')
  checkAdmission(call, server, 'unshelve')
  if (server.vm_state === 'shelved' && (wanted.availability_zone !== undefined || wanted.host !== undefined))
    throw fault('UnshelveZoneOfShelved', { server: server.id, state: server.vm_state })
  const { requested } = await readZone(call, {
    ...(wanted.availability_zone ? { availability_zone: wanted.availability_zone } : {}),
    ...(wanted.host === undefined ? {} : { host: wanted.host }),
  })
  const key =
    server.key_name === null
      ? undefined
      : await findKeypair(tables<ComputeTables>(call.deps.store), server.user_id, server.key_name)
  await accept(call, {
    kind: 'unshelve',
    action: 'unshelve',
    name: 'unshelve',
    server,
    patch: {
      task_state: 'unshelving',
      ...(wanted.availability_zone === undefined ? {} : { pinned_zone: wanted.availability_zone }),
    },
    args: { host: requested?.host ?? null, publicKey: key?.public_key ?? null },
  })
  return empty(202)
}
