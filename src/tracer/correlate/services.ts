// Who calls whom inside one local request id: the services that pass a request on over RPC, and which of them the
// request enters by. Names are those of the logs.

export interface ServiceRow {
  /** `network` in `POST call to network for …`; null: nobody calls it over HTTP. */
  readonly type: string | null
  /** Services it gets work from over RPC, the likeliest first. */
  readonly workFrom: readonly string[]
}

export const services = {
  'nova-api': { type: 'compute', workFrom: [] },
  'nova-api-metadata': { type: null, workFrom: [] },
  'nova-conductor': { type: null, workFrom: ['nova-api', 'nova-compute'] },
  'nova-scheduler': { type: null, workFrom: ['nova-conductor', 'nova-api'] },
  'nova-compute': { type: null, workFrom: ['nova-conductor', 'nova-api'] },
  'neutron-server': { type: 'network', workFrom: [] },
  'neutron-openvswitch-agent': { type: null, workFrom: ['neutron-server'] },
  'neutron-linuxbridge-agent': { type: null, workFrom: ['neutron-server'] },
  'neutron-dhcp-agent': { type: null, workFrom: ['neutron-server'] },
  'neutron-l3-agent': { type: null, workFrom: ['neutron-server'] },
  'neutron-metadata-agent': { type: null, workFrom: ['neutron-server'] },
  'glance-api': { type: 'image', workFrom: [] },
  'cinder-api': { type: 'volume', workFrom: [] },
  'cinder-scheduler': { type: null, workFrom: ['cinder-api', 'cinder-volume'] },
  'cinder-volume': { type: null, workFrom: ['cinder-scheduler', 'cinder-api'] },
  'cinder-backup': { type: null, workFrom: ['cinder-api'] },
  'placement-api': { type: 'placement', workFrom: [] },
  keystone: { type: 'identity', workFrom: [] },
} as const satisfies Readonly<Record<string, ServiceRow>>

const rows: Readonly<Record<string, ServiceRow>> = services

export const rowOf = (service: string): ServiceRow | undefined => rows[service]

/** Other names for the same thing in `call to X for URL`: types change between releases and deployments. */
const aliases: Readonly<Record<string, string>> = {
  volumev2: 'volume',
  volumev3: 'volume',
  'block-storage': 'volume',
  cinderv3: 'volume',
  cinder: 'volume',
  neutron: 'network',
  glance: 'image',
  nova: 'compute',
  keystone: 'identity',
}

/** The service behind a catalogue type: `network` → `neutron-server`; the type itself where nobody is known. */
export function serviceOfType(type: string): string {
  const plain = aliases[type] ?? type
  return Object.entries(rows).find(([, row]) => row.type === plain)?.[0] ?? plain
}

/** Takes requests from outside over HTTP. */
export const isFront = (service: string): boolean => {
  const row = rows[service]
  return row === undefined ? service.endsWith('-api') : row.type !== null
}
