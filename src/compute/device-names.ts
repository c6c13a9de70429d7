// What the disks of a server are called: `/dev/vda` and on, a letter each (nova/compute/utils.py, get_next_device_name).
import { fault } from '../model/errors.ts'
import { limits } from '../model/limits.ts'
import type { BlockDevice } from './snapshots.ts'
import { devicesOf, flavorOf, type ServerRow } from './store/servers.ts'

export const rootDeviceDefault = '/dev/vda'

/** `/dev/vdb` is prefix `/dev/vd` and letter `b`; a number of a partition is left out. */
const namePattern = /^(\/dev\/x?[a-z]?d?)([a-z]+)\d*$/
export const deviceNamePattern = namePattern.source

/** The part of a server's row that names its disks. */
export type DiskFacts = Pick<ServerRow, 'block_devices_json' | 'flavor_json' | 'root_device_name'>

type Kind = Pick<BlockDevice, 'destination' | 'guestFormat' | 'source'>

export const isSwap = ({ destination, guestFormat }: Kind): boolean =>
  destination === 'local' && guestFormat === 'swap'
export const isEphemeral = (device: Kind): boolean =>
  device.destination === 'local' && device.source === 'blank' && !isSwap(device)

/** Names of the disks that lie on the host itself: root, ephemeral, swap; those asked for, or else the flavor's. */
export function localDisks(server: DiskFacts): readonly string[] {
  const devices = devicesOf(server)
  const flavor = flavorOf(server)
  const root = server.root_device_name ?? rootDeviceDefault
  const isOnVolume = devices.some(({ destination, bootIndex }) => destination === 'volume' && bootIndex === 0)
  const defaults = [
    flavor.ephemeralGb > 0 && !devices.some(isEphemeral),
    flavor.swapMb > 0 && !devices.some(isSwap),
  ].filter(isThere => isThere)
  const [prefix] = partsOf(root)
  return [
    ...(isOnVolume ? [] : [root]),
    // What there is is called in a row.
    ...defaults.map((_, index) => `${prefix}${letterAt(index + 1)}`),
    ...devices.flatMap(({ destination, deviceName }) =>
      destination === 'local' && deviceName !== null ? [deviceName] : [],
    ),
  ]
}

/**
 * A name for one more disk: the one asked for, or else the first that is free. Refuses one that is taken (409) and one
 * disk too many (403).
 */
export function nextDeviceName(server: DiskFacts, asked: string | null): string {
  const root = server.root_device_name ?? rootDeviceDefault
  const named = devicesOf(server).flatMap(({ deviceName }) => deviceName ?? [])
  const used = new Set([root, ...localDisks(server), ...named].map(name => partsOf(name)[1]))
  if (used.size >= limits.serverDisksMax) throw fault('TooManyDiskDevices', { max: limits.serverDisksMax })
  const letters = Array.from({ length: limits.serverDisksMax }, (_, index) => letterAt(index))
  // A name beyond the last letter is as good as none.
  const wanted = letters.find(letter => asked !== null && partsOf(asked)[1] === letter)
  if (wanted !== undefined && used.has(wanted)) throw fault('DevicePathInUse', { path: asked })
  return `${partsOf(root)[0]}${wanted ?? letters.find(letter => !used.has(letter))}`
}

/** Gives every disk that has none a name, and another one where two would have the same. */
export function nameDevices(server: DiskFacts): readonly BlockDevice[] {
  const named: BlockDevice[] = []
  for (const device of devicesOf(server)) {
    const soFar = { ...server, block_devices_json: JSON.stringify(named) }
    const root = server.root_device_name ?? rootDeviceDefault
    const deviceName = device.bootIndex === 0 ? root : freeName(soFar, device.deviceName)
    named.push({ ...device, deviceName })
  }
  return named
}

function freeName(server: DiskFacts, asked: string | null): string {
  const full = asked === null ? null : asked.startsWith('/dev/') ? asked : `/dev/${asked}`
  const taken = [...localDisks(server), ...devicesOf(server).map(({ deviceName }) => deviceName)]
  const isFree =
    full !== null &&
    namePattern.test(full) &&
    !taken.some(name => name !== null && partsOf(name)[1] === partsOf(full)[1])
  return nextDeviceName(server, isFree ? full : null)
}

const letterAt = (index: number): string => String.fromCharCode('a'.charCodeAt(0) + index)

const partsOf = (name: string): readonly [prefix: string, letter: string] => {
  const match = namePattern.exec(name)
  return match ? [match[1]!, match[2]!] : ['/dev/vd', name] // both groups always match
}
