// Host aggregates. A host is in one availability zone at most, whatever aggregates it is in; servers do not change
// their zone by administrators' renaming it.
import type { Transaction } from 'kysely'
import { newUuid } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { type AggregateAction, notifyAggregate } from '../notifications/notify.ts'
import { senderOf } from '../notifications/sender.ts'
import {
  type AggregateRecord,
  addAggregateHost,
  deleteAggregate,
  findAggregate,
  haveServers,
  insertAggregate,
  isNameTaken,
  listAggregates,
  otherZones,
  removeAggregateHost,
  writeAggregate,
  zoneKey,
} from '../store/aggregates.ts'
import { takeTurn } from '../store/locks.ts'
import { computeBinary, listServices } from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import { actionOf } from './actions.ts'
import { bodyOf, type ComputeCall } from './call.ts'
import { versionOf } from './negotiate.ts'
import {
  addHostBody,
  type CreateAggregateBody,
  removeHostBody,
  type SetAggregateMetadataBody,
  setAggregateMetadataBody,
  type UpdateAggregateBody,
} from './schemas/machinery.ts'
import { aggregateView } from './views/aggregates.ts'

type Tx = Transaction<ComputeTables>

export const listAllAggregates = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-aggregates:index')
  const aggregates = await listAggregates(tables<ComputeTables>(call.deps.store))
  return json(200, { aggregates: aggregates.map(aggregate => shown(call, aggregate)) })
}

const shown = (call: ComputeCall, aggregate: AggregateRecord, members = true) =>
  aggregateView(versionOf(call), { members })(aggregate)

const answer = (call: ComputeCall, aggregate: AggregateRecord) =>
  json(200, { aggregate: shown(call, aggregate) })

export const showAggregate = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-aggregates:show')
  const id = aggregateIdOf(call)
  const aggregate = await findAggregate(tables<ComputeTables>(call.deps.store), id)
  if (!aggregate) throw fault('AggregateNotFound', { aggregate: id })
  return answer(call, aggregate)
}

/** The number in the path; 400 when it is none. */
export function aggregateIdOf(call: ComputeCall): number {
  const id = call.params.id! // in the route's path
  if (!/^[+-]?\d+$/.test(id)) throw fault('IdNotInteger')
  const number = Number(id)
  if (Math.abs(number) > 0x7fff_ffff) throw fault('AggregateNotFound', { aggregate: id })
  return number
}

export const createAggregate = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-aggregates:create')
  const { name, availability_zone: zone } = bodyOf<CreateAggregateBody>(call).aggregate
  const metadata: Readonly<Record<string, string>> = zone ? { [zoneKey]: zone } : {}
  const wanted = {
    uuid: newUuid(),
    name,
    metadata,
    createdAt: call.deps.clock.now(),
  }
  notifyAggregate(senderOf(call), 'create', 'start', { ...wanted, id: null, hosts: null })
  const aggregate = await call.deps.store.accept<ComputeTables, AggregateRecord>(async tx => {
    const made = await insertAggregate(tx, wanted)
    if (!made) throw fault('AggregateNameExists', { name })
    return made
  })
  notifyAggregate(senderOf(call), 'create', 'end', aggregate)
  return json(200, { aggregate: shown(call, aggregate, false) })
}

/**
 * One change of the aggregate in the path, told before and after. Changes of aggregates take turns, so that two of
 * them cannot put a host into two zones.
 */
async function change(
  call: ComputeCall,
  action: AggregateAction,
  told: Parameters<typeof notifyAggregate>[4],
  apply: (tx: Tx, aggregate: AggregateRecord) => Promise<void>,
): Promise<AggregateRecord> {
  const id = aggregateIdOf(call)
  const { before, after } = await call.deps.store.accept<
    ComputeTables,
    { before: AggregateRecord; after: AggregateRecord | undefined }
  >(async tx => {
    await takeTurn(tx, 'aggregates')
    const found = await findAggregate(tx, id)
    if (!found) throw fault('AggregateNotFound', { aggregate: id })
    await apply(tx, found)
    return { before: found, after: await findAggregate(tx, id) }
  })
  notifyAggregate(senderOf(call), action, 'start', before, told)
  notifyAggregate(senderOf(call), action, 'end', after ?? before, told)
  return after ?? before
}

export const updateAggregate = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-aggregates:update')
  const { name, availability_zone: zone } = bodyOf<UpdateAggregateBody>(call).aggregate
  const told = zone === undefined ? {} : { metadata: { [zoneKey]: zone } }
  return answer(
    call,
    await change(call, 'update_prop', told, async (tx, aggregate) => {
      if (name !== undefined && (await isNameTaken(tx, name, aggregate.id)))
        throw fault('AggregateNameExists', { name })
      if (zone) await checkNewZone(tx, aggregate, zone, 'AggregateUpdateRefused')
      await writeAggregate(tx, aggregate.id, {
        name,
        metadata: zone === undefined ? undefined : patched(aggregate.metadata, { [zoneKey]: zone }),
        now: call.deps.clock.now(),
      })
    }),
  )
}

function patched(
  metadata: Readonly<Record<string, string>>,
  patch: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const entries = Object.entries({ ...metadata, ...patch })
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null))
}

// nova/compute/api.py, is_safe_to_update_az: hosts must not be in another zone, nor servers on them.
async function checkNewZone(
  tx: Tx,
  { id, hosts, metadata }: AggregateRecord,
  zone: string,
  code: 'AggregateUpdateRefused' | 'AggregateMetadataRefused',
): Promise<void> {
  const zones = await otherZones(tx, id, hosts, zone)
  if (zones.length > 0) throw fault(code, { aggregate: id, reason: conflict('One or more hosts', zones) })
  if (metadata[zoneKey] !== zone && (await haveServers(tx, hosts)))
    throw fault(code, { aggregate: id, reason: 'One or more hosts contain instances in this zone' })
}

const conflict = (who: string, zones: readonly string[]) =>
  `${who} already in availability zone(s) [${zones.map(zone => `'${zone}'`).join(', ')}]`

export const removeAggregate = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-aggregates:delete')
  await change(call, 'delete', {}, async (tx, { id, hosts }) => {
    if (hosts.length > 0) throw fault('AggregateNotEmpty', { aggregate: id })
    await deleteAggregate(tx, id)
  })
  return empty(200)
}

async function addHost(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-aggregates:add_host')
  const { host } = bodyOf<{ readonly add_host: { readonly host: string } }>(call).add_host
  return answer(
    call,
    await change(call, 'add_host', { host }, async (tx, { id, metadata }) => {
      const services = await listServices(tx, { host, binary: computeBinary })
      if (services.length === 0) throw fault('ComputeHostNotFound', { host })
      const zone = metadata[zoneKey]
      const zones = zone === undefined ? [] : await otherZones(tx, id, [host], zone)
      if (zones.length > 0)
        throw fault('AggregateHostRefused', { aggregate: id, reason: conflict('One or more hosts', zones) })
      if (!(await addAggregateHost(tx, id, host))) throw fault('AggregateHostExists', { aggregate: id, host })
    }),
  )
}

async function removeHost(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-aggregates:remove_host')
  const { host } = bodyOf<{ readonly remove_host: { readonly host: string } }>(call).remove_host
  return answer(
    call,
    await change(call, 'remove_host', { host }, async (tx, { id }) => {
      if (!(await removeAggregateHost(tx, id, host)))
        throw fault('AggregateHostNotRemovable', { aggregate: id, host })
    }),
  )
}

async function setMetadata(call: ComputeCall): Promise<Reply> {
  call.enforce('os_compute_api:os-aggregates:set_metadata')
  const { metadata: patch } = bodyOf<SetAggregateMetadataBody>(call).set_metadata
  return answer(
    call,
    await change(call, 'update_metadata', { metadata: patch }, async (tx, aggregate) => {
      const zone = patch[zoneKey]
      if (zone === '')
        throw fault('AggregateMetadataRefused', {
          aggregate: aggregate.id,
          reason: `Aggregate ${aggregate.name} does not support empty named availability zone`,
        })
      if (zone) await checkNewZone(tx, aggregate, zone, 'AggregateMetadataRefused')
      await writeAggregate(tx, aggregate.id, {
        metadata: patched(aggregate.metadata, patch),
        now: call.deps.clock.now(),
      })
    }),
  )
}

export const actOnAggregate = actionOf({
  add_host: { body: addHostBody, handler: addHost },
  remove_host: { body: removeHostBody, handler: removeHost },
  set_metadata: { body: setAggregateMetadataBody, handler: setMetadata },
})
