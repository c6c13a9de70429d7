// Ports, networks and what hosts do with them.
import type { CauseRow } from './row.ts'

export const networkCauses = {
  'Port.BindingFailed': {
    sentence: 'The network service could not bind the port to the host.',
    fault: 'cloud',
    remedy:
      'An administrator looks at the log of neutron-server for this port: most often no network agent is alive on the host, or it does not know the physical network.',
  },
  'Port.AgentDown': {
    sentence: 'No network agent is alive on the host, so that no port can be bound there.',
    fault: 'cloud',
    remedy: 'An administrator starts the network agent of the host.',
  },
  'Port.VifTimeout': {
    sentence: 'The network service did not report the port as plugged in time.',
    fault: 'cloud',
    remedy:
      'An administrator looks at the network agent of the host: it did not finish the port, or its report did not arrive.',
  },
  'Port.VifFailed': {
    sentence: 'The host could not plug the network interface.',
    fault: 'cloud',
    remedy: 'An administrator looks at the log of the host for the interface, and at its bridge or switch.',
  },
  'Port.NotFound': {
    sentence: 'The port does not exist, or belongs to another project.',
    fault: 'request',
    remedy: 'Name a port that exists, or a network.',
  },
  'Port.InUse': {
    sentence: 'The port is in use by another server.',
    fault: 'request',
    remedy: 'Take another port, or detach it first.',
  },
  'Port.NoAddress': {
    sentence: 'The port has no fixed IP address, and a server needs one.',
    fault: 'request',
    remedy: 'Give the port an address, or take another port.',
  },
  'Port.NotAttached': {
    sentence: 'The port does not belong to the server.',
    fault: 'request',
    remedy: 'Name a port of this server.',
  },
  'Port.Unusable': {
    sentence: 'The port cannot be used by a server of this project.',
    fault: 'request',
    remedy: 'Take a port of the same project.',
  },
  'Port.Several': {
    sentence: 'One port cannot serve several servers.',
    fault: 'request',
    remedy: 'Create the servers one at a time, or name a network.',
  },
  'Network.NoMoreAddresses': {
    sentence: 'The subnet has no free address left.',
    fault: 'capacity',
    remedy: 'Use another network or a larger subnet, or delete ports that are not needed.',
  },
  'Network.AddressInUse': {
    sentence: 'The IP address is already in use.',
    fault: 'request',
    remedy: 'Ask for another address, or for none.',
  },
  'Network.AddressInvalid': {
    sentence: 'The IP address does not belong to the network.',
    fault: 'request',
    remedy: 'Ask for an address of one of the subnets, or for none.',
  },
  'Network.NotFound': {
    sentence: 'The network does not exist, or the project may not use it.',
    fault: 'request',
    remedy: 'Name a network that exists and is shared with the project.',
  },
  'Network.Ambiguous': {
    sentence: 'There are several networks, and the request does not say which one.',
    fault: 'request',
    remedy: 'Name the network.',
  },
  'Network.External': {
    sentence: 'Only administrators may put servers directly on an external network.',
    fault: 'request',
    remedy: 'Use a network of the project and a floating IP.',
  },
  'Network.NoSubnet': {
    sentence: 'The network has no subnet, and a server needs one.',
    fault: 'request',
    remedy: 'Create a subnet, or use another network.',
  },
  'Network.NoAutomatic': {
    sentence: 'A network could not be made automatically for the project.',
    fault: 'cloud',
    remedy: 'Name a network. An administrator sets up a default external network and a default subnet pool.',
  },
  'Network.SecurityGroupNotFound': {
    sentence: 'The security group does not exist.',
    fault: 'request',
    remedy: 'Name a security group of the project.',
  },
  'Network.SecurityGroupAmbiguous': {
    sentence: 'Several security groups have that name.',
    fault: 'request',
    remedy: 'Give the id of the security group.',
  },
  'Network.SecurityGroupPorts': {
    sentence: 'A security group cannot be put on such a port or network.',
    fault: 'request',
    remedy: 'Leave the security groups out, or switch port security on.',
  },
  'Network.NoFloatingIp': {
    sentence: 'There is no free floating IP, or no pool of that name.',
    fault: 'capacity',
    remedy: 'Use another pool, or release floating IPs.',
  },
  'Network.Unreachable': {
    sentence: 'The network service does not answer.',
    fault: 'cloud',
    remedy: 'An administrator looks at neutron-server and at its address in the configuration of compute.',
  },
  'Network.Refused': {
    sentence: 'The network service refused.',
    fault: 'request',
    remedy: 'Correct what the message names.',
  },
  'Network.Failed': {
    sentence: 'The network service failed.',
    fault: 'cloud',
    remedy: 'An administrator looks at the log of neutron-server for the id of the call.',
  },
  'Network.CleanUp': {
    sentence: 'What the network service had given could not be taken back.',
    fault: 'cloud',
    remedy: 'An administrator looks for ports that were left.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
