// What a host is told of a server to build its machine.
import { readJson } from '../../base/json.ts'
import { localDisks } from '../device-names.ts'
import type { BlockDevice, InjectedFile } from '../snapshots.ts'
import { flavorOf, imageOf, instanceName, metadataOf, type ServerRow, volumesOf } from '../store/servers.ts'
import type { MachineSpec, MachineVolume } from '../virt/driver.ts'

/** The machine of the server as its row says it. */
export const machineSpec = (
  server: ServerRow,
  publicKey: string | null,
  files: readonly InjectedFile[] = [],
): MachineSpec => ({
  id: server.id,
  name: instanceName(server),
  hostname: server.hostname,
  flavor: flavorOf(server),
  image: imageOf(server),
  network: readJson(server.network_json),
  metadata: metadataOf(server),
  userData: server.user_data,
  configDrive: server.config_drive === 1,
  publicKey,
  files,
  localDisks: localDisks(server),
  volumes: volumesOf(server).flatMap(device => machineVolume(device) ?? []),
})

/** A volume as a host is told of it; null while it is not connected to one. */
export const machineVolume = ({
  volumeId,
  deviceName,
  bootIndex,
  sizeGb,
  connection,
}: BlockDevice): MachineVolume | null =>
  volumeId === null || connection === null || deviceName === null
    ? null
    : { volumeId, device: deviceName, isRoot: bootIndex === 0, sizeGb: sizeGb ?? 0, connection }
