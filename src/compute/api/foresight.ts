// What would become of a create: the checks a real one meets, in the same order by the same code, and what the
// scheduler would say. Nothing is written, claimed or told to anybody.
import { newUuid } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { querySchema } from '../../platform/http/query.ts'
import { type Route, row } from '../../platform/http/service.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { behalfOf } from '../accept.ts'
import type { ComputeDeps } from '../deps.ts'
import { foresee } from '../operations/foresee.ts'
import { requestFor } from '../operations/schedule.ts'
import type { ImageSnapshot } from '../snapshots.ts'
import { findServerGroup } from '../store/server-groups.ts'
import type { ComputeTables } from '../tables.ts'
import { type ComputeCall, projectOf } from './call.ts'
import { findFlavorFor } from './create/flavor.ts'
import { findImageFor } from './create/image.ts'
import { readZone } from './create/zone.ts'
import { createBody } from './schemas/servers.ts'
import { admitServers, fitQuota, serverRow, type Wanted } from './server-create.ts'

/** `POST /servers` as a dry run. */
async function foreseeServers(call: ComputeCall): Promise<Reply> {
  const wanted = await admitServers(call)
  const fits = await call.deps.store.transaction<ComputeTables, Awaited<ReturnType<typeof fitQuota>>>(tx =>
    fitQuota(tx, call, wanted),
  )
  return json(200, { servers: fits.total, placement: [await placementFor(call, wanted, fits)] })
}

/** Where a server of a flavor would go: `?flavor=…&image=…&zone=…&host=…&hint=key=value`. */
async function foreseePlacement(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:servers:create', { projectId: projectOf(call) })
  const { query } = call
  const imageId = query.one('image')
  const asked = {
    name: 'placement',
    flavorRef: query.one('flavor') ?? '',
    ...(query.has('zone') ? { availability_zone: query.one('zone') ?? '' } : {}),
    ...(query.has('host') ? { host: query.one('host') ?? '' } : {}),
  }
  const [flavor, image, zone] = await Promise.all([
    findFlavorFor(call, asked.flavorRef),
    imageId === undefined ? undefined : findImageFor(call, imageId),
    readZone(call, asked),
  ])
  image?.checkAgainst(flavor)
  const hints = hintsIn(query.many('hint'))
  const wanted: Wanted = {
    asked,
    hints,
    count: { min: 1, max: 1 },
    flavor,
    imageId: image?.snapshot.id ?? anyImage.id,
    image: image?.snapshot ?? anyImage,
    devices: [],
    publicKey: null,
    files: [],
    zone,
    requestedNetworks: 'none',
    groupNames: [],
  }
  const groupId = await groupIn(call, hints.group)
  return json(200, { placement: await placementFor(call, wanted, { total: 1, groupId }) })
}

/** A group of others is not there, as for a create. */
async function groupIn(call: ComputeCall, hint: unknown): Promise<string | null> {
  if (typeof hint !== 'string') return null
  const group = await findServerGroup(tables<ComputeTables>(call.deps.store), hint)
  if (group?.project_id !== projectOf(call)) throw fault('GroupInHintNotFound', { group: hint })
  return group.id
}

async function placementFor(
  call: ComputeCall,
  wanted: Wanted,
  { total, groupId }: { readonly total: number; readonly groupId: string | null },
) {
  const { deps } = call
  const server = serverRow(call, wanted, {
    id: newUuid(),
    index: 0,
    total,
    seq: 0,
    groupId,
    reservationId: '',
    now: deps.clock.now(),
  })
  const request = {
    ...(await requestFor(deps, server)),
    servers: [server.id, ...Array.from({ length: total - 1 }, newUuid)],
    force: wanted.zone.force,
    requested: wanted.zone.requested,
  }
  return foresee(deps, behalfOf(call), request, call.auth.isAdmin)
}

/** Stands where no image is named: one that asks for nothing. */
const anyImage: ImageSnapshot = {
  id: '-',
  name: '',
  minDiskGb: 0,
  minRamMb: 0,
  sizeBytes: 0,
  diskFormat: '',
  containerFormat: '',
  owner: null,
  properties: {},
}

/** `different_host=a`, `different_host=b`: a key given again is a list. */
function hintsIn(texts: readonly string[]): Readonly<Record<string, string | readonly string[]>> {
  const hints = new Map<string, string | readonly string[]>()
  for (const text of texts) {
    const at = text.indexOf('=')
    const [key, value] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
    const before = hints.get(key)
    hints.set(
      key,
      before === undefined ? value : [...(typeof before === 'string' ? [before] : before), value],
    )
  }
  return Object.fromEntries(hints)
}

const placementQuery = querySchema(
  {
    flavor: { type: 'string', minLength: 1 },
    image: { type: 'string', minLength: 1 },
    zone: { type: 'string' },
    host: { type: 'string', minLength: 1 },
  },
  { multi: { hint: { type: 'string' } }, others: 'refused' },
)

export const foresightRoutes: readonly Route<ComputeDeps>[] = [
  row('POST', '/servers', foreseeServers, { body: createBody }),
  row('GET', '/placement', foreseePlacement, { query: placementQuery }),
]
