// Which service a record is of: names of files, of units and containers, and of loggers.

const projects: Readonly<Record<string, readonly string[]>> = {
  nova: [
    'api',
    'api-metadata',
    'metadata-api',
    'metadata',
    'api-wsgi',
    'compute',
    'compute-ironic',
    'conductor',
    'scheduler',
    'novncproxy',
    'spicehtml5proxy',
    'serialproxy',
    'consoleauth',
    'console',
    'cells',
    'network',
    'cert',
    'manage',
    'placement-api',
  ],
  neutron: [
    'server',
    'api',
    'rpc-server',
    'periodic-workers',
    'openvswitch-agent',
    'linuxbridge-agent',
    'ovn-metadata-agent',
    'ovn-agent',
    'ovn-db-sync-util',
    'dhcp-agent',
    'l3-agent',
    'metadata-agent',
    'sriov-nic-agent',
    'sriov-agent',
    'macvtap-agent',
    'metering-agent',
    'lbaas-agent',
    'bgp-dragent',
    'netns-cleanup',
    'ovs-cleanup',
  ],
  glance: ['api', 'registry', 'cache', 'scrubber', 'cleaner'],
  cinder: ['api', 'volume', 'scheduler', 'backup', 'manage'],
  keystone: ['manage'],
  placement: ['api'],
  heat: ['api', 'api-cfn', 'engine'],
  ironic: ['api', 'conductor', 'inspector', 'python-agent'],
  octavia: ['api', 'worker', 'health-manager', 'housekeeping', 'driver-agent'],
  manila: ['api', 'scheduler', 'share', 'data'],
  barbican: ['api', 'worker', 'keystone-listener'],
  designate: ['api', 'central', 'worker', 'producer', 'mdns', 'sink'],
  magnum: ['api', 'conductor'],
  cyborg: ['api', 'agent', 'conductor'],
  masakari: ['api', 'engine'],
  watcher: ['api', 'applier', 'decision-engine'],
}

/** Other names of the same: DevStack's, those of pods and images, of WSGI scripts and of old packages. */
const aliases: Readonly<Record<string, string>> = {
  'n-api': 'nova-api',
  'n-api-meta': 'nova-api-metadata',
  'n-cpu': 'nova-compute',
  'n-cond': 'nova-conductor',
  'n-cond-cell1': 'nova-conductor',
  'n-cond-cell2': 'nova-conductor',
  'n-super-cond': 'nova-conductor',
  'n-sch': 'nova-scheduler',
  'n-novnc': 'nova-novncproxy',
  'n-novnc-cell1': 'nova-novncproxy',
  'n-cauth': 'nova-consoleauth',
  'n-net': 'nova-network',
  'nova-super-conductor': 'nova-conductor',
  'nova-cell-conductor': 'nova-conductor',
  'nova-api-osapi': 'nova-api',
  'nova-api-os-compute': 'nova-api',
  'nova-osapi': 'nova-api',
  'nova-api-wsgi': 'nova-api',
  'nova-metadata': 'nova-api-metadata',
  'nova-metadata-api': 'nova-api-metadata',
  'nova-metadata-wsgi': 'nova-api-metadata',
  'nova-compute-libvirt': 'nova-compute',
  'nova-compute-ironic': 'nova-compute',
  'nova-placement-api': 'placement-api',
  'q-svc': 'neutron-server',
  'q-agt': 'neutron-openvswitch-agent',
  'q-dhcp': 'neutron-dhcp-agent',
  'q-l3': 'neutron-l3-agent',
  'q-meta': 'neutron-metadata-agent',
  'q-metering': 'neutron-metering-agent',
  'q-ovn-metadata-agent': 'neutron-ovn-metadata-agent',
  'q-ovn-agent': 'neutron-ovn-agent',
  'neutron-api': 'neutron-server',
  'neutron-agent': 'neutron-openvswitch-agent',
  'neutron-dhcp': 'neutron-dhcp-agent',
  'neutron-l3': 'neutron-l3-agent',
  'neutron-rpc-server': 'neutron-server',
  'neutron-periodic-workers': 'neutron-server',
  'neutron-ovs-agent': 'neutron-openvswitch-agent',
  'neutron-ovs-agent-default': 'neutron-openvswitch-agent',
  'neutron-sriov-agent': 'neutron-sriov-nic-agent',
  'g-api': 'glance-api',
  'g-reg': 'glance-registry',
  'c-api': 'cinder-api',
  'c-vol': 'cinder-volume',
  'c-sch': 'cinder-scheduler',
  'c-bak': 'cinder-backup',
  'cinder-wsgi': 'cinder-api',
  'keystone-api': 'keystone',
  'keystone-wsgi-public': 'keystone',
  'keystone-wsgi-admin': 'keystone',
  'keystone-public': 'keystone',
  'keystone-admin': 'keystone',
  'keystone-manage': 'keystone',
  'wsgi-keystone': 'keystone',
  placement: 'placement-api',
  'h-api': 'heat-api',
  'h-api-cfn': 'heat-api-cfn',
  'h-eng': 'heat-engine',
  'ir-api': 'ironic-api',
  'ir-cond': 'ironic-conductor',
  'm-api': 'manila-api',
  'm-shr': 'manila-share',
  'm-sch': 'manila-scheduler',
  'o-api': 'octavia-api',
  'o-cw': 'octavia-worker',
  libvirtd: 'libvirtd',
  haproxy: 'haproxy',
}

const names: ReadonlyMap<string, string> = new Map([
  ...Object.entries(projects).flatMap(([project, parts]): [string, string][] => [
    ...parts.map((part): [string, string] => [`${project}-${part}`, `${project}-${part}`]),
  ]),
  ['keystone', 'keystone'],
  ...Object.entries(aliases),
])

/** A service by a name it goes by, in whole; null when it is none we know. */
export function serviceNamed(name: string): string | null {
  const plain = name.toLowerCase().replaceAll('_', '-')
  return names.get(plain) ?? null
}

/** Ends of file names that name no host: `nova-api.full.log.1.gz`, `screen-n-cpu.txt`, `keystone_access.log`. */
const endWords = new Set(
  (
    'log logs txt out err json gz bz2 xz zst zip old full access error ssl wsgi uwsgi main debug info warning server ' +
    'stdout stderr all combined current api public admin internal other vhosts default openstack container messages'
  ).split(' '),
)
const hostPattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?$/
const hostLengthMax = 255

export interface FileService {
  readonly service: string | null
  readonly host: string | null
}

/**
 * Service and host by a file's path: `nova/nova-compute.log`, `n-cpu.log`, `nova-compute-compute1.full.log`,
 * `/var/log/cinder/volume.log.1`, `pods/…/nova-compute/0.log`.
 */
export function serviceOfFile(path: string): FileService {
  const parts = path.split(/[/\\]/).filter(part => part !== '')
  const file = (parts.at(-1) ?? '').replace(/^(?:screen|devstack@)-?/, '')
  const folder = parts.at(-2)
  const stem = file.split('.', 1)[0] ?? ''
  const found = longestName(file)
  if (found) return { service: found.service, host: hostIn(found.rest) }
  // RDO and RHEL: the project is the folder, `neutron/server.log`.
  if (folder !== undefined) {
    const inFolder = longestName(`${folder}-${file}`)
    if (inFolder && folder in projects) return { service: inFolder.service, host: hostIn(inFolder.rest) }
    const pod = /^\d*$/.test(stem) ? serviceNamed(folder) : null
    if (pod !== null) return { service: pod, host: null }
  }
  return { service: null, host: null }
}

/** The longest known name the text begins with, at the end of a word, and what is left. */
function longestName(text: string): { service: string; rest: string } | null {
  const plain = text.slice(0, hostLengthMax).toLowerCase().replaceAll('_', '-')
  for (let end = plain.length; end > 2; end--) {
    if (end < plain.length && plain[end] !== '-' && plain[end] !== '.') continue
    const service = names.get(plain.slice(0, end))
    if (service !== undefined) return { service, rest: text.slice(end, hostLengthMax) }
  }
  return null
}

function hostIn(rest: string): string | null {
  if (!rest.startsWith('-')) return null
  const words: string[] = []
  for (const word of rest.slice(1).split('.')) {
    if (endWords.has(word) || /^\d+$/.test(word) || /^log-?\d/.test(word) || word.includes('req-')) break
    words.push(word)
  }
  const host = words.join('.').replace(/-\d{8}$/, '')
  return host !== '' && !/^\d/.test(host) && !endWords.has(host) && hostPattern.test(host) ? host : null
}

/** Service by the tag of a syslog line, a unit or a container: `devstack@n-cpu.service`, `k8s_nova-compute_…`. */
export function serviceOfTag(tag: string): string | null {
  const plain = tag
    .replace(/^devstack@/, '')
    .replace(/\.service$/, '')
    .replace(/^(?:openstack-|kolla-|tripleo_|k8s_)/, '')
    .replace(/^\/?(?:usr\/(?:local\/)?bin\/)/, '')
  return serviceNamed(plain) ?? serviceNamed(plain.split('_', 1)[0] ?? '')
}

/**
 * Loggers, by their first parts; the longest row wins. `isSure`: the module runs in this service alone. Others are used
 * in several, and count only when nothing else is known of the process.
 */
const loggers: readonly (readonly [prefix: string, service: string, isSure: boolean])[] = [
  ['nova.api', 'nova-api', true],
  ['nova.api.metadata', 'nova-api-metadata', false],
  ['nova.metadata', 'nova-api-metadata', true],
  ['nova.osapi_compute', 'nova-api', true],
  ['nova.compute', 'nova-compute', false],
  ['nova.compute.manager', 'nova-compute', true],
  ['nova.compute.resource_tracker', 'nova-compute', true],
  ['nova.compute.claims', 'nova-compute', true],
  ['nova.compute.api', 'nova-api', false],
  ['nova.virt', 'nova-compute', true],
  ['nova.virt.hardware', 'nova-compute', false],
  ['nova.network', 'nova-compute', false],
  ['nova.volume', 'nova-compute', false],
  ['nova.image', 'nova-compute', false],
  ['nova.privsep', 'nova-compute', false],
  ['nova.pci', 'nova-compute', false],
  ['nova.storage', 'nova-compute', false],
  ['nova.conductor', 'nova-conductor', false],
  ['nova.conductor.manager', 'nova-conductor', true],
  ['nova.conductor.tasks', 'nova-conductor', true],
  ['nova.scheduler', 'nova-scheduler', false],
  ['nova.scheduler.manager', 'nova-scheduler', true],
  ['nova.scheduler.filter_scheduler', 'nova-scheduler', true],
  ['nova.scheduler.host_manager', 'nova-scheduler', true],
  ['nova.scheduler.filters', 'nova-scheduler', true],
  ['nova.scheduler.weights', 'nova-scheduler', true],
  ['nova.scheduler.request_filter', 'nova-scheduler', true],
  ['nova.filters', 'nova-scheduler', true],
  // The conductor asks the scheduler through these, and words its refusals.
  ['nova.scheduler.utils', 'nova-conductor', false],
  ['nova.scheduler.client.query', 'nova-conductor', false],
  ['nova.scheduler.rpcapi', 'nova-conductor', false],
  ['nova.scheduler.client.report', 'nova-compute', false],
  ['nova.console', 'nova-novncproxy', false],
  ['nova.consoleauth', 'nova-consoleauth', true],
  ['nova', 'nova', false],
  ['vif_plug_ovs', 'nova-compute', true],
  ['vif_plug_linux_bridge', 'nova-compute', true],
  ['os_vif', 'nova-compute', true],
  ['placement', 'placement-api', true],
  ['neutron', 'neutron-server', false],
  ['neutron.api', 'neutron-server', true],
  ['neutron.wsgi', 'neutron-server', true],
  ['neutron.pecan_wsgi', 'neutron-server', true],
  ['neutron.plugins', 'neutron-server', true],
  ['neutron.db', 'neutron-server', true],
  ['neutron.notifiers', 'neutron-server', true],
  ['neutron.services', 'neutron-server', true],
  ['neutron.scheduler', 'neutron-server', true],
  ['neutron.quota', 'neutron-server', true],
  ['neutron.plugins.ml2.drivers.openvswitch.agent', 'neutron-openvswitch-agent', true],
  ['neutron.plugins.ml2.drivers.linuxbridge.agent', 'neutron-linuxbridge-agent', true],
  ['neutron.plugins.ml2.drivers.agent', 'neutron-linuxbridge-agent', false],
  ['neutron.plugins.ml2.drivers.mech_sriov.agent', 'neutron-sriov-nic-agent', true],
  ['neutron.agent', 'neutron-openvswitch-agent', false],
  ['neutron.agent.ovn.metadata', 'neutron-ovn-metadata-agent', true],
  ['neutron.agent.ovn', 'neutron-ovn-agent', false],
  ['neutron.agent.dhcp', 'neutron-dhcp-agent', true],
  ['neutron.agent.linux.dhcp', 'neutron-dhcp-agent', true],
  ['neutron.agent.l3', 'neutron-l3-agent', true],
  ['neutron.agent.metadata', 'neutron-metadata-agent', true],
  ['neutron_lib', 'neutron-server', false],
  ['networking_ovn', 'neutron-server', false],
  ['glance', 'glance-api', true],
  ['glance.registry', 'glance-registry', true],
  ['glance_store', 'glance-api', true],
  ['cinder', 'cinder-api', false],
  ['cinder.api', 'cinder-api', true],
  ['cinder.volume.api', 'cinder-api', false],
  ['cinder.volume', 'cinder-volume', false],
  ['cinder.volume.manager', 'cinder-volume', true],
  ['cinder.volume.drivers', 'cinder-volume', true],
  ['cinder.volume.flows.manager', 'cinder-volume', true],
  ['cinder.volume.flows.api', 'cinder-api', true],
  ['cinder.scheduler', 'cinder-scheduler', false],
  ['cinder.scheduler.manager', 'cinder-scheduler', true],
  ['cinder.scheduler.filter_scheduler', 'cinder-scheduler', true],
  ['cinder.scheduler.filters', 'cinder-scheduler', true],
  ['cinder.backup', 'cinder-backup', false],
  ['cinder.backup.manager', 'cinder-backup', true],
  ['keystone', 'keystone', true],
  ['heat', 'heat-engine', false],
  ['heat.api', 'heat-api', true],
  ['ironic', 'ironic-conductor', false],
  ['ironic.api', 'ironic-api', true],
  ['octavia', 'octavia-worker', false],
  ['octavia.api', 'octavia-api', true],
  ['manila', 'manila-share', false],
  ['manila.api', 'manila-api', true],
]
const byLogger = new Map(loggers.map(([prefix, service, isSure]) => [prefix, { service, isSure }]))

export interface LoggerService {
  readonly service: string
  readonly isSure: boolean
}
const remembered = new Map<string, LoggerService | null>()
const rememberedMax = 4096

/** Service by a logger's name; null for libraries and what we do not know. */
export function serviceOfLogger(logger: string): LoggerService | null {
  const before = remembered.get(logger)
  if (before !== undefined) return before
  let found: LoggerService | null = null
  for (let end = logger.length; end > 0 && !found; end = logger.lastIndexOf('.', end - 1))
    found = byLogger.get(logger.slice(0, end)) ?? null
  if (remembered.size < rememberedMax) remembered.set(logger, found)
  return found
}
