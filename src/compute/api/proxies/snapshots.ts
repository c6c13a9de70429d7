// /os-snapshots, up to 2.35: the volume service's snapshots in Nova's old shape, the same in lists as alone.
import { empty, json, type Reply } from '../../../platform/http/types.ts'
import { list, part } from '../../neighbours/http/session.ts'
import { bodyOf, type ComputeCall, readBoolean } from '../call.ts'
import type { ProxiedSnapshotBody } from '../schemas/proxies.ts'
import type { Item } from './ask.ts'
import { askVolumeService, at, pageOf } from './volume-service.ts'

const snapshotView = (snapshot: Item) => ({
  id: snapshot.id,
  volumeId: snapshot.volume_id,
  status: snapshot.status,
  size: snapshot.size,
  createdAt: snapshot.created_at,
  displayName: snapshot.name,
  displayDescription: snapshot.description,
})

const page = async (call: ComputeCall): Promise<Reply> => {
  const reply = await askVolumeService(call, 'GET', `/snapshots/detail${pageOf(call)}`, null)
  return json(200, { snapshots: list(reply, 'snapshots').map(snapshotView) })
}

export function listSnapshots(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:snapshots:list')
  return page(call)
}

export function listSnapshotDetails(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:snapshots:detail')
  return page(call)
}

export async function showSnapshot(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:snapshots:show')
  const id = call.params.id! // in the route's path
  const reply = await askVolumeService(call, 'GET', at('snapshots', id), { snapshot: id })
  return json(200, { snapshot: snapshotView(part(reply, 'snapshot')) })
}

export async function createSnapshot(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:snapshots:create')
  const { volume_id: volume, force = false, ...named } = bodyOf<ProxiedSnapshotBody>(call).snapshot
  const body = {
    snapshot: {
      volume_id: volume,
      force: readBoolean(String(force)),
      name: named.display_name,
      description: named.display_description,
    },
  }
  const reply = await askVolumeService(call, 'POST', '/snapshots', { volume }, body)
  return json(200, { snapshot: snapshotView(part(reply, 'snapshot')) })
}

export async function deleteSnapshot(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-volumes:snapshots:delete')
  const id = call.params.id! // in the route's path
  await askVolumeService(call, 'DELETE', at('snapshots', id), { snapshot: id })
  return empty(202)
}
