// Samples that are not replayed, and why: nothing this cloud, or any of today's, can answer.

const removed = 'the API is removed at every microversion, and its row shows that it answers 410'
const cells = 'a cell that is down: there is one cell, and it is the process that would answer'
const ironic = 'there are no baremetal nodes: the row shows the refusal of a Nova whose driver is another'
const power = "hypervisors' drivers do not switch hosts, libvirt's neither: the row shows its refusal"
const console =
  'no driver here has such consoles: the row shows the refusal, as of a Nova with libvirt and VNC'

const reasons: Readonly<Record<string, readonly string[]>> = {
  [removed]: [
    'consoles/consoles-get-resp',
    'consoles/consoles-list-get-resp',
    'os-agents/agent-post-resp',
    'os-agents/agent-update-put-resp',
    'os-agents/agents-get-resp',
    'os-cells/cells-capacities-resp',
    'os-cells/cells-get-resp',
    'os-cells/cells-list-resp',
    'os-cloudpipe/cloud-pipe-create-resp',
    'os-cloudpipe/cloud-pipe-get-resp',
    'os-fixed-ips/fixedips-get-resp',
    'os-fixed-ips/v2.4/fixedips-get-resp',
    'os-floating-ips-bulk/floating-ips-bulk-create-resp',
    'os-floating-ips-bulk/floating-ips-bulk-delete-resp',
    'os-floating-ips-bulk/floating-ips-bulk-list-by-host-resp',
    'os-floating-ips-bulk/floating-ips-bulk-list-resp',
    'os-security-group-default-rules/security-group-default-rules-create-resp',
    'os-security-group-default-rules/security-group-default-rules-list-resp',
    'os-security-group-default-rules/security-group-default-rules-show-resp',
    'os-tenant-networks/networks-post-res',
    'os-virtual-interfaces/v2.12/vifs-list-resp',
    'os-virtual-interfaces/vifs-list-resp',
    'os-virtual-interfaces/vifs-list-resp-v2',
  ],
  [cells]: [
    'servers/v2.69/server-get-resp',
    'servers/v2.69/servers-details-resp',
    'servers/v2.69/servers-list-resp',
    'servers/v2.71/server-get-down-cell-resp',
  ],
  [ironic]: ['os-baremetal-nodes/baremetal-node-get-resp', 'os-baremetal-nodes/baremetal-node-list-resp'],
  [power]: [
    'os-hosts/host-get-reboot',
    'os-hosts/host-get-shutdown',
    'os-hosts/host-get-startup',
    'os-hosts/host-put-maintenance-resp',
  ],
  [console]: [
    'os-remote-consoles/v2.8/create-mks-console-resp',
    'os-remote-consoles/v2.99/create-spice-direct-console-resp',
  ],
  'it asks for what 2.25 has taken away, under a folder of a later version': [
    'server-migrations/v2.24/live-migrate-server',
  ],
}

/** Path of a sample → why nothing is sent or compared. */
export const excluded: ReadonlyMap<string, string> = new Map(
  Object.entries(reasons).flatMap(([reason, paths]) => paths.map(path => [path, reason] as const)),
)
