// Every command there is, by the noun it begins with, and what the groups of them are called in help. A noun's file is
// loaded when somebody says the noun: a command is not to wait for what all the others need.
import type { CommandRow } from '../row.ts'

interface Commands {
  /** The first words of these commands. */
  readonly nouns: readonly string[]
  readonly load: () => Promise<readonly CommandRow[]>
}

/** In the order help shows them. */
export const commands: readonly Commands[] = [
  { nouns: ['server'], load: serverCommands },
  { nouns: ['console'], load: async () => (await import('./console.ts')).consoleRows },
  {
    nouns: ['explain-placement'],
    load: async () => [(await import('./explain-placement.ts')).explainPlacementRow],
  },
  { nouns: ['flavor'], load: async () => (await import('./flavor.ts')).flavorRows },
  { nouns: ['keypair'], load: async () => (await import('./keypair.ts')).keypairRows },
  { nouns: ['image'], load: async () => (await import('./image.ts')).imageRows },
  { nouns: ['network'], load: async () => (await import('./network.ts')).networkRows },
  { nouns: ['subnet'], load: async () => (await import('./subnet.ts')).subnetRows },
  { nouns: ['port'], load: async () => (await import('./port.ts')).portRows },
  { nouns: ['router'], load: async () => (await import('./router.ts')).routerRows },
  { nouns: ['floating'], load: async () => (await import('./floating-ip.ts')).floatingIpRows },
  { nouns: ['security'], load: async () => (await import('./security-group.ts')).securityGroupRows },
  { nouns: ['hypervisor', 'host'], load: async () => (await import('./hypervisor.ts')).hypervisorRows },
  { nouns: ['compute'], load: async () => (await import('./compute-service.ts')).computeServiceRows },
  {
    nouns: ['availability'],
    load: async () => (await import('./availability-zone.ts')).availabilityZoneRows,
  },
  { nouns: ['aggregate'], load: async () => (await import('./aggregate.ts')).aggregateRows },
  { nouns: ['quota', 'limits'], load: async () => (await import('./quota.ts')).quotaRows },
  { nouns: ['resource'], load: async () => (await import('./resource-provider.ts')).resourceProviderRows },
  {
    nouns: ['token', 'catalog', 'project', 'user'],
    load: async () => (await import('./identity.ts')).identityRows,
  },
  { nouns: ['trace'], load: async () => (await import('./trace.ts')).traceRows },
  { nouns: ['logs'], load: async () => (await import('./logs.ts')).logsRows },
]

/** The commands that words can mean: those of the noun they begin with, else all. */
export async function rowsFor(words: readonly string[]): Promise<readonly CommandRow[]> {
  const [noun = ''] = words
  const meant = commands.filter(({ nouns }) => nouns.includes(noun))
  return (await Promise.all((meant.length > 0 ? meant : commands).map(({ load }) => load()))).flat()
}

async function serverCommands(): Promise<readonly CommandRow[]> {
  const { serverRows } = await import('./server.ts')
  const { serverActionRows } = await import('./server-action.ts')
  const { serverResizeRows } = await import('./server-resize.ts')
  const { serverSetRows } = await import('./server-set.ts')
  const { serverImageRows } = await import('./server-image.ts')
  const { serverEventRows } = await import('./server-event.ts')
  const { serverMigrationRows } = await import('./server-migration.ts')
  const { serverGroupRows } = await import('./server-group.ts')
  return [
    ...serverRows,
    ...serverActionRows,
    ...serverResizeRows,
    ...serverSetRows,
    ...serverImageRows,
    ...serverEventRows,
    ...serverMigrationRows,
    ...serverGroupRows,
  ]
}

export const groups: Readonly<Record<string, string>> = {
  server: 'servers: create, list, show, act on, delete',
  'server event': "a server's actions and their steps",
  'server migration': 'moves of servers between hosts',
  'server image': 'images made of servers',
  'server group': 'groups of servers that belong together, or apart',
  'server add': 'give a server something',
  'server remove': 'take something from a server',
  'server add security': 'give a server a security group',
  'server remove security': 'take a security group from a server',
  console: "servers' consoles",
  'console log': "servers' console output",
  flavor: 'sizes of servers',
  keypair: 'SSH keys put into servers',
  image: 'what servers boot from',
  network: 'networks',
  subnet: 'address ranges of networks',
  port: 'ports of networks',
  router: 'routers between networks',
  floating: 'addresses that move between ports',
  'floating ip': 'addresses that move between ports',
  security: 'what traffic may reach a port',
  'security group': 'sets of rules about traffic',
  'security group rule': 'rules of security groups',
  hypervisor: 'what servers run on',
  host: 'hosts of the compute service',
  compute: 'the compute service itself',
  'compute service': 'processes of the compute service',
  availability: 'availability zones',
  'availability zone': 'availability zones',
  aggregate: 'sets of hosts',
  'aggregate add': 'put a host into an aggregate',
  'aggregate remove': 'take a host out of an aggregate',
  quota: 'how much a project may have',
  limits: 'how much a project may have and has',
  resource: 'what placement counts',
  'resource provider': 'things that have something to give: hosts, mostly',
  'resource provider inventory': 'what a provider has',
  'resource provider usage': 'what is taken of it',
  logs: 'log files of any OpenStack',
  token: 'tokens',
  catalog: 'where the services are',
  project: 'projects',
  user: 'users',
}
