// GET /os-services, and PUT /os-services/{action}: switching services off and on, freezing backends
// (cinder/api/contrib/services.py).
import { isoMicros } from '../../base/time.ts'
import { fault } from '../../model/errors.ts'
import { empty, json, type Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { has } from '../negotiate.ts'
import type { VolumeTransaction } from '../store.ts'
import { zone } from '../zones.ts'
import { serviceActionSchemas } from './schemas.ts'
import { findService, readServices, type ServiceState, writeService } from './state.ts'

/** What runs: all of it in this process, so what answers is up. */
export async function listServices(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:services:index')
  const { clock, host } = call.deps
  const wanted = {
    binary: call.query.one('binary') ?? call.query.one('service'),
    host: call.query.one('host'),
  }
  const services = (await readServices(dbOf(call), host)).filter(
    service =>
      (wanted.binary === undefined || wanted.binary === service.binary) &&
      (wanted.host === undefined || isAt(service.host, wanted.host)),
  )
  return json(200, { services: services.map(service => serviceView(call, service, clock.now())) })
}

/** A host also stands for its backends (cinder/db/sqlalchemy/api.py, _filter_host). */
const isAt = (host: string, wanted: string): boolean => host === wanted || host.startsWith(`${wanted}@`)

const serviceView = (call: VolumeCall, service: ServiceState, now: number) => ({
  binary: service.binary,
  host: service.host,
  zone,
  status: service.isDisabled ? 'disabled' : 'enabled',
  state: 'up',
  updated_at: isoMicros(now),
  disabled_reason: service.disabledReason,
  ...(has(call, 'clusters') ? { cluster: null } : {}),
  ...(service.binary === 'cinder-volume'
    ? {
        replication_status: 'disabled',
        active_backend_id: null,
        frozen: service.isFrozen,
        ...(has(call, 'backendState') ? { backend_state: 'up' } : {}),
      }
    : {}),
})

type ActionName = keyof typeof serviceActionSchemas

/** The schema of the body, by the action of the path. */
export function serviceActionBody(call: VolumeCall): object {
  return serviceActionSchemas[actionOf(call)]
}

function actionOf(call: VolumeCall): ActionName {
  const name = call.params.action! // in the route's path
  const isLater =
    (name === 'failover' && !has(call, 'clusterFailover')) ||
    ((name === 'set-log' || name === 'get-log') && !has(call, 'logLevels'))
  if (isLater || !Object.hasOwn(serviceActionSchemas, name))
    throw fault('VolumeInputInvalid', { reason: 'Unknown action' })
  return name as ActionName // its own key
}

interface SwitchBody {
  readonly host: string
  readonly binary?: string
  readonly service?: string
  readonly disabled_reason?: string
}

export async function actOnService(call: VolumeCall): Promise<Reply> {
  call.enforce('volume_extension:services:update')
  const name = actionOf(call)
  switch (name) {
    case 'enable':
    case 'disable':
    case 'disable-log-reason':
      return switchService(call, name)
    case 'freeze':
    case 'thaw':
      return freeze(call, name === 'freeze')
    case 'failover':
    case 'failover_host':
      return failOver(call)
    case 'set-log':
    case 'get-log':
      throw fault('NotImplementedHere', { what: 'log levels of volume services' })
  }
}

async function switchService(
  call: VolumeCall,
  name: 'disable' | 'disable-log-reason' | 'enable',
): Promise<Reply> {
  const given = call.body as SwitchBody // as its schema says
  const isDisabled = name !== 'enable'
  const reason = name === 'disable-log-reason' ? (given.disabled_reason ?? null) : undefined
  await change(call, { binary: given.binary || given.service || '', host: given.host }, () => ({
    disabled: Number(isDisabled),
    ...(reason === undefined ? {} : { disabled_reason: reason }),
  }))
  return json(200, {
    disabled: isDisabled,
    ...(reason === undefined ? {} : { disabled_reason: reason }),
    host: given.host,
    service: given.service ?? '',
    binary: given.binary ?? '',
    status: isDisabled ? 'disabled' : 'enabled',
  })
}

async function change(
  call: VolumeCall,
  asked: { readonly binary: string; readonly host: string },
  make: (service: ServiceState) => Parameters<typeof writeService>[2],
): Promise<void> {
  const { host, clock, store } = call.deps
  const now = clock.now()
  await store.accept(async (tx: VolumeTransaction) => {
    const service = await findService(tx, host, asked)
    await writeService(tx, service, make(service), now)
  })
}

/** A frozen backend takes no new volumes; what it has stays as it is (cinder/volume/manager.py, freeze_host). */
async function freeze(call: VolumeCall, isFrozen: boolean): Promise<Reply> {
  const host = backendIn(call)
  call.enforce(isFrozen ? 'volume:freeze_host' : 'volume:thaw_host')
  await requireBackend(call, host)
  await change(call, { binary: 'cinder-volume', host }, service => {
    if (service.isFrozen === isFrozen) throw unchanged('frozen', host, isFrozen ? 'False' : 'True')
    return isFrozen
      ? { frozen: 1, disabled: 1, disabled_reason: 'frozen' }
      : { frozen: 0, disabled: 0, disabled_reason: null }
  })
  return empty(200)
}

/** cinder/volume/api.py, _replication_db_change. */
const unchanged = (field: string, host: string, expected: string, up = '') =>
  fault('VolumeInputInvalid', {
    reason: `No service could be changed: ${field} in ['${host}'] must be ${expected} ${up}to failover.`,
  })

/** The backend of the body: services have no cluster here, so naming one finds none (get_cluster_host upstream). */
function backendIn(call: VolumeCall): string {
  const { host, cluster } = call.body as { readonly host?: string; readonly cluster?: string | null } // its schema's
  const named = has(call, 'clusterFailover') ? cluster : undefined
  if (Boolean(named) === Boolean(host))
    throw fault('VolumeInputInvalid', {
      reason: has(call, 'clusterFailover')
        ? 'One and only one of cluster and host must be set.'
        : 'Host field is missing.',
    })
  if (named) throw fault('VolumeClusterNotFound', { cluster: named })
  return (host ?? '').split('#')[0]!
}

/** Nothing is replicated, so there is nowhere to go. */
async function failOver(call: VolumeCall): Promise<Reply> {
  const host = backendIn(call)
  call.enforce('volume:failover_host')
  await requireBackend(call, host)
  throw unchanged('replication_status', host, "['enabled', 'failed-over']", 'and must be up ')
}

/** Whoever names a backend that is not there asked for something wrong (_volume_api_proxy upstream). */
async function requireBackend(call: VolumeCall, host: string): Promise<void> {
  const services = await readServices(dbOf(call), call.deps.host)
  if (!services.some(service => service.binary === 'cinder-volume' && service.host === host))
    throw fault('VolumeInputInvalid', {
      reason: `Service cinder-volume could not be found on host ${host}.`,
    })
}
