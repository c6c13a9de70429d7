// What the compute service refuses, in Nova's words (facts: faults.md, limits-quotas.md, scheduling.md).
import { blockDeviceErrors } from './block-devices.ts'
import { deviceErrors } from './devices.ts'
import type { ErrorRow } from './row.ts'

export const computeErrors = {
  // Versions
  InvalidApiVersion: {
    status: 400,
    text: 'API Version String {version} is of invalid format. Must be of format MajorNum.MinorNum.',
  },
  UnsupportedApiVersion: {
    status: 406,
    text: 'Version {version} is not supported by the API. Minimum is {min} and maximum is {max}.',
  },
  Gone: { status: 410, text: 'This resource is no longer available.  No forwarding address is given.' },
  ProjectIdMismatch: {
    status: 400,
    text: "Malformed request URL: URL's project_id '{url}' doesn't match Context's project_id '{context}'",
  },
  NoSuchAction: { status: 400, text: 'There is no such action: {action}' },

  // Servers
  ServerNotFound: { status: 404, text: 'Instance {server} could not be found.', type: 'InstanceNotFound' },
  ServerLocked: { status: 409, text: 'Instance {server} is locked', type: 'InstanceIsLocked' },
  ServerNotReady: { status: 409, text: 'Instance {server} is not ready', type: 'InstanceNotReady' },
  ServerWrongState: {
    status: 409,
    text: "Cannot '{action}' instance {server} while it is in {attribute} {value}",
    type: 'InstanceInvalidState',
  },
  ServerInvalidState: {
    status: 409,
    text: "Instance {server} is in an invalid state for '{action}'",
    type: 'InstanceInvalidState',
  },
  ActionNotFound: { status: 404, text: 'Action {request} not found' },
  MarkerNotFound: { status: 400, text: 'Marker {marker} could not be found.', type: 'MarkerNotFound' },
  ServerMarkerNotFound: { status: 400, text: 'marker [{marker}] not found' },
  ReversedChanges: {
    status: 400,
    text: 'The value of changes-since must be less than or equal to changes-before.',
  },

  // Asynchronous failures, and what the scheduler says
  NoValidHost: { status: 500, text: 'No valid host was found. {reason}', type: 'NoValidHost' },
  MaxRetriesExceeded: {
    status: 500,
    text: 'Exceeded maximum number of retries. {reason}',
    type: 'MaxRetriesExceeded',
  },
  ComputeHostNotFound: {
    status: 404,
    text: 'Compute host {host} could not be found.',
    type: 'ComputeHostNotFound',
  },

  // Flavors
  FlavorNotFound: { status: 404, text: 'Flavor {flavor} could not be found.', type: 'FlavorNotFound' },
  FlavorExists: { status: 409, text: 'Flavor with name {name} already exists.', type: 'FlavorExists' },
  FlavorIdExists: { status: 409, text: 'Flavor with ID {flavor} already exists.', type: 'FlavorIdExists' },
  FlavorMarkerNotFound: { status: 400, text: 'marker [{marker}] not found' },
  FlavorFilterInvalid: { status: 400, text: 'Invalid {filter} filter [{value}]' },
  FlavorExtraSpecNotFound: {
    status: 404,
    text: 'Flavor {flavor} has no extra specs with key {key}.',
    type: 'FlavorExtraSpecsNotFound',
  },
  FlavorExtraSpecMismatch: { status: 400, text: 'Request body and URI mismatch' },
  FlavorExtraSpecInvalid: { status: 400, text: 'Validation failed; {reason}', type: 'ValidationError' },
  FlavorIsPublic: { status: 404, text: 'Access list not available for public flavors.' },
  FlavorAccessToPublic: { status: 409, text: 'Can not add access to a public flavor.' },
  FlavorAccessExists: {
    status: 409,
    text: 'Flavor access already exists for flavor {flavor} and project {project} combination.',
    type: 'FlavorAccessExists',
  },
  FlavorAccessNotFound: {
    status: 404,
    text: 'Flavor access not found for {flavor} / {project} combination.',
    type: 'FlavorAccessNotFound',
  },
  ProjectInvalid: { status: 400, text: 'Project ID {project} is not a valid project.' },

  // Key pairs
  KeypairExists: { status: 409, text: "Key pair '{name}' already exists.", type: 'KeyPairExists' },
  KeypairInvalid: { status: 400, text: 'Keypair data is invalid: {reason}', type: 'InvalidKeypair' },
  KeypairNotFound: {
    status: 404,
    text: 'Keypair {name} not found for user {user}',
    type: 'KeypairNotFound',
  },

  // Quotas
  TooManyInstances: {
    status: 403,
    text: 'Quota exceeded for {overs}: Requested {requested}, but already used {used} of {allowed} {overs}',
    type: 'TooManyInstances',
  },
  TooMuchMetadata: {
    status: 403,
    text: 'Maximum number of metadata items exceeds {limit}',
    type: 'MetadataLimitExceeded',
  },
  TooManyKeypairs: {
    status: 403,
    text: 'Quota exceeded, too many key pairs.',
    type: 'KeypairLimitExceeded',
  },
  TooManyServerGroups: {
    status: 403,
    text: 'Quota exceeded, too many server groups.',
    type: 'ServerGroupLimitExceeded',
  },
  TooManyGroupMembers: { status: 403, text: 'Quota exceeded, too many servers in group', type: 'QuotaError' },
  QuotaBelowUsage: {
    status: 400,
    text: 'Quota limit {limit} for {resource} must be greater than or equal to already used and reserved {minimum}.',
  },
  QuotaAboveProject: {
    status: 400,
    text: 'Quota limit {limit} for {resource} must be less than or equal to {maximum}.',
  },

  // Services, hosts, hypervisors
  ServiceNotFound: {
    status: 404,
    text: 'Service {service} could not be found.',
    type: 'ServiceNotFound',
  },
  HostBinaryNotFound: {
    status: 404,
    text: 'Could not find binary {binary} on host {host}.',
    type: 'HostBinaryNotFound',
  },
  UnknownServiceAction: { status: 404, text: 'Unknown action' },
  MissingField: { status: 400, text: 'Missing {field} field' },
  MissingDisabledReason: { status: 400, text: 'Missing disabled reason field' },
  UuidInvalid: { status: 400, text: 'Invalid uuid {id}' },
  IdNotInteger: { status: 400, text: 'Invalid input received: id must be an integer', type: 'InvalidInput' },
  ServiceNotUpdatable: {
    status: 400,
    text: 'Updating a {binary} service is not supported. Only nova-compute services can be updated.',
  },
  DisabledReasonWithoutStatus: {
    status: 400,
    text: "Specifying disabled_reason requires that status is 'disabled'.",
  },
  NoServiceUpdates: {
    status: 400,
    text: "No updates were requested. Fields 'status' or 'forced_down' should be specified.",
  },
  ServiceHostsServers: {
    status: 409,
    text: 'Unable to delete compute service that is hosting instances. Migrate or delete the instances first.',
  },
  ServiceHasMigrations: {
    status: 409,
    text: 'Unable to delete compute service that has in-progress migrations. Complete the migrations or delete the instances first.',
  },
  HypervisorNotFound: { status: 404, text: "Hypervisor with ID '{hypervisor}' could not be found." },
  HypervisorMatchNotFound: { status: 404, text: "No hypervisor matching '{pattern}' could be found." },
  HypervisorMarkerNotFound: { status: 400, text: 'marker [{marker}] not found' },
  HypervisorPatternPaged: {
    status: 400,
    text: 'Paging over hypervisors with the hypervisor_hostname_pattern query parameter is not supported.',
  },
  FeatureNotSupported: { status: 501, text: 'The requested functionality is not supported.' },
  InvalidTimestamp: { status: 400, text: 'Invalid timestamp for date {date}' },

  // Aggregates
  AggregateNotFound: {
    status: 404,
    text: 'Aggregate {aggregate} could not be found.',
    type: 'AggregateNotFound',
  },
  DuplicateImages: { status: 400, text: 'Duplicate images in request' },
  AggregateNameExists: {
    status: 409,
    text: 'Aggregate {name} already exists.',
    type: 'AggregateNameExists',
  },
  AggregateHostExists: {
    status: 409,
    text: 'Aggregate {aggregate} already has host {host}.',
    type: 'AggregateHostExists',
  },
  AggregateHostNotRemovable: { status: 404, text: 'Cannot remove host {host} in aggregate {aggregate}' },
  AggregateNotEmpty: {
    status: 400,
    text: 'Cannot remove aggregate {aggregate}. Reason: Host aggregate is not empty.',
    type: 'InvalidAggregateActionDelete',
  },
  AggregateHostRefused: {
    status: 409,
    text: 'Cannot add host to aggregate {aggregate}. Reason: {reason}.',
    type: 'InvalidAggregateActionAdd',
  },
  AggregateUpdateRefused: {
    status: 400,
    text: 'Cannot update aggregate {aggregate}. Reason: {reason}.',
    type: 'InvalidAggregateActionUpdate',
  },
  AggregateMetadataRefused: {
    status: 400,
    text: 'Cannot update metadata of aggregate {aggregate}. Reason: {reason}.',
    type: 'InvalidAggregateActionUpdateMeta',
  },

  // Migrations
  MigrationNotFoundForServer: {
    status: 404,
    text: 'Migration {migration} not found for instance {server}',
    type: 'MigrationNotFoundForInstance',
  },
  MigrationNotLive: {
    status: 404,
    text: 'Migration {migration} for server {server} is not a live-migration.',
  },
  MigrationNotInProgress: {
    status: 404,
    text: 'Live migration {migration} for server {server} is not in progress.',
  },

  MigrationInWrongState: {
    status: 400,
    text: 'Migration {migration} state of instance {server} is {state}. Cannot {method} while the migration is in this state.',
    type: 'InvalidMigrationState',
  },
  MigrateToSelf: {
    status: 400,
    text: 'Unable to migrate instance ({server}) to current host ({host}).',
    type: 'UnableToMigrateToSelf',
  },
  LiveMigrationRefused: { status: 400, text: '{reason}' },
  LiveMigrationAborted: { status: 500, text: 'The live migration was aborted.' },
  ForceWithoutHost: { status: 400, text: "Can't force to a non-provided destination" },

  EvacuateHostNotFound: { status: 404, text: 'Compute host {host} not found.' },
  EvacuateToSameHost: { status: 400, text: "The target host can't be the same one." },
  ComputeServiceInUse: {
    status: 400,
    text: 'Compute service of {host} is still in use.',
    type: 'ComputeServiceInUse',
  },

  // Server groups
  ServerGroupNotFound: {
    status: 404,
    text: 'Instance group {group} could not be found.',
    type: 'InstanceGroupNotFound',
  },
  ServerGroupRulesRefused: { status: 400, text: 'Only anti-affinity policy supports rules.' },

  // Usage
  UsagePeriodInvalid: {
    status: 400,
    text: 'Invalid start time. The start time cannot occur after the end time.',
  },
  DatetimeInvalid: {
    status: 400,
    text: 'Invalid datetime string: Datetime is in invalid format',
    type: 'InvalidStrTime',
  },

  // Creating servers, and what networks say then
  FlavorInBodyNotFound: { status: 400, text: 'Flavor {flavor} could not be found.', type: 'FlavorNotFound' },
  ImageInBodyNotFound: { status: 400, text: 'Can not find requested image', type: 'ImageNotFound' },
  ImageNotActive: { status: 400, text: 'Image {image} is not active.', type: 'ImageNotActive' },
  RebuildImageNotFound: { status: 400, text: 'Cannot find image for rebuild', type: 'ImageNotFound' },
  KeyNameNotFound: { status: 400, text: 'Invalid key_name provided.', type: 'KeypairNotFound' },
  ImageRequired: { status: 400, text: 'Invalid imageRef provided.' },
  FlavorDiskSmallerThanMinDisk: {
    status: 400,
    text: 'Flavor disk is smaller than the minimum size specified in image metadata. Flavor disk is {disk} bytes, minimum size is {minimum} bytes.',
    type: 'FlavorDiskSmallerThanMinDisk',
  },
  FlavorDiskSmallerThanImage: {
    status: 400,
    text: 'Flavor disk is too small for requested image. Flavor disk is {disk} bytes, image is {size} bytes.',
    type: 'FlavorDiskSmallerThanImage',
  },
  FlavorMemoryTooSmall: {
    status: 400,
    text: "Flavor's memory is too small for requested image.",
    type: 'FlavorMemoryTooSmall',
  },
  MinCountAboveMaxCount: { status: 400, text: 'min_count must be <= max_count' },
  ZoneNotAvailable: { status: 400, text: 'The requested availability zone is not available' },
  ZoneFormatInvalid: { status: 400, text: 'Unable to parse availability zone: {zone}' },
  HostWithForcedZone: {
    status: 400,
    text: 'Unable to specify host or hypervisor_hostname together with an availability zone that names a host.',
  },
  HostUnknown: { status: 400, text: 'Compute host {host} could not be found.', type: 'ComputeHostNotFound' },
  GroupInHintNotFound: {
    status: 400,
    text: 'Instance group {group} could not be found.',
    type: 'InstanceGroupNotFound',
  },
  MultiplePortsNotApplicable: {
    status: 400,
    text: 'Failed to launch multiple instances with a port specified: launch them one at a time.',
    type: 'MultiplePortsNotApplicable',
  },
  NetworkAmbiguous: {
    status: 409,
    text: 'Multiple possible networks found, use a Network ID to be more specific.',
    type: 'NetworkAmbiguous',
  },
  AutoAllocateFailed: {
    status: 400,
    text: 'Unable to automatically allocate a network for project {project}',
    type: 'UnableToAutoAllocateNetwork',
  },
  BootNetworkNotFound: {
    status: 400,
    text: 'Network {network} could not be found.',
    type: 'NetworkNotFound',
  },
  BootPortNotFound: { status: 400, text: 'Port id {port} could not be found.', type: 'PortNotFound' },
  BootPortInUse: { status: 409, text: 'Port {port} is still in use.', type: 'PortInUse' },
  BootPortRequiresAddress: {
    status: 400,
    text: 'Port {port} requires a FixedIP in order to be used.',
    type: 'PortRequiresFixedIP',
  },
  ExternalNetworkForbidden: {
    status: 403,
    text: 'It is not allowed to create an interface on external network {network}',
    type: 'ExternalNetworkAttachForbidden',
  },
  NetworkRequiresSubnet: {
    status: 400,
    text: 'Network {network} requires a subnet in order to boot instances on.',
    type: 'NetworkRequiresSubnet',
  },
  PortBindingFailed: {
    status: 400,
    text: 'Binding failed for port {port}, please check neutron logs for more information.',
    type: 'PortBindingFailed',
  },
  NoMoreFixedIps: { status: 400, text: 'No fixed IP addresses available: {reason}', type: 'NoMoreFixedIps' },
  PortLimitExceeded: { status: 403, text: 'Maximum number of ports exceeded', type: 'PortLimitExceeded' },
  NetworkRefused: { status: 400, text: 'The network service refused: {reason}' },
  BootSecurityGroupNotFound: {
    status: 400,
    text: 'Security group {group} not found for project {project}.',
    type: 'SecurityGroupNotFoundForProject',
  },
  SecurityGroupAmbiguous: {
    status: 409,
    text: "Multiple security groups found matching '{group}'. Use an ID to be more specific.",
    type: 'NoUniqueMatch',
  },
  SecurityGroupAlreadyAdded: {
    status: 400,
    text: 'Security group {group} is already associated with the instance {server}',
  },
  SecurityGroupNotOnServer: {
    status: 404,
    text: 'Security group {group} not associated with the instance {server}',
  },
  NoPortsForSecurityGroup: {
    status: 400,
    text: 'No ports found on instance {server} to associate security groups with',
  },

  ...deviceErrors,
  ...blockDeviceErrors,

  // Actions
  SameFlavor: {
    status: 400,
    text: 'When resizing, instances must change flavor!',
    type: 'CannotResizeToSameFlavor',
  },
  ResizeToZeroDisk: {
    status: 400,
    text: 'Resize to zero disk flavor is not allowed.',
    type: 'CannotResizeDisk',
  },
  NotResized: { status: 400, text: 'Instance has not been resized.', type: 'MigrationNotFound' },
  MigrateToSameHost: {
    status: 400,
    text: 'Cannot migrate to the host where the server exists.',
    type: 'CannotMigrateToSameHost',
  },
  HostServiceDown: {
    status: 409,
    text: 'Service is unavailable at this time.',
    type: 'ServiceUnavailable',
    retryable: true,
  },
  BackupOfVolume: {
    status: 400,
    text: 'Backup is not supported for volume-backed instances.',
    type: 'InvalidRequest',
  },
  ServerMetadataKeyNotFound: {
    status: 404,
    text: 'Metadata item was not found',
    type: 'MetadataItemNotFound',
  },
  MetadataKeyMismatch: { status: 400, text: 'Request body and URI mismatch' },
  MetadataItemsTooMany: { status: 400, text: 'Request body contains too many items' },
  ServerTagNotFound: { status: 404, text: "Server {server} has no tag '{tag}'" },
  ServerTagsTooMany: { status: 400, text: 'The number of tags exceeded the per-server limit {max}' },
  AddressLabelNotFound: { status: 404, text: 'Instance does not have network with label {label}' },
  UnshelveZoneOfShelved: {
    status: 409,
    text: 'Cannot specify an availability zone or host for a server that is not offloaded: instance {server} is in vm_state {state}',
    type: 'UnshelveInstanceInvalidState',
  },
  InvalidServerStatus: { status: 400, text: 'Invalid status value' },
  DeletedListForbidden: { status: 403, text: 'Only administrators may list deleted instances' },
  SortForbidden: { status: 403, text: 'Only administrators can sort servers by {key}' },
  FilterFieldInvalid: { status: 400, text: 'Invalid filter field: {field}.' },
  PasswordNotSet: {
    status: 409,
    text: 'Failed to set admin password on {server} because the host could not set it',
    type: 'InstancePasswordSetFailed',
  },
  // What other services refused, where Nova only asks them
  ProxyNotFound: { status: 404, text: '{reason}' },
  ProxyOverQuota: { status: 403, text: '{reason}' },
  ProxyRefused: { status: 400, text: '{reason}' },
  SecurityGroupIdInvalid: { status: 400, text: 'Security group id should be uuid' },
  SecurityGroupRuleIncomplete: { status: 400, text: 'Not enough parameters to build a valid rule.' },
  SecurityGroupRuleBadPrefix: { status: 400, text: 'Bad prefix for network in cidr {cidr}' },
  ProxiedFloatingIpNotFound: { status: 404, text: 'Floating IP not found for ID {id}' },
  FloatingIpPoolNotFound: { status: 404, text: 'Floating IP pool not found.' },
  FloatingIpLimitExceeded: { status: 403, text: 'IP allocation over quota{where}.' },
  NoMoreFloatingIps: { status: 404, text: 'No more floating IPs{where}.' },
  ProxiedNetworkNotFound: { status: 404, text: 'Network not found' },
  ProxiedImageNotFound: { status: 404, text: 'Image not found.' },
  ImageDeleteForbidden: { status: 403, text: 'You are not allowed to delete the image.' },
  ImageUpdateForbidden: { status: 403, text: 'Not authorized for image {image}.' },
  PortNotOnServer: { status: 404, text: 'Instance {server} does not have a port with id {port}' },
  VolumeNotOnServer: { status: 404, text: 'Instance {server} is not attached to volume {volume}' },
  SecurityGroupOfServerNotFound: {
    status: 404,
    text: 'Security group {group} not found for project {project}.',
    type: 'SecurityGroupNotFoundForProject',
  },
  PinnedZoneConflict: {
    status: 409,
    text: 'Instance {server} cannot be pinned to availability zone {zone}: it does not run there',
  },
  ComputeServiceDown: {
    status: 400,
    text: 'Compute service of {host} is unavailable at this time.',
    type: 'ComputeServiceUnavailable',
    retryable: true,
  },
  TooManyFiles: { status: 403, text: 'Personality file limit exceeded', type: 'OnsetFileLimitExceeded' },
  FilePathTooLong: {
    status: 403,
    text: 'Personality file path exceeds maximum {limit}',
    type: 'OnsetFilePathLimitExceeded',
  },
  FileTooLarge: {
    status: 403,
    text: 'Personality file content exceeds maximum {limit}',
    type: 'OnsetFileContentLimitExceeded',
  },
} satisfies Record<string, ErrorRow>
