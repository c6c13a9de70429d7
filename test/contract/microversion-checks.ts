// For every microversion, what a client sees change: something looked at one version before, and at the version itself.
// A row taken out of model/microversions.ts, or no longer heeded, makes its check see the same twice.
import type { ComputeFeature } from '../../src/model/microversions.ts'
import type { Answer } from '../support/one-service.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
export type Json = any

/** Things that are there to be looked at; made once. */
export interface Scene {
  readonly active: string
  readonly paused: string
  readonly stopped: string
  readonly shelved: string
  readonly deleted: string
  /** Its live migration fails when the other host is asked. */
  readonly immovable: string
  readonly network: string
  readonly hypervisorNumber: number
  readonly aggregate: number
  readonly demoUser: string
  /** Demo's. */
  readonly project: string
  /** Asks at the version in question; by default as an administrator. */
  ask(method: string, path: string, body?: Json, as?: 'demo' | 'admin'): Promise<Answer>
  /** A name nothing has yet. */
  name(): string
  /** Waits until everything accepted has ended. */
  settled(): Promise<void>
}

export type Check =
  | {
      readonly look: (scene: Scene) => Promise<unknown>
      /** What is seen one version before, and from this one on. */
      readonly sees: readonly [before: unknown, from: unknown]
      /** Looked at as soon as volumes can be attached: until then its routes answer 501. */
      readonly needs?: 'attachments'
    }
  /** Nothing a client could see changes here, and why. */
  | { readonly nothing: string }
  /** Seen by a test of its own, which asks at both versions. */
  | { readonly keptIn: string }

export const nobody = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'
const publicKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f someone@somewhere'

const messageOf = ({ body }: Answer): string =>
  (Object.values(body ?? {})[0] as { message?: string } | undefined)?.message ?? '' // a fault of Nova's

const status =
  (method: string, path: string, body?: (scene: Scene) => Json, as?: 'demo' | 'admin') =>
  async (scene: Scene) =>
    (await scene.ask(method, fill(path, scene), body?.(scene), as)).status

const fill = (path: string, scene: Scene) =>
  path.replace(/\{(\w+)\}/g, (_, name: keyof Scene) => String(scene[name]))

/** The schema has no such key: `Additional properties are not allowed`. */
const refusesKey =
  (method: string, path: string, body: (scene: Scene) => Json, as?: 'demo' | 'admin') =>
  async (scene: Scene) =>
    messageOf(await scene.ask(method, fill(path, scene), body(scene), as)).includes('Additional properties')

const isSchemaRefusal =
  (method: string, path: string, body: (scene: Scene) => Json) => async (scene: Scene) =>
    /^Invalid input for field|Additional properties|is a required property/.test(
      messageOf(await scene.ask(method, fill(path, scene), body(scene))),
    )

const hasRoute = (method: string, path: string, body?: (scene: Scene) => Json) => async (scene: Scene) =>
  messageOf(await scene.ask(method, fill(path, scene), body?.(scene))) !== 'The resource could not be found.'

/** Whether an answer's object has a key. */
const shows =
  (path: string, key: string, of: (body: Json) => Json, as?: 'demo' | 'admin') => async (scene: Scene) =>
    key in of((await scene.ask('GET', fill(path, scene), undefined, as)).body)

const serverShows = (key: string, as?: 'demo' | 'admin') =>
  shows('/servers/{active}', key, ({ server }) => server, as)

const count = (path: string, list: string, as?: 'demo' | 'admin') => async (scene: Scene) =>
  (await scene.ask('GET', fill(path, scene), undefined, as)).body[list].length

/** Creates that go no further than their flavor, which is not there. */
const creation = (more: (scene: Scene) => Json) => (scene: Scene) => ({
  server: { name: 'never', flavorRef: 'none-such', imageRef: nobody, networks: [], ...more(scene) },
})
const creationRefuses = (more: (scene: Scene) => Json) =>
  refusesKey('POST', '/servers', creation(more), 'demo')
const device = (more: Json) => ({
  block_device_mapping_v2: [
    { boot_index: 0, uuid: nobody, source_type: 'image', destination_type: 'local', ...more },
  ],
})

const act = (server: 'active' | 'paused' | 'stopped' | 'immovable', body: Json) =>
  status('POST', `/servers/{${server}}/action`, () => body)
const actionRefuses = (server: 'active' | 'stopped', body: Json) =>
  refusesKey('POST', `/servers/{${server}}/action`, () => body)

const takesEvent = (name: string) =>
  isSchemaRefusal('POST', '/os-server-external-events', () => ({ events: [{ name, server_uuid: nobody }] }))

const console_ = (protocol: string, type: string) =>
  isSchemaRefusal('POST', '/servers/{active}/remote-consoles', () => ({ remote_console: { protocol, type } }))

const consoleToken = async (scene: Scene) => {
  const body = { remote_console: { protocol: 'vnc', type: 'novnc' } }
  const { remote_console } = (await scene.ask('POST', `/servers/${scene.active}/remote-consoles`, body)).body
  const token = new URL(remote_console.url).searchParams.get('path')?.split('token=')[1]
  return (await scene.ask('GET', `/os-console-auth-tokens/${token}`)).status
}

const actionPath = async (scene: Scene, as: 'demo' | 'admin') => {
  const list = `/servers/${scene.active}/os-instance-actions`
  const { instanceActions } = (await scene.ask('GET', list, undefined, as)).body
  return `${list}/${instanceActions.at(-1).request_id}`
}
const actionOf = async (scene: Scene, as: 'demo' | 'admin') =>
  (await scene.ask('GET', await actionPath(scene, as), undefined, as)).body.instanceAction

const newFlavor = async (scene: Scene): Promise<string> => {
  const flavor = { name: scene.name(), ram: 64, vcpus: 1, disk: 0 }
  return (await scene.ask('POST', '/flavors', { flavor })).body.flavor.id
}
const group = (policy: Json) => (scene: Scene) => ({ server_group: { name: scene.name(), ...policy } })

const attachment = (more: Json = {}) => ({ volumeAttachment: { volumeId: nobody, ...more } })

/** A volume of demo's that can be attached. */
async function newVolume(scene: Scene, { isMultiattach = false } = {}): Promise<string> {
  const type = { name: scene.name(), extra_specs: isMultiattach ? { multiattach: '<is> True' } : {} }
  await scene.ask('POST', '/volume/v3/types', { volume_type: type })
  const volume = { size: 1, volume_type: type.name }
  const { id } = (await scene.ask('POST', '/volume/v3/volumes', { volume }, 'demo')).body.volume
  await scene.settled()
  return id
}

const attach = async (scene: Scene, volumeId: string): Promise<number> => {
  const path = `/servers/${scene.active}/os-volume_attachments`
  const answer = await scene.ask('POST', path, attachment({ volumeId }), 'demo')
  await scene.settled()
  return answer.status
}

export const checks: Readonly<Record<ComputeFeature, Check>> = {
  baseline: { nothing: 'There is no version before it.' },
  keypairTypes: {
    look: status('POST', '/os-keypairs', scene => ({
      keypair: { name: scene.name(), public_key: publicKey },
    })),
    sees: [200, 201],
  },
  extendedServerAttributes: { look: serverShows('OS-EXT-SRV-ATTR:reservation_id'), sees: [false, true] },
  fixedIpReserved: { nothing: 'The API has gone: 410 at every version.' },
  filterIp6: { look: count('/servers?ip6=beef', 'servers', 'demo'), sees: [5, 0] },
  remoteConsoles: {
    look: status('POST', '/servers/{active}/remote-consoles', () => ({
      remote_console: { protocol: 'vnc', type: 'novnc' },
    })),
    sees: [404, 200],
  },
  privateFlavorAccessOnly: {
    look: async scene =>
      (
        await scene.ask('POST', `/flavors/${await newFlavor(scene)}/action`, {
          addTenantAccess: { tenant: scene.project },
        })
      ).status,
    sees: [200, 409],
  },
  mksConsole: { look: console_('mks', 'webmks'), sees: [true, false] },
  serverLocked: { look: serverShows('locked'), sees: [false, true] },
  keypairUsers: {
    look: async scene =>
      (await scene.ask('GET', `/os-keypairs?user_id=${scene.demoUser}`)).body.keypairs.some(
        ({ keypair }: Json) => keypair.name === 'of-demo',
      ),
    sees: [false, true],
  },
  serviceForcedDown: {
    look: shows('/os-services', 'forced_down', ({ services }) => services[0]),
    sees: [false, true],
  },
  vifNetId: { nothing: 'The API has gone: 410 at every version.' },
  serverGroupOwner: {
    look: shows('/os-server-groups', 'project_id', ({ server_groups }) => server_groups[0], 'demo'),
    sees: [false, true],
  },
  evacuateFindsStorage: {
    look: actionRefuses('active', { evacuate: { onSharedStorage: false } }),
    sees: [false, true],
  },
  softAffinity: {
    look: status('POST', '/os-server-groups', group({ policies: ['soft-affinity'] }), 'demo'),
    sees: [400, 200],
  },
  hostStatus: { look: serverShows('host_status'), sees: [false, true] },
  crashDump: { look: act('stopped', { trigger_crash_dump: null }), sees: [404, 409] },
  optionalProjectId: { nothing: 'The project in paths was optional before it was said to be.' },
  serverDescription: { look: serverShows('description', 'demo'), sees: [false, true] },
  shelvedVolumes: {
    look: status('POST', '/servers/{shelved}/os-volume_attachments', () => attachment()),
    sees: [409, 404],
    needs: 'attachments',
  },
  deletedServerActions: { look: status('GET', '/servers/{deleted}/os-instance-actions'), sees: [404, 200] },
  forceCompleteLiveMigration: {
    look: hasRoute('POST', '/servers/{active}/migrations/1/action', () => ({ force_complete: null })),
    sees: [false, true],
  },
  serverMigrations: { look: status('GET', '/servers/{active}/migrations'), sees: [404, 200] },
  abortLiveMigration: { look: hasRoute('DELETE', '/servers/{active}/migrations/1'), sees: [false, true] },
  autoBlockMigration: {
    look: act('stopped', { 'os-migrateLive': { host: null, block_migration: 'auto' } }),
    sees: [400, 409],
  },
  serverTags: { look: status('GET', '/servers/{active}/tags'), sees: [404, 200] },
  standardVersionHeader: { nothing: 'The header is read at every version.' },
  structuredCpuInfo: {
    look: async scene =>
      typeof (await scene.ask('GET', `/os-hypervisors/${scene.hypervisorNumber}`)).body.hypervisor.cpu_info,
    sees: ['string', 'object'],
  },
  evacuateForce: {
    look: actionRefuses('active', { evacuate: { host: 'host-2', force: true } }),
    sees: [true, false],
  },
  liveMigrateForce: {
    look: act('stopped', { 'os-migrateLive': { host: 'host-2', block_migration: 'auto', force: true } }),
    sees: [400, 409],
  },
  allConsoleTokens: { look: consoleToken, sees: [401, 200] },
  deviceTags: {
    look: creationRefuses(({ network }) => ({ networks: [{ uuid: network, tag: 'nic' }] })),
    sees: [true, false],
  },
  hypervisorPaging: { look: count('/os-hypervisors?limit=1', 'hypervisors'), sees: [2, 1] },
  asynchronousLiveMigrationChecks: {
    look: act('immovable', { 'os-migrateLive': { host: 'host-2', block_migration: 'auto' } }),
    sees: [400, 202],
  },
  keypairPaging: { look: count('/os-keypairs?limit=1', 'keypairs', 'demo'), sees: [2, 1] },
  noProxies: { look: status('GET', '/os-networks'), sees: [200, 404] },
  networksRequired: {
    look: async scene => {
      const server = { name: 'never', flavorRef: 'none-such', imageRef: nobody }
      return messageOf(await scene.ask('POST', '/servers', { server })).includes("'networks' is a required")
    },
    sees: [false, true],
  },
  invalidStatusRefused: { look: status('GET', '/servers?status=nonsense'), sees: [200, 400] },
  noImageMetadataProxy: {
    look: shows('/limits', 'maxImageMeta', ({ limits }) => limits.absolute),
    sees: [true, false],
  },
  usagePaging: {
    look: async scene => {
      const path = fill('/os-simple-tenant-usage/{project}?limit=1&start=2020-01-01T00:00:00', scene)
      return (await scene.ask('GET', path)).body.tenant_usage.server_usages.length > 1
    },
    sees: [true, false],
  },
  aggregateUuid: {
    look: shows('/os-aggregates/{aggregate}', 'uuid', ({ aggregate }) => aggregate),
    sees: [false, true],
  },
  deviceTagsAgain: { look: creationRefuses(() => device({ tag: 'disk' })), sees: [true, false] },
  noHostsApi: { look: status('GET', '/os-hosts'), sees: [200, 404] },
  noAddressActions: {
    look: hasRoute('POST', '/servers/{deleted}/action', () => ({ addFixedIp: { networkId: nobody } })),
    sees: [true, false],
  },
  imageIdInBody: {
    look: async scene => {
      const body = { createImage: { name: scene.name() } }
      return (await scene.ask('POST', `/servers/${scene.stopped}/action`, body, 'demo')).body !== undefined
    },
    sees: [false, true],
  },
  requestIdHeader: { nothing: 'The header is sent at every version.' },
  embeddedFlavor: {
    look: shows('/servers/{active}', 'original_name', ({ server }) => server.flavor),
    sees: [false, true],
  },
  standardDiagnostics: {
    look: shows('/servers/{active}/diagnostics', 'num_cpus', body => body),
    sees: [false, true],
  },
  attachTags: {
    look: refusesKey('POST', '/servers/{stopped}/os-interface', () => ({
      interfaceAttachment: { port_id: nobody, tag: 'nic' },
    })),
    sees: [true, false],
  },
  groupQuotaClasses: {
    look: shows('/os-quota-class-sets/default', 'server_groups', body => body.quota_class_set),
    sees: [false, true],
  },
  actionEvents: { look: async scene => 'events' in (await actionOf(scene, 'demo')), sees: [false, true] },
  tagsAtCreate: { look: creationRefuses(() => ({ tags: ['blue'] })), sees: [true, false] },
  serviceUuids: {
    look: async scene => typeof (await scene.ask('GET', '/os-services')).body.services[0].id,
    sees: ['number', 'string'],
  },
  rebuildKeyName: {
    look: actionRefuses('active', { rebuild: { imageRef: nobody, key_name: null } }),
    sees: [true, false],
  },
  flavorDescription: {
    look: status('PUT', '/flavors/1', () => ({ flavor: { description: 'small' } })),
    sees: [404, 200],
  },
  migrateToHost: { look: act('paused', { migrate: { host: 5 } }), sees: [409, 400] },
  noPersonality: { look: creationRefuses(() => ({ personality: [] })), sees: [false, true] },
  actionPaging: {
    look: count('/servers/{paused}/os-instance-actions?limit=1', 'instanceActions'),
    sees: [2, 1],
  },
  migrationPaging: {
    look: shows('/os-migrations', 'uuid', ({ migrations }) => migrations[0]),
    sees: [false, true],
  },
  multiattach: {
    look: async scene => attach(scene, await newVolume(scene, { isMultiattach: true })),
    sees: [400, 200],
    needs: 'attachments',
  },
  flavorExtraSpecs: {
    look: shows('/flavors/1', 'extra_specs', ({ flavor }) => flavor),
    sees: [false, true],
  },
  eventHost: {
    look: async scene => 'hostId' in (await actionOf(scene, 'demo')).events[0],
    sees: [false, true],
  },
  trustedCertificates: {
    look: creationRefuses(() => ({ trusted_image_certificates: [nobody] })),
    sees: [true, false],
  },
  serverGroupPolicy: {
    look: shows('/os-server-groups', 'policy', ({ server_groups }) => server_groups[0], 'demo'),
    sees: [false, true],
  },
  abortQueuedLiveMigration: { keptIn: 'test/journeys/actions/live-migration-under-way.test.ts' },
  changesBefore: {
    look: async scene =>
      (await scene.ask('GET', '/servers?changes-before=2020-01-01T00:00:00Z', undefined, 'demo')).body.servers
        .length > 0,
    sees: [true, false],
  },
  volumeTypeAtCreate: { look: creationRefuses(() => device({ volume_type: 'fast' })), sees: [true, false] },
  noForce: {
    look: actionRefuses('active', { evacuate: { host: 'host-2', force: true } }),
    sees: [false, true],
  },
  downCells: { nothing: 'There is one cell; when it is down, so is the API.' },
  tagsShown: {
    look: shows('/servers/{active}/os-interface', 'tag', body => body.interfaceAttachments[0]),
    sees: [false, true],
  },
  serverGroupsShown: { look: serverShows('server_groups', 'demo'), sees: [false, true] },
  bandwidthPorts: { nothing: 'Ports of our network service have no resource requests.' },
  lockedReason: { look: serverShows('locked_reason', 'demo'), sees: [false, true] },
  requestedHost: {
    look: refusesKey(
      'POST',
      '/servers',
      creation(() => ({ host: 'host-1' })),
    ),
    sees: [true, false],
  },
  strictQueries: { look: status('GET', '/servers?nonsense=1'), sees: [200, 400] },
  powerUpdate: { look: takesEvent('power-update'), sees: [true, false] },
  unshelveToZone: { look: act('active', { unshelve: { nonsense: 1 } }), sees: [409, 400] },
  serverTopology: { look: status('GET', '/servers/{active}/topology'), sees: [404, 200] },
  attachmentDeleteFlag: {
    look: refusesKey('POST', '/servers/{active}/os-volume_attachments', () =>
      attachment({ delete_on_termination: true }),
    ),
    sees: [true, false],
    needs: 'attachments',
  },
  migrationOwner: {
    look: shows('/os-migrations', 'user_id', ({ migrations }) => migrations[0]),
    sees: [false, true],
  },
  aggregateImageCache: {
    look: status('POST', '/os-aggregates/{aggregate}/images', () => ({ cache: [{ id: nobody }] })),
    sees: [404, 202],
  },
  acceleratorEvents: { look: takesEvent('accelerator-request-bound'), sees: [true, false] },
  moreUserFilters: { look: count('/servers?key_name=none-such', 'servers', 'demo'), sees: [5, 0] },
  eventDetails: {
    look: async scene => 'details' in (await actionOf(scene, 'admin')).events[0],
    sees: [false, true],
  },
  updateAttachment: {
    look: refusesKey('PUT', `/servers/{active}/os-volume_attachments/${nobody}`, () =>
      attachment({ delete_on_termination: true }),
    ),
    sees: [true, false],
    needs: 'attachments',
  },
  checkedExtraSpecs: {
    look: async scene =>
      (
        await scene.ask('POST', `/flavors/${await newFlavor(scene)}/os-extra_specs`, {
          extra_specs: { 'hw:cpu_policy': 'nonsense' },
        })
      ).status,
    sees: [200, 400],
  },
  rescueVolumeBacked: { nothing: 'Servers cannot be booted from volumes yet.' },
  slimHypervisors: { look: status('GET', '/os-hypervisors/statistics'), sees: [200, 404] },
  attachmentIds: {
    look: async scene => {
      await attach(scene, await newVolume(scene))
      const path = `/servers/${scene.active}/os-volume_attachments`
      return 'attachment_id' in (await scene.ask('GET', path)).body.volumeAttachments[0]
    },
    sees: [false, true],
    needs: 'attachments',
  },
  serverHostname: {
    look: refusesKey('PUT', '/servers/{stopped}', () => ({ server: { hostname: 'renamed' } }), 'demo'),
    sees: [true, false],
  },
  unshelveToHost: { look: act('active', { unshelve: { host: 'host-1' } }), sees: [400, 409] },
  importedKeypairsOnly: {
    look: status('POST', '/os-keypairs', scene => ({ keypair: { name: scene.name() } })),
    sees: [201, 400],
  },
  rebuildVolumeBacked: { look: takesEvent('volume-reimaged'), sees: [true, false] },
  fqdnHostname: {
    look: status('PUT', '/servers/{stopped}', () => ({ server: { hostname: 'vm.example.org' } }), 'demo'),
    sees: [400, 200],
  },
  evacuateStops: { keptIn: 'test/journeys/actions/evacuate.test.ts' },
  pinnedZone: { look: serverShows('pinned_availability_zone', 'demo'), sees: [false, true] },
  shares: { look: hasRoute('GET', '/servers/{deleted}/shares'), sees: [false, true] },
  imageProperties: {
    look: shows('/servers/{active}', 'properties', ({ server }) => server.image),
    sees: [false, true],
  },
  spiceDirect: { look: console_('spice', 'spice-direct'), sees: [true, false] },
  schedulerHintsShown: { look: serverShows('scheduler_hints', 'demo'), sees: [false, true] },
  asynchronousAttach: {
    look: async scene => attach(scene, await newVolume(scene)),
    sees: [200, 202],
    needs: 'attachments',
  },
  strictQueriesEverywhere: { look: status('GET', '/os-aggregates?nonsense=1'), sees: [200, 400] },
  noVolumesBoot: { look: status('GET', '/os-volumes_boot'), sees: [200, 404] },
  changePinnedZone: {
    look: refusesKey('PUT', '/servers/{stopped}', () => ({ server: { pinned_availability_zone: null } })),
    sees: [true, false],
  },
}
