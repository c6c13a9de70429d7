// What a server takes from a host, by resource class. The claim in placement and the scheduler's own checks both use
// this, so that what the scheduler thinks fits is what is claimed.

/** Amounts a flavor asks for: MB, GB. */
export interface FlavorAsk {
  readonly vcpus: number
  readonly memoryMb: number
  readonly rootGb: number
  readonly ephemeralGb: number
  readonly swapMb: number
  readonly extraSpecs: Readonly<Record<string, string>>
}

export type Resources = ReadonlyMap<string, number>

/**
 * Amounts by resource class, zeroes left out: VCPU; MEMORY_MB; DISK_GB = root (unless on a volume) + ephemeral + swap
 * rounded up to GB; then `resources:CLASS` extra specs, which replace (nova/scheduler/utils.py, ResourceRequest).
 */
export function resourcesOf(flavor: FlavorAsk, bootsFromVolume: boolean): Resources {
  const amounts = new Map<string, number>([
    ['VCPU', flavor.vcpus],
    ['MEMORY_MB', flavor.memoryMb],
    [
      'DISK_GB',
      (bootsFromVolume ? 0 : flavor.rootGb) + flavor.ephemeralGb + Math.ceil(flavor.swapMb / mbPerGb),
    ],
  ])
  for (const [key, value] of Object.entries(flavor.extraSpecs)) {
    if (!key.startsWith(prefix) || !/^\d+$/.test(value)) continue
    amounts.set(key.slice(prefix.length), Number(value))
  }
  for (const [name, amount] of amounts) if (amount === 0) amounts.delete(name)
  return amounts
}

const prefix = 'resources:'
const mbPerGb = 1024
