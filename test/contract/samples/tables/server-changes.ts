// What servers show from which microversion on, where no sample is there to say so.
import type { Changes } from '../rows.ts'

// biome-ignore lint/suspicious/noExplicitAny: a sample's server
type Shown = any

const add =
  (keys: object) =>
  (server: Shown): Shown => ({ ...server, ...keys })
const without =
  (...keys: readonly string[]) =>
  (server: Shown): Shown =>
    Object.fromEntries(Object.entries(server).filter(([key]) => !keys.includes(key)))

const since: Readonly<Record<number, (server: Shown) => Shown>> = {
  9: add({ locked: false }),
  19: add({ description: null }),
  26: add({ tags: [] }),
  63: add({ trusted_image_certificates: null }),
  98: server => ({ ...server, image: { ...server.image, properties: { architecture: 'x86_64' } } }),
}

/** What `GET /servers` of administrators did not show yet. */
const until: Readonly<Record<number, (server: Shown) => Shown>> = {
  3: server => ({
    ...without(
      ...['hostname', 'kernel_id', 'launch_index', 'ramdisk_id', 'reservation_id'].map(
        name => `OS-EXT-SRV-ATTR:${name}`,
      ),
      'OS-EXT-SRV-ATTR:root_device_name',
      'OS-EXT-SRV-ATTR:user_data',
    )(server),
    'os-extended-volumes:volumes_attached': [{ id: 'volume_id1' }],
  }),
}

type Change = (server: Shown) => Shown
const mapTable = (table: Readonly<Record<number, Change>>, wrap: (change: Change) => Change): Changes =>
  Object.fromEntries(Object.entries(table).map(([minor, change]) => [minor, wrap(change)]))

const ofOne = (change: Change) => (sample: Shown) => ({ ...sample, server: change(sample.server) })
const ofList = (change: Change) => (sample: Shown) => ({ ...sample, servers: sample.servers.map(change) })

export const changesOfServer = mapTable(since, ofOne)
export const changesOfServers = mapTable(since, ofList)
export const beforeOfServer = mapTable(until, ofOne)
export const beforeOfServers = mapTable(until, ofList)
