// Flavors: lists, show, and what administrators may do with them.
import { newUuid } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { notifyFlavor } from '../notifications/notify.ts'
import { senderOf } from '../notifications/sender.ts'
import {
  deleteFlavor,
  describeFlavor,
  type FlavorRow,
  type FlavorSortKey,
  type FlavorViewer,
  findFlavor,
  flavorProjects,
  insertFlavor,
  listFlavors,
} from '../store/flavors.ts'
import type { ComputeTables } from '../tables.ts'
import { bodyOf, type ComputeCall, pageLimit, projectOf, readBoolean } from './call.ts'
import { links, nextLink } from './links.ts'
import { versionOf } from './negotiate.ts'
import type { CreateFlavorBody, UpdateFlavorBody } from './schemas/flavors.ts'
import { listFlavorView, showFlavorView } from './views/flavors.ts'

export const viewerOf = (call: ComputeCall): FlavorViewer => ({
  projectId: projectOf(call),
  isAdmin: call.auth.isAdmin,
})

/** The flavor in the path, as the caller may see it; 404 otherwise. */
export async function flavorInPath(call: ComputeCall): Promise<FlavorRow> {
  const id = call.params.id! // in the route's path
  const flavor = await findFlavor(tables<ComputeTables>(call.deps.store), viewerOf(call), id)
  if (!flavor) throw fault('FlavorNotFound', { flavor: id })
  return flavor
}

export const listFlavorNames = async (call: ComputeCall): Promise<Reply> => {
  const { page, next } = await flavorPage(call, '/flavors')
  const show = listFlavorView(versionOf(call))
  return json(200, { flavors: page.map(flavor => show(flavor, flavorLinks(call, flavor))), ...next })
}

export const listFlavorDetails = async (call: ComputeCall): Promise<Reply> => {
  const { page, next } = await flavorPage(call, '/flavors/detail')
  return json(200, { flavors: page.map(flavor => shown(call, flavor)), ...next })
}

export const showFlavor = async (call: ComputeCall): Promise<Reply> =>
  json(200, { flavor: shown(call, await flavorInPath(call)) })

const flavorLinks = (call: ComputeCall, flavor: FlavorRow) => links(call, `/flavors/${flavor.id}`)

const shown = (call: ComputeCall, flavor: FlavorRow) =>
  showFlavorView(versionOf(call), { extraSpecs: call.allows('os_compute_api:os-flavor-extra-specs:index') })(
    flavor,
    flavorLinks(call, flavor),
  )

async function flavorPage(call: ComputeCall, path: string) {
  const db = tables<ComputeTables>(call.deps.store)
  const viewer = viewerOf(call)
  const limit = pageLimit(call)
  const marker = call.query.one('marker')
  const after = marker === undefined ? null : await findFlavor(db, viewer, marker)
  if (after === undefined) throw fault('FlavorMarkerNotFound', { marker })
  const page = await listFlavors(db, viewer, {
    isPublic: viewer.isAdmin ? publicFilter(call) : true,
    minRamMb: amountFilter(call, 'minRam'),
    minDiskGb: amountFilter(call, 'minDisk'),
    name: versionOf(call).has('strictQueriesEverywhere') ? call.query.one('name') : undefined,
    sortKey: (call.query.many('sort_key')[0] ?? 'flavorid') as FlavorSortKey, // one of them, says the schema
    sortDir: call.query.many('sort_dir')[0] === 'desc' ? 'desc' : 'asc',
    after,
    limit,
  })
  const ids = page.map(flavor => flavor.id)
  const next = nextLink(call, path, limit, ids)
  return { page, next: next && { flavors_links: next } }
}

// nova's _parse_is_public: absent means public ones, `none` both kinds.
function publicFilter(call: ComputeCall): boolean | null {
  const value = call.query.one('is_public')
  if (value === undefined) return true
  if (value.toLowerCase() === 'none') return null
  const wanted = readBoolean(value)
  if (wanted === undefined) throw fault('FlavorFilterInvalid', { filter: 'is_public', value })
  return wanted
}

function amountFilter(call: ComputeCall, filter: string): number | undefined {
  const value = call.query.one(filter)
  if (value === undefined) return undefined
  if (!/^\s*[+-]?\d+\s*$/.test(value) || Math.abs(Number(value)) > limits.quotaValueMax)
    throw fault('FlavorFilterInvalid', { filter, value })
  return Number(value)
}

export const createFlavor = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-flavor-manage:create')
  const { flavor: asked } = bodyOf<CreateFlavorBody>(call)
  const wanted = {
    id: asked.id === undefined || asked.id === null ? newUuid() : String(asked.id),
    name: asked.name,
    vcpus: Number(asked.vcpus),
    memory_mb: Number(asked.ram),
    root_gb: Number(asked.disk),
    ephemeral_gb: Number(asked['OS-FLV-EXT-DATA:ephemeral'] ?? 0),
    swap_mb: Number(asked.swap ?? 0),
    rxtx_factor: Number(asked.rxtx_factor ?? 1),
    is_public: isPublic(asked['os-flavor-access:is_public']) ? 1 : 0,
    disabled: 0,
    description: asked.description ?? null,
    extra_specs_json: '{}',
    created_at: call.deps.clock.now(),
    updated_at: null,
  } as const
  const flavor = await call.deps.store.accept<ComputeTables, FlavorRow>(async tx => {
    const made = await insertFlavor(tx, wanted)
    if (made) return made
    const everything = { projectId: '', isAdmin: true }
    throw (await findFlavor(tx, everything, wanted.id))
      ? fault('FlavorIdExists', { flavor: wanted.id })
      : fault('FlavorExists', { name: wanted.name })
  })
  notifyFlavor(senderOf(call), 'create', flavor)
  return json(200, { flavor: shown(call, flavor) })
}

const isPublic = (value: boolean | string | undefined): boolean =>
  typeof value === 'string' ? readBoolean(value) === true : (value ?? true)

export const updateFlavor = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-flavor-manage:update')
  const { description } = bodyOf<UpdateFlavorBody>(call).flavor
  const { id } = await flavorInPath(call)
  const flavor = await call.deps.store.accept<ComputeTables, FlavorRow | undefined>(tx =>
    describeFlavor(tx, id, description, call.deps.clock.now()),
  )
  if (!flavor) throw fault('FlavorNotFound', { flavor: id })
  await notifyFlavorUpdate(call, flavor)
  return json(200, { flavor: shown(call, flavor) })
}

export const removeFlavor = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-flavor-manage:delete')
  const id = call.params.id! // in the route's path
  const flavor = await call.deps.store.accept<ComputeTables, FlavorRow | undefined>(tx =>
    deleteFlavor(tx, id),
  )
  if (!flavor) throw fault('FlavorNotFound', { flavor: id })
  notifyFlavor(senderOf(call), 'delete', flavor)
  return empty(202)
}

/** `flavor.update`: the flavor as it is now, with the projects it was given to. */
export async function notifyFlavorUpdate(call: ComputeCall, flavor: FlavorRow): Promise<void> {
  if (!call.deps.notifier.wants('versioned')) return
  const projects = flavor.is_public
    ? []
    : await flavorProjects(tables<ComputeTables>(call.deps.store), flavor.id)
  notifyFlavor(senderOf(call), 'update', flavor, projects)
}
