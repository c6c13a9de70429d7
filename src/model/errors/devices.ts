// What the compute service refuses about what a server has: interfaces, addresses, consoles.
import type { ErrorRow } from './row.ts'

export const deviceErrors = {
  // Interfaces of servers that are there
  InterfaceNetworkAndPort: { status: 400, text: 'Must not input both network_id and port_id' },
  InterfaceAddressWithoutNetwork: { status: 400, text: 'Must input network_id when request IP address' },
  AttachNetworkNotFound: {
    status: 404,
    text: 'Network {network} could not be found.',
    type: 'NetworkNotFound',
  },
  AttachPortNotFound: { status: 404, text: 'Port id {port} could not be found.', type: 'PortNotFound' },
  AttachNetworkAmbiguous: {
    status: 400,
    text: 'Multiple possible networks found, use a Network ID to be more specific.',
    type: 'NetworkAmbiguous',
  },
  AttachWithoutNetwork: {
    status: 400,
    text: "No specific network was requested and none are available for project '{project}'.",
    type: 'InterfaceAttachFailedNoNetwork',
  },
  PortNotUsable: {
    status: 400,
    text: 'Port {port} not usable for instance {server}.',
    type: 'PortNotUsable',
  },
  FixedIpInUse: { status: 409, text: 'Fixed IP {ip} is already in use.', type: 'FixedIpAlreadyInUse' },
  FixedIpInvalid: {
    status: 400,
    text: 'Invalid input received: Fixed IP {ip} is not a valid ip address for network {network}.',
    type: 'InvalidInput',
  },
  InterfaceAttachFailed: {
    status: 500,
    text: 'Failed to attach network adapter device to {server}',
    type: 'InterfaceAttachFailed',
  },
  // Of a detachment that was accepted: read in its record, never answered.
  PortNotAttached: { status: 404, text: 'Port {port} is not attached', type: 'PortNotFound' },
  NetworkOfServerNotFound: {
    status: 404,
    text: 'Network could not be found for instance {server}.',
    type: 'NetworkNotFoundForInstance',
  },
  FixedIpNotOnServer: {
    status: 400,
    text: "Instance {server} doesn't have fixed IP '{address}'.",
    type: 'FixedIpNotFoundForInstance',
  },
  ServerNetworkNotReady: { status: 400, text: 'Instance network is not ready yet' },
  FixedAddressNotOnServer: { status: 400, text: 'Specified fixed address not assigned to instance' },
  NoFixedIpv4: {
    status: 400,
    text: 'Unable to associate floating IP {address} to any fixed IPs for instance {server}. Instance has no fixed IPv4 addresses to associate.',
  },
  FloatingAddressNotFound: { status: 404, text: 'floating IP not found' },
  FloatingAddressNotOnServer: {
    status: 409,
    text: 'Floating IP {address} is not associated with instance {server}.',
  },

  // Consoles
  ConsoleTypeInvalid: { status: 400, text: 'Invalid console type {type}', type: 'ConsoleTypeInvalid' },
  ConsoleTypeUnavailable: {
    status: 400,
    text: 'Unavailable console type {type}.',
    type: 'ConsoleTypeUnavailable',
  },
  BareMetalCommand: {
    status: 400,
    text: 'Command Not supported. Please use Ironic command {command} to perform this action.',
  },
  NoServerForEvents: { status: 404, text: 'No instances found for any event' },
  ConsoleTokenNotFound: { status: 404, text: 'Token not found' },
  ConsoleDetailsHidden: {
    status: 401,
    text: 'The requested console type details are not accessible',
  },
} satisfies Record<string, ErrorRow>
