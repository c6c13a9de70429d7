// Every command there is, and what the groups of them are called in help.
import type { CommandRow } from '../row.ts'
import { aggregateRows } from './aggregate.ts'
import { availabilityZoneRows } from './availability-zone.ts'
import { computeServiceRows } from './compute-service.ts'
import { consoleRows } from './console.ts'
import { explainPlacementRow } from './explain-placement.ts'
import { flavorRows } from './flavor.ts'
import { floatingIpRows } from './floating-ip.ts'
import { hypervisorRows } from './hypervisor.ts'
import { identityRows } from './identity.ts'
import { imageRows } from './image.ts'
import { keypairRows } from './keypair.ts'
import { logsRows } from './logs.ts'
import { networkRows } from './network.ts'
import { portRows } from './port.ts'
import { quotaRows } from './quota.ts'
import { resourceProviderRows } from './resource-provider.ts'
import { routerRows } from './router.ts'
import { securityGroupRows } from './security-group.ts'
import { serverRows } from './server.ts'
import { serverActionRows } from './server-action.ts'
import { serverEventRows } from './server-event.ts'
import { serverGroupRows } from './server-group.ts'
import { serverImageRows } from './server-image.ts'
import { serverMigrationRows } from './server-migration.ts'
import { serverResizeRows } from './server-resize.ts'
import { serverSetRows } from './server-set.ts'
import { subnetRows } from './subnet.ts'
import { traceRows } from './trace.ts'

export const rows: readonly CommandRow[] = [
  ...serverRows,
  ...serverActionRows,
  ...serverResizeRows,
  ...serverSetRows,
  ...serverImageRows,
  ...serverEventRows,
  ...serverMigrationRows,
  ...serverGroupRows,
  ...consoleRows,
  explainPlacementRow,
  ...flavorRows,
  ...keypairRows,
  ...imageRows,
  ...networkRows,
  ...subnetRows,
  ...portRows,
  ...routerRows,
  ...floatingIpRows,
  ...securityGroupRows,
  ...hypervisorRows,
  ...computeServiceRows,
  ...availabilityZoneRows,
  ...aggregateRows,
  ...quotaRows,
  ...resourceProviderRows,
  ...identityRows,
  ...traceRows,
  ...logsRows,
]

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
