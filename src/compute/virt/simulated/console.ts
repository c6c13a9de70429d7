// What a simulated machine prints on its serial console when it boots.
import type { Machine } from './machines.ts'

/** Boot messages that name what the machine really has, ending in a login prompt. */
export const bootText = (
  machine: Pick<
    Machine,
    'name' | 'hostname' | 'vcpus' | 'memoryMb' | 'diskGb' | 'macs' | 'files' | 'rescueImageId'
  >,
): string =>
  [
    `SeaBIOS (faultline simulated machine ${machine.name})`,
    machine.rescueImageId === null
      ? 'Booting from Hard Disk...'
      : `Booting rescue image ${machine.rescueImageId}...`,
    `[    0.000000] Memory: ${machine.memoryMb * 1024}K available`,
    `[    0.000000] smp: Brought up 1 node, ${machine.vcpus} CPU${machine.vcpus === 1 ? '' : 's'}`,
    `[    0.100000] virtio_blk virtio1: [vda] ${machine.diskGb} GiB`,
    ...machine.macs.map(
      (mac, index) => `[    0.20000${index}] virtio_net virtio${index + 2} eth${index}: ${mac}`,
    ),
    ...machine.files.map(({ path, bytes }) => `[    0.250000] config-drive: ${path} (${bytes} bytes)`),
    `[    0.300000] random: crng init done`,
    '',
    `${machine.hostname} login: `,
    '',
  ].join('\n')
