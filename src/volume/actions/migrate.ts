// Moving volumes to another backend, of which there is none: what upstream refuses then is refused here
// (cinder/volume/api.py, migrate_volume).
import { fault } from '../../model/errors.ts'
import type { Reply } from '../../platform/http/types.ts'
import { dbOf, type VolumeCall } from '../access.ts'
import { has } from '../negotiate.ts'
import { poolOf } from '../services/scheduling.ts'
import { isEnabled } from '../services/state.ts'
import type { Volume } from '../store.ts'
import { backendOf } from '../zones.ts'

export interface MigrateBody {
  readonly host?: string | null
  readonly cluster?: string | null
}

export async function migrate(call: VolumeCall, volume: Volume, given: MigrateBody): Promise<Reply> {
  const cluster = has(call, 'migrateToCluster') ? given.cluster : undefined
  if (Boolean(cluster) === Boolean(given.host))
    throw fault('VolumeInputInvalid', {
      reason: has(call, 'migrateToCluster')
        ? 'One and only one of cluster and host must be set.'
        : 'Host field is missing.',
    })
  const here = call.deps.host
  const isThere =
    (given.host === backendOf(here) || given.host === poolOf(here)) &&
    (await isEnabled(dbOf(call), here, 'cinder-volume'))
  if (!isThere)
    throw fault('VolumeHostInvalid', {
      reason: `No available service named '${cluster || given.host}'`,
    })
  throw fault('VolumeInvalid', {
    reason: `Volume ${volume.id} status must be available or in-use, must not be migrating, have snapshots, be replicated, be part of a group and destination host/cluster must be different than the current one`,
  })
}
