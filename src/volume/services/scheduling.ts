// Whether the one backend can hold a volume: it is switched on and has what the type's extra specs ask for
// (cinder/scheduler/filters/capabilities_filter.py).
import { matches } from '../../model/extra-spec-operators.ts'
import type { Db, Named } from '../store.ts'
import { backendName, backendOf } from '../zones.ts'
import { isEnabled } from './state.ts'

/** Nothing can hold the volume (NoValidBackend upstream). */
export class NoBackend extends Error {
  override readonly name = 'NoBackend'
}

/** What a pool says of itself (cinder/volume/driver.py, _update_volume_stats). */
export const capabilitiesOf = (host: string, allocatedGb: number, volumes: number) => ({
  volume_backend_name: backendName,
  vendor_name: 'Open Source',
  driver_version: '1.0.0',
  storage_protocol: 'file',
  pool_name: backendName,
  location_info: `FileDriver:${host}`,
  total_capacity_gb: 'infinite',
  free_capacity_gb: 'infinite',
  allocated_capacity_gb: allocatedGb,
  provisioned_capacity_gb: allocatedGb,
  reserved_percentage: 0,
  max_over_subscription_ratio: '20.0',
  thin_provisioning_support: true,
  thick_provisioning_support: false,
  sparse_copy_volume: true,
  QoS_support: false,
  multiattach: true,
  replication_enabled: false,
  total_volumes: volumes,
  backend_state: 'up',
})

/** `host@backend#pool`, as volumes and pools name it. */
export const poolOf = (host: string): string => `${backendOf(host)}#${backendName}`

/** The extra specs a backend has to satisfy: those of no scope, and of `capabilities:`. */
const requirements = (specs: Named): (readonly [string, string])[] =>
  Object.entries(specs).flatMap(([name, wanted]) => {
    const [scope, ...rest] = name.split(':')
    if (rest.length === 0) return [[name, wanted] as const]
    return scope === 'capabilities' && rest.length === 1 ? [[rest[0]!, wanted] as const] : [] // one part, which is there
  })

const isTruth = (text: string): boolean => ['1', 't', 'true', 'on', 'y', 'yes'].includes(text.toLowerCase())

/** The names of the extra specs that our backend does not satisfy. */
export function unmetSpecs(host: string, specs: Named): string[] {
  const capabilities: Readonly<Record<string, unknown>> = capabilitiesOf(host, 0, 0)
  return requirements(specs)
    .filter(([name, wanted]) => {
      if (!Object.hasOwn(capabilities, name)) return true
      const value = String(capabilities[name])
      const flag = /^<is>\s+(\S+)$/.exec(wanted)?.[1]
      return flag === undefined ? !matches(value, wanted) : isTruth(value) !== isTruth(flag)
    })
    .map(([name]) => name)
}

/** Throws `NoBackend` when a volume with these extra specs cannot be placed. */
export async function requireBackend(db: Db, host: string, specs: Named): Promise<void> {
  if (!(await isEnabled(db, host, 'cinder-volume')))
    throw new NoBackend('No valid backend was found. The volume service is disabled')
  const unmet = unmetSpecs(host, specs)
  if (unmet.length > 0)
    throw new NoBackend(`No valid backend was found. The type asks for ${unmet.join(', ')}`)
}
