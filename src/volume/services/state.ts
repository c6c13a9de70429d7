// The services of the volume part, all of them in this process: what runs, what was switched off.
import { fault } from '../../model/errors.ts'
import type { Db } from '../store.ts'
import { backendOf } from '../zones.ts'
import type { VolumeServiceRow } from './tables.ts'

export const binaries = ['cinder-scheduler', 'cinder-volume', 'cinder-backup'] as const
export type Binary = (typeof binaries)[number]

export interface ServiceState {
  readonly binary: Binary
  readonly host: string
  readonly isDisabled: boolean
  readonly disabledReason: string | null
  readonly isFrozen: boolean
  /** When it was switched; null when it never was. */
  readonly switchedAt: number | null
}

/** Where each of them runs, for the machine `host`. */
const places = (host: string): readonly { readonly binary: Binary; readonly host: string }[] =>
  binaries.map(binary => ({ binary, host: binary === 'cinder-volume' ? backendOf(host) : host }))

export async function readServices(db: Db, host: string): Promise<ServiceState[]> {
  const rows = await db.selectFrom('volume_services').selectAll().execute()
  return places(host).map(place => {
    const row = rows.find(one => one.binary_name === place.binary && one.host === place.host)
    return {
      ...place,
      isDisabled: row?.disabled === 1,
      disabledReason: row?.disabled_reason ?? null,
      isFrozen: row?.frozen === 1,
      switchedAt: row?.updated_at ?? null,
    }
  })
}

/** Whether work may be given to a service. */
export async function isEnabled(db: Db, host: string, binary: Binary): Promise<boolean> {
  const services = await readServices(db, host)
  return services.some(service => service.binary === binary && !service.isDisabled)
}

/** The service of that name at that host, where a host may be said without its backend; else a 404. */
export async function findService(
  db: Db,
  here: string,
  asked: { readonly binary: string; readonly host: string },
): Promise<ServiceState> {
  const found = (await readServices(db, here)).find(
    service => service.binary === asked.binary && service.host === asked.host,
  )
  if (!found) throw fault('VolumeServiceNotFound', { service: asked.binary, host: asked.host })
  return found
}

export async function writeService(
  db: Db,
  service: ServiceState,
  change: Partial<Pick<VolumeServiceRow, 'disabled' | 'disabled_reason' | 'frozen'>>,
  now: number,
): Promise<void> {
  const row: VolumeServiceRow = {
    binary_name: service.binary,
    host: service.host,
    disabled: Number(service.isDisabled),
    disabled_reason: service.disabledReason,
    frozen: Number(service.isFrozen),
    ...change,
    updated_at: now,
  }
  const { binary_name, host, ...rest } = row
  await db
    .insertInto('volume_services')
    .values({ binary_name, host, ...rest })
    .onConflict(conflict => conflict.columns(['binary_name', 'host']).doUpdateSet(rest))
    .execute()
}
