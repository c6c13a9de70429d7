// What the network service refuses, in the words of the service we are compatible with.
// Texts and types: neutron_lib/exceptions, neutron/extensions/*, neutron_lib/api/attributes.py.
import type { ErrorRow } from './row.ts'

export const networkErrors = {
  // Bodies and queries.
  NetworkBodyRequired: { status: 400, text: 'Resource body required', type: 'HTTPBadRequest' },
  NetworkBodyMember: {
    status: 400,
    text: "Unable to find '{member}' in request body",
    type: 'HTTPBadRequest',
  },
  NetworkUnrecognizedAttributes: {
    status: 400,
    text: "Unrecognized attribute(s) '{names}'",
    type: 'HTTPBadRequest',
  },
  NetworkRequiredAttribute: {
    status: 400,
    text: "Failed to parse request. Required attribute '{name}' not specified",
    type: 'HTTPBadRequest',
  },
  NetworkAttributeNotInPost: {
    status: 400,
    text: "Attribute '{name}' not allowed in POST",
    type: 'HTTPBadRequest',
  },
  NetworkAttributeReadOnly: {
    status: 400,
    text: 'Cannot update read-only attribute {name}',
    type: 'HTTPBadRequest',
  },
  NetworkInvalidAttribute: {
    status: 400,
    text: 'Invalid input for {name}. Reason: {reason}.',
    type: 'HTTPBadRequest',
  },
  NetworkInvalidInput: {
    status: 400,
    text: 'Invalid input for operation: {reason}.',
    type: 'InvalidInput',
  },
  NetworkProjectMismatch: {
    status: 400,
    text: "'project_id' and 'tenant_id' do not match",
    type: 'HTTPBadRequest',
  },
  NetworkProjectRequired: {
    status: 400,
    text: 'Running without keystone AuthN requires that tenant_id is specified',
    type: 'HTTPBadRequest',
  },
  NetworkProjectForbidden: {
    status: 400,
    text: "Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin privileges",
    type: 'HTTPBadRequest',
  },
  NetworkUnknownFilter: {
    status: 400,
    text: '{names} is invalid attribute for filtering',
    type: 'HTTPBadRequest',
  },
  NetworkBadFilterValue: {
    status: 400,
    text: "Invalid input for {name}. Reason: '{value}' {reason}.",
    type: 'HTTPBadRequest',
  },
  NetworkBadSort: { status: 400, text: '{reason}', type: 'HTTPBadRequest' },
  NetworkBadLimit: {
    status: 400,
    text: "Limit must be an integer 0 or greater and not '{value}'",
    type: 'BadRequest',
  },
  NetworkBadMarker: {
    status: 404,
    text: 'The marker {marker} could not be found.',
    type: 'HTTPNotFound',
  },
  NetworkPolicyDenied: {
    status: 403,
    text: '{rules} is disallowed by policy',
    type: 'PolicyNotAuthorized',
  },
  // Networks.
  NetworkNotFound: {
    status: 404,
    text: 'Network {id} could not be found.',
    type: 'NetworkNotFound',
  },
  NetworkInUse: {
    status: 409,
    text: 'Unable to complete operation on network {id}. There are one or more ports still in use on the network, id for these ports is {ports}.',
    type: 'NetworkInUse',
  },
  NetworkInvalidSharedSetting: {
    status: 409,
    text: 'Unable to reconfigure sharing settings for network {name}. Multiple tenants are using it.',
    type: 'InvalidSharedSetting',
  },
  NetworkExternalInUse: {
    status: 409,
    text: 'External network {id} cannot be updated to be made non-external, since it has existing gateway ports.',
    type: 'ExternalNetworkInUse',
  },
  NetworkDefaultExternalExists: {
    status: 409,
    text: 'A default external network already exists: {id}.',
    type: 'DefaultExternalNetworkExists',
  },
  NetworkFlatInUse: {
    status: 409,
    text: 'Unable to create the flat network. Physical network {physical} is in use.',
    type: 'FlatNetworkInUse',
  },
  NetworkVlanInUse: {
    status: 409,
    text: 'Unable to create the network. The VLAN {segment} on physical network {physical} is in use.',
    type: 'VlanIdInUse',
  },
  NetworkTunnelInUse: {
    status: 409,
    text: 'Unable to create the network. The tunnel ID {segment} is in use.',
    type: 'TunnelIdInUse',
  },
  NetworkNoSegment: {
    status: 503,
    text: 'Unable to create the network. No tenant network is available for allocation.',
    type: 'NoNetworkAvailable',
  },
  NetworkTenantForbidden: {
    status: 403,
    text: 'Tenant {project} not allowed to create {resource} on this network',
    type: 'HTTPForbidden',
  },
  // Subnets and addresses.
  SubnetNotFound: { status: 404, text: 'Subnet {id} could not be found.', type: 'SubnetNotFound' },
  SubnetBadRequest: { status: 400, text: 'Bad subnets request: {reason}.', type: 'BadRequest' },
  SubnetInUse: {
    status: 409,
    text: 'Unable to complete operation on subnet {id}: {reason}.',
    type: 'SubnetInUse',
  },
  SubnetGatewayConflict: {
    status: 409,
    text: 'Gateway ip {ip} conflicts with allocation pool {pool}.',
    type: 'GatewayConflictWithAllocationPools',
  },
  SubnetGatewayInUse: {
    status: 409,
    text: 'Current gateway ip {ip} already in use by port {port}. Unable to update.',
    type: 'GatewayIpInUse',
  },
  SubnetPoolsOverlap: {
    status: 409,
    text: 'Found overlapping allocation pools: {one} {other} for subnet {cidr}.',
    type: 'OverlappingAllocationPools',
  },
  SubnetPoolOutOfBounds: {
    status: 400,
    text: 'The allocation pool {pool} spans beyond the subnet cidr {cidr}.',
    type: 'OutOfBoundsAllocationPool',
  },
  SubnetPoolInvalid: {
    status: 400,
    text: 'The allocation pool {pool} is not valid.',
    type: 'InvalidAllocationPool',
  },
  SubnetPoolNotFound: {
    status: 404,
    text: 'Subnet pool {id} could not be found.',
    type: 'SubnetPoolNotFound',
  },
  SubnetPoolEmpty: { status: 400, text: 'Empty subnet pool prefix list.', type: 'EmptySubnetPoolPrefixList' },
  SubnetPoolVersionsMixed: {
    status: 400,
    text: 'Cannot mix IPv4 and IPv6 prefixes in a subnet pool.',
    type: 'PrefixVersionMismatch',
  },
  SubnetPoolPrefixUnsupported: {
    status: 400,
    text: "Prefix '{prefix}' not supported in IPv{version} pool.",
    type: 'UnsupportedMinSubnetPoolPrefix',
  },
  SubnetPoolPrefixBounds: {
    status: 400,
    text: 'Illegal prefix bounds: {type}={length}, {base}={than}.',
    type: 'IllegalSubnetPoolPrefixBounds',
  },
  SubnetPoolShrinks: {
    status: 400,
    text: 'Illegal subnetpool update : Existing prefixes must be a subset of the new prefixes.',
    type: 'IllegalSubnetPoolUpdate',
  },
  SubnetPoolInUse: {
    status: 400,
    text: 'Unable to delete subnet pool: Subnet pool has existing allocations.',
    type: 'SubnetPoolDeleteError',
  },
  SubnetPoolAffinity: {
    status: 400,
    text: 'Subnets hosted on the same network must be allocated from the same subnet pool.',
    type: 'NetworkSubnetPoolAffinityError',
  },
  SubnetPoolMinPrefix: {
    status: 400,
    text: 'Unable to allocate subnet with prefix length {bits}, minimum allowed prefix is {min}.',
    type: 'MinPrefixSubnetAllocationError',
  },
  SubnetPoolMaxPrefix: {
    status: 400,
    text: 'Unable to allocate subnet with prefix length {bits}, maximum allowed prefix is {max}.',
    type: 'MaxPrefixSubnetAllocationError',
  },
  SubnetPoolAllocation: {
    status: 400,
    text: 'Failed to allocate subnet: {reason}.',
    type: 'SubnetAllocationError',
  },
  SubnetPoolQuotaExceeded: {
    status: 409,
    text: 'Per-tenant subnet pool prefix quota exceeded.',
    type: 'SubnetPoolQuotaExceeded',
  },
  NoMoreIpAddresses: {
    status: 409,
    text: 'No more IP addresses available on network {id}.',
    type: 'IpAddressGenerationFailure',
  },
  NoMoreIpAddressesInSubnet: {
    status: 409,
    text: 'No more IP addresses available for subnet {id}.',
    type: 'IpAddressGenerationFailureForSubnet',
  },
  IpAddressInUse: {
    status: 409,
    text: 'IP address {ip} already allocated in subnet {subnet}',
    type: 'IpAddressAlreadyAllocated',
  },
  InvalidIpForNetwork: {
    status: 400,
    text: 'IP address {ip} is not a valid IP for any of the subnets on the specified network.',
    type: 'InvalidIpForNetwork',
  },
  InvalidIpForSubnet: {
    status: 400,
    text: 'IP address {ip} is not a valid IP for the specified subnet.',
    type: 'InvalidIpForSubnet',
  },
  IpOnAutoAddressSubnet: {
    status: 400,
    text: 'IPv6 address {ip} cannot be directly assigned to a port on subnet {subnet} as the subnet is configured for automatic addresses',
    type: 'AllocationOnAutoAddressSubnet',
  },
  // Ports.
  PortNotFound: { status: 404, text: 'Port {id} could not be found.', type: 'PortNotFound' },
  PortInUse: {
    status: 409,
    text: 'Unable to complete operation on port {id} for network {network}. Port already has an attached device {device}.',
    type: 'PortInUse',
  },
  PortOwnedByService: {
    status: 409,
    text: 'Port {id} cannot be deleted directly via the port API: {reason}.',
    type: 'ServicePortInUse',
  },
  PortBound: {
    status: 409,
    text: 'Unable to complete operation on port {id}, port is already bound, port type: {vifType}, old_mac {old}, new_mac {new}.',
    type: 'PortBound',
  },
  MacAddressInUse: {
    status: 409,
    text: 'Unable to complete operation for network {network}. The mac address {mac} is in use.',
    type: 'MacAddressInUse',
  },
  MacAddressGenerationFailure: {
    status: 503,
    text: 'Unable to generate unique mac on network {network}.',
    type: 'MacAddressGenerationFailure',
    retryable: true,
  },
  AddressPairMissingIp: {
    status: 400,
    text: 'AllowedAddressPair must contain ip_address',
    type: 'AllowedAddressPairsMissingIP',
  },
  AddressPairsNeedPortSecurity: {
    status: 409,
    text: 'Port Security must be enabled in order to have allowed address pairs on a port.',
    type: 'AddressPairAndPortSecurityRequired',
  },
  PortSecurityNeeded: {
    status: 400,
    text: 'Port security must be enabled and port must have an IP address in order to use security groups.',
    type: 'PortSecurityAndIPRequiredForSecurityGroups',
  },
  PortHasSecurityGroups: {
    status: 409,
    text: 'Port has security group associated. Cannot disable port security or IP address until security group is removed.',
    type: 'PortSecurityPortHasSecurityGroup',
  },
  // Security groups.
  NetworkSecurityGroupNotFound: {
    status: 404,
    text: 'Security group {id} does not exist',
    type: 'SecurityGroupNotFound',
  },
  NetworkSecurityGroupInUse: {
    status: 409,
    text: 'Security Group {id} in use.',
    type: 'SecurityGroupInUse',
  },
  NetworkSecurityGroupDefaultRemoved: {
    status: 409,
    text: 'Insufficient rights for removing default security group.',
    type: 'SecurityGroupCannotRemoveDefault',
  },
  NetworkSecurityGroupDefaultUpdated: {
    status: 409,
    text: 'Updating default security group not allowed.',
    type: 'SecurityGroupCannotUpdateDefault',
  },
  NetworkSecurityGroupDefaultExists: {
    status: 409,
    text: 'Default security group already exists.',
    type: 'SecurityGroupDefaultAlreadyExists',
  },
  NetworkSecurityGroupStatefulInUse: {
    status: 409,
    text: 'Security Group {id} stateful attribute cannot be updated: in use.',
    type: 'SecurityGroupInUse',
  },
  NetworkSecurityGroupRuleNotFound: {
    status: 404,
    text: 'Security group rule {id} does not exist',
    type: 'SecurityGroupRuleNotFound',
  },
  NetworkSecurityGroupRuleExists: {
    status: 409,
    text: 'Security group rule already exists. Rule id is {id}.',
    type: 'SecurityGroupRuleExists',
  },
  NetworkSecurityGroupRuleTwoRemotes: {
    status: 400,
    text: 'Only remote_ip_prefix or remote_group_id may be provided.',
    type: 'SecurityGroupRemoteGroupAndRemoteIpPrefix',
  },
  NetworkSecurityGroupRuleNeedsProtocol: {
    status: 400,
    text: 'Must also specify protocol if port range is given.',
    type: 'SecurityGroupProtocolRequiredWithPorts',
  },
  NetworkSecurityGroupRulePortRange: {
    status: 400,
    text: 'For TCP/UDP protocols, port_range_min must be <= port_range_max',
    type: 'SecurityGroupInvalidPortRange',
  },
  NetworkSecurityGroupRulePortValue: {
    status: 400,
    text: 'Invalid value for port {port}',
    type: 'SecurityGroupInvalidPortValue',
  },
  NetworkSecurityGroupRuleIcmpValue: {
    status: 400,
    text: 'Invalid value for ICMP {field} ({attribute}) {value}. It must be 0 to 255.',
    type: 'SecurityGroupInvalidIcmpValue',
  },
  NetworkSecurityGroupRuleIcmpType: {
    status: 400,
    text: 'ICMP code (port-range-max) {value} is provided but ICMP type (port-range-min) is missing.',
    type: 'SecurityGroupMissingIcmpType',
  },
  NetworkSecurityGroupRuleNoPorts: {
    status: 400,
    text: 'Port range cannot be specified for protocol {protocol}. Port range is only supported for TCP, UDP, UDPLITE, SCTP and DCCP.',
    type: 'SecurityGroupInvalidProtocolForPort',
  },
  NetworkSecurityGroupRuleProtocol: {
    status: 400,
    text: 'Security group rule protocol {protocol} not supported. Only protocol values {values} and integer representations [0 to 255] are supported.',
    type: 'SecurityGroupRuleInvalidProtocol',
  },
  NetworkSecurityGroupRuleFamily: {
    status: 400,
    text: 'Invalid ethertype {ethertype} for protocol {protocol}.',
    type: 'SecurityGroupEthertypeConflictWithProtocol',
  },
  NetworkSecurityGroupRulePrefix: {
    status: 400,
    text: 'Conflicting value ethertype {ethertype} for CIDR {cidr}',
    type: 'SecurityGroupRuleParameterConflict',
  },
  // Routers.
  RouterNotFound: { status: 404, text: 'Router {id} could not be found', type: 'RouterNotFound' },
  RouterInUse: { status: 409, text: 'Router {id} still has ports', type: 'RouterInUse' },
  RouterBadRequest: { status: 400, text: 'Bad router request: {reason}.', type: 'BadRequest' },
  RouterInterfaceNotFound: {
    status: 404,
    text: 'Router {id} does not have an interface with id {port}',
    type: 'RouterInterfaceNotFound',
  },
  RouterInterfaceNotFoundForSubnet: {
    status: 404,
    text: 'Router {id} has no interface on subnet {subnet}',
    type: 'RouterInterfaceNotFoundForSubnet',
  },
  RouterSubnetMismatch: {
    status: 409,
    text: 'Subnet on port {port} does not match the requested subnet {subnet}.',
    type: 'SubnetMismatchForPort',
  },
  RouterInterfaceInUseByFloatingIp: {
    status: 409,
    text: 'Router interface for subnet {subnet} on router {id} cannot be deleted, as it is required by one or more floating IPs.',
    type: 'RouterInterfaceInUseByFloatingIP',
  },
  RouterInterfaceInUseByRoute: {
    status: 409,
    text: 'Router interface for subnet {subnet} on router {id} cannot be deleted, as it is required by one or more routes.',
    type: 'RouterInterfaceInUseByRoute',
  },
  RouterGatewayInUse: {
    status: 409,
    text: 'Gateway cannot be updated for router {id}, since a gateway to external network {network} is required by one or more floating IPs.',
    type: 'RouterExternalGatewayInUseByFloatingIp',
  },
  RouterInvalidRoutes: {
    status: 400,
    text: 'Invalid format for routes: {routes}, {reason}',
    type: 'InvalidRoutes',
  },
  // Floating IPs.
  FloatingIpNotFound: {
    status: 404,
    text: 'Floating IP {id} could not be found',
    type: 'FloatingIPNotFound',
  },
  FloatingIpBadRequest: { status: 400, text: 'Bad floatingip request: {reason}.', type: 'BadRequest' },
  FloatingIpPortTaken: {
    status: 409,
    text: 'Cannot associate floating IP {ip} ({id}) with port {port} using fixed IP {fixed}, as that fixed IP already has a floating IP on external network {network}.',
    type: 'FloatingIPPortAlreadyAssociated',
  },
  FloatingIpUnreachable: {
    status: 404,
    text: 'External network {network} is not reachable from subnet {subnet}.  Therefore, cannot associate Port {port} with a Floating IP.',
    type: 'ExternalGatewayForFloatingIPNotFound',
  },
  // The rest.
  NetworkConflict: {
    status: 409,
    text: 'The request conflicts with another one made at the same time. It may succeed when it is repeated.',
    type: 'HTTPConflict',
    retryable: true,
  },
  NetworkOverQuota: {
    status: 409,
    text: 'Quota exceeded for resources: {resources}.',
    type: 'OverQuota',
  },
  NetworkQuotaNotFound: {
    status: 404,
    text: 'Quota for tenant {project} could not be found.',
    type: 'TenantQuotaNotFound',
  },
  NetworkQuotaBelowUsage: {
    status: 400,
    text: 'Change would make usage less than 0 for the following resources: {resources}.',
    type: 'InvalidQuotaValue',
  },
  NetworkTagNotFound: { status: 404, text: 'Tag {tag} could not be found.', type: 'TagNotFound' },
  NetworkAgentNotFound: { status: 404, text: 'Agent {id} could not be found', type: 'AgentNotFound' },
  NetworkExtensionNotFound: {
    status: 404,
    text: 'Extension with alias {alias} does not exist',
    type: 'ExtensionNotFound',
  },
} satisfies Record<string, ErrorRow>
