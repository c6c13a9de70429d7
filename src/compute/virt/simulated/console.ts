// A simulated machine's consoles: what it prints when it boots, and where they would be. Nobody listens there yet.
import type { ConsoleProtocol } from '../../../model/consoles.ts'
import type { ConsoleEndpoint } from '../driver.ts'
import type { Machine } from './machines.ts'

/** Boot messages that name what the machine really has, ending in a login prompt. */
export const bootText = (
  machine: Pick<
    Machine,
    | 'name'
    | 'hostname'
    | 'vcpus'
    | 'memoryMb'
    | 'diskGb'
    | 'macs'
    | 'files'
    | 'rescueImageId'
    | 'localDisks'
    | 'volumes'
  >,
): string =>
  [
    `SeaBIOS (faultline simulated machine ${machine.name})`,
    machine.rescueImageId === null
      ? 'Booting from Hard Disk...'
      : `Booting rescue image ${machine.rescueImageId}...`,
    `[    0.000000] Memory: ${machine.memoryMb * 1024}K available`,
    `[    0.000000] smp: Brought up 1 node, ${machine.vcpus} CPU${machine.vcpus === 1 ? '' : 's'}`,
    ...machine.localDisks.slice(0, machine.diskGb > 0 ? 1 : 0).map(device => disk(device, machine.diskGb)),
    ...machine.volumes.map(({ device, sizeGb }) => disk(device, sizeGb)),
    ...machine.macs.map(
      (mac, index) => `[    0.20000${index}] virtio_net virtio${index + 2} eth${index}: ${mac}`,
    ),
    ...machine.files.map(({ path, bytes }) => `[    0.250000] config-drive: ${path} (${bytes} bytes)`),
    `[    0.300000] random: crng init done`,
    '',
    `${machine.hostname} login: `,
    '',
  ].join('\n')

const disk = (device: string, sizeGb: number): string =>
  `[    0.100000] virtio_blk virtio1: [${device.replace('/dev/', '')}] ${sizeGb} GiB`

/** First ports of QEMU's displays and of Nova's serial consoles. */
const firstPorts = { vnc: 5900, serial: 10_000 } as const

/** Screens and serial lines are what a simulated machine has; each machine's are at a port of its own. */
export function consoleEndpoint(
  { name }: Pick<Machine, 'name'>,
  host: string,
  protocol: ConsoleProtocol,
): ConsoleEndpoint | null {
  if (protocol !== 'vnc' && protocol !== 'serial') return null
  const number = Number.parseInt(name.slice(name.lastIndexOf('-') + 1), 16) || 0
  return { host, port: firstPorts[protocol] + (number % 1000), tlsPort: null, path: null }
}

/** What a kernel says that was sent an NMI and is set up to dump its memory. */
export const nmiText = [
  'Uhhuh. NMI received for unknown reason 20.',
  'Kernel panic - not syncing: NMI: Not continuing',
  'kexec: starting the crash kernel, which keeps what the memory held',
  '',
].join('\n')
