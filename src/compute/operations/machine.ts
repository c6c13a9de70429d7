// What a host is told of a server to build its machine.
import { readJson } from '../../base/json.ts'
import type { InjectedFile } from '../snapshots.ts'
import { flavorOf, imageOf, instanceName, metadataOf, type ServerRow } from '../store/servers.ts'
import type { MachineSpec } from '../virt/driver.ts'

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
})
