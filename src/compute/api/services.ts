// The services of the cloud: agents, conductors, schedulers. Two forms: verbs on host and binary up to 2.52, then
// changes of the service the path names.
import { isUuidLike } from '../../base/ids.ts'
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import { behalfOf } from '../accept.ts'
import { notifyService } from '../notifications/notify.ts'
import { senderOf } from '../notifications/sender.ts'
import { tellProviderStatus } from '../provider-status.ts'
import { zonesOfHosts } from '../store/aggregates.ts'
import {
  computeBinary,
  deleteService,
  findService,
  hasMigrations,
  hostsServers,
  isUp,
  listServices,
  type ServiceChange,
  type ServiceRow,
  updateService,
} from '../store/services.ts'
import type { ComputeTables } from '../tables.ts'
import { zoneOfService } from './availability-zones.ts'
import { bodyOf, type ComputeCall, readBoolean } from './call.ts'
import { versionOf } from './negotiate.ts'
import type { ServiceVerbBody, UpdateServiceBody } from './schemas/machinery.ts'
import { serviceView } from './views/services.ts'

export const listAllServices = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-services:list')
  const services = await listServices(tables<ComputeTables>(call.deps.store), {
    host: call.query.one('host'),
    binary: call.query.one('binary'),
  })
  return json(200, { services: await shown(call, services) })
}

async function shown(call: ComputeCall, services: readonly ServiceRow[]) {
  const zones = await zonesOfHosts(tables<ComputeTables>(call.deps.store))
  const now = call.deps.clock.now()
  const show = serviceView(versionOf(call))
  return services.map(service =>
    show({ service, zone: zoneOfService(service, zones), isUp: isUp(service, now) }),
  )
}

export const changeService = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-services:update')
  return versionOf(call).has('serviceUuids') ? changeNamedService(call) : runVerb(call)
}

const isTrue = (value: boolean | string): boolean =>
  typeof value === 'string' ? readBoolean(value) === true : value

/** What each verb of `PUT /os-services/{verb}` changes, and what it answers beside host and binary. */
const verbs: Readonly<
  Record<
    string,
    (body: ServiceVerbBody) => { readonly change: ServiceChange; readonly answer: Record<string, unknown> }
  >
> = {
  enable: () => ({ change: { disabled: 0, disabled_reason: null }, answer: { status: 'enabled' } }),
  disable: () => ({ change: { disabled: 1, disabled_reason: null }, answer: { status: 'disabled' } }),
  'disable-log-reason': ({ disabled_reason }) => {
    if (disabled_reason === undefined) throw fault('MissingDisabledReason')
    return { change: { disabled: 1, disabled_reason }, answer: { status: 'disabled', disabled_reason } }
  },
  'force-down': ({ forced_down }) => {
    if (forced_down === undefined) throw fault('MissingField', { field: 'forced_down' })
    return { change: { forced_down: isTrue(forced_down) ? 1 : 0 }, answer: { forced_down } }
  },
}

async function runVerb(call: ComputeCall): Promise<Reply> {
  const name = call.params.id! // in the route's path
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (!verb || (name === 'force-down' && !versionOf(call).has('serviceForcedDown')))
    throw fault('UnknownServiceAction')
  const body = bodyOf<ServiceVerbBody>(call)
  const { host, binary } = body
  const { change, answer } = verb(body)
  await save(call, { host, binary }, change)
  return json(200, { service: { host, binary, ...answer } })
}

async function changeNamedService(call: ComputeCall): Promise<Reply> {
  const service = await serviceInPath(call)
  const body = bodyOf<UpdateServiceBody>(call)
  if (service.binary !== computeBinary) throw fault('ServiceNotUpdatable', { binary: service.binary })
  if (body.disabled_reason !== undefined && body.status !== 'disabled')
    throw fault('DisabledReasonWithoutStatus')
  if (body.status === undefined && body.forced_down === undefined) throw fault('NoServiceUpdates')
  const changed = await save(call, service, {
    ...(body.status === undefined
      ? {}
      : { disabled: body.status === 'disabled' ? 1 : 0, disabled_reason: body.disabled_reason ?? null }),
    ...(body.forced_down === undefined ? {} : { forced_down: isTrue(body.forced_down) ? 1 : 0 }),
  })
  return json(200, { service: (await shown(call, [changed]))[0] })
}

async function save(
  call: ComputeCall,
  { host, binary }: { readonly host: string; readonly binary: string },
  change: ServiceChange,
): Promise<ServiceRow> {
  const changed = await call.deps.store.accept<ComputeTables, ServiceRow | undefined>(tx =>
    updateService(tx, { host, binary }, change),
  )
  if (!changed) throw fault('HostBinaryNotFound', { binary, host })
  notifyService(senderOf(call), 'update', changed)
  if (change.disabled !== undefined) {
    const { store, neighbours } = call.deps
    await tellProviderStatus({ store, placement: neighbours.placement }, behalfOf(call), changed)
  }
  return changed
}

/** By uuid from 2.53, by number before; 400 when it is neither, 404 when there is none. */
async function serviceInPath(call: ComputeCall): Promise<ServiceRow> {
  const id = call.params.id! // in the route's path
  const byUuid = versionOf(call).has('serviceUuids')
  if (byUuid && !isUuidLike(id)) throw fault('UuidInvalid', { id })
  if (!byUuid && !/^-?\d{1,9}$/.test(id)) throw fault('IdNotInteger')
  const service = await findService(
    tables<ComputeTables>(call.deps.store),
    byUuid ? { uuid: id } : { id: Number(id) },
  )
  if (!service) throw fault('ServiceNotFound', { service: id })
  return service
}

export const removeService = async (call: ComputeCall): Promise<Reply> => {
  call.enforce('os_compute_api:os-services:delete')
  const service = await serviceInPath(call)
  await call.deps.store.accept<ComputeTables, void>(async tx => {
    if (service.binary === computeBinary) {
      if (await hostsServers(tx, service.host)) throw fault('ServiceHostsServers')
      if (await hasMigrations(tx, service.host)) throw fault('ServiceHasMigrations')
    }
    await deleteService(tx, service)
  })
  notifyService(senderOf(call), 'delete', service)
  return empty(204)
}
