// What requests are refused for: nova.api, nova.exception, and the forms every service has.
import { cause, generic, type Rule } from './rule.ts'

export const requestRules: readonly Rule[] = [
  cause(
    'Request.FlavorUnknown',
    /Flavor (?<flavor>[^\n]{1,80}) could not be found|FlavorNotFound|Invalid flavorRef provided/,
    'Flavor m1.huge could not be found.',
    'there is no flavor {flavor}',
  ),
  cause(
    'Request.KeyPairUnknown',
    /Invalid key_name provided|Keypair (?<name>[^\n]{1,80}) not found for user|KeypairNotFound/,
    'Invalid key_name provided.',
    'there is no such key pair {name}',
  ),
  cause(
    'Request.ZoneUnknown',
    /The requested availability zone is not available|Unable to parse availability zone|AvailabilityZone '(?<zone>[^'\n]{1,80})' is invalid|Availability zone '(?<other>[^'\n]{1,80})' is invalid/,
    'The requested availability zone is not available',
    'there is no availability zone {zone}{other} of that name',
  ),
  cause(
    'Request.GroupUnknown',
    /Instance group (?<group>\S{1,60}) could not be found|InstanceGroupNotFound/,
    'Instance group 0c3f could not be found.',
    'there is no server group {group}',
  ),
  cause(
    'Request.SameFlavor',
    /When resizing, instances must change flavor!|CannotResizeToSameFlavor/,
    'When resizing, instances must change flavor!',
    'the server has that flavor already',
  ),
  cause(
    'Request.SmallerDisk',
    /Resize to zero disk flavor is not allowed|Unable to resize disk down|Server disk was unable to be resized because: (?<why>[^\n]{1,160})|CannotResizeDisk/,
    'Resize error: Unable to resize disk down.',
    'the disk cannot become smaller: {why}',
  ),
  cause(
    'Request.NotResized',
    /Instance has not been resized/,
    'Instance has not been resized.',
    'there is no resize to confirm or revert',
  ),
  cause(
    'Request.UserData',
    /User data (?:too large|needs to be valid base 64)[^\n]{0,80}|InstanceUserDataMalformed|Invalid input for field\/attribute user_data/,
    'User data needs to be valid base 64.',
  ),
  cause(
    'Request.MinCount',
    /min_count must be <= max_count/,
    'min_count must be <= max_count',
    'min_count is above max_count',
  ),
  cause(
    'Request.FlavorSpecs',
    /(?:Validation failed; |Requested CPU thread policy|Emulator threads|The property '\S{1,80}' cannot be|Memory encryption requested|MemoryPageSize\w{0,20}|Page size \S{1,40} (?:forbidden|is not supported)|Image virtual NUMA|Invalid (?:CPU|PCI alias|hw:)|PCI alias \S{1,80} is not defined|Asked to boot with)[^\n]{0,200}/,
    'PCI alias gpu is not defined',
  ),
  cause(
    'Request.Microversion',
    /Version (?<version>\S{1,30}) is not supported by the API|API Version String (?<other>\S{1,30}) is of invalid format|VersionNotFoundForAPIMethod|API version '?\S{1,30}'? is not supported on this method/,
    'Version 2.200 is not supported by the API. Minimum is 2.1 and maximum is 2.96.',
    'the microversion {version}{other} is not served',
  ),
  cause(
    'Request.TooLarge',
    /Request is too large|Request Entity Too Large/,
    'Request is too large. Larger than max_request_body_size (114688).',
    'the body is too large',
  ),
  cause(
    'Request.ContentType',
    /Unsupported Content-?Type|Invalid content type \S{1,80}/i,
    'Unsupported Content-Type',
    'the content type is not understood',
  ),
  cause(
    'Request.Malformed',
    /Malformed (?:request body|request URL|JSON in request body)[^\n]{0,160}|There is no such action: (?<action>[^\n]{1,80})|Body expected in request|Failed to parse request|Malformed json in request body/i,
    'Malformed request body',
  ),
  cause(
    'Request.NotImplemented',
    /The requested functionality is not supported|does not implement \S[^\n]{0,80}|NotImplementedError|not supported by (?:the )?(?:compute )?driver|not supported for (?:the current|this) (?:compute )?driver|Operation '?\S{1,60}'? not supported/i,
    'The requested functionality is not supported.',
  ),
  cause(
    'Request.TooManyAtOnce',
    /Too Many Requests|This request was rate-limited|OverLimitFault/i,
    'This request was rate-limited.',
    'requests come too fast',
  ),
  cause(
    'Request.ServerUnknown',
    /Instance (?<server>\S{1,60}) could not be found|InstanceNotFound/,
    'Instance 2a6513a3 could not be found.',
    'there is no server {server}',
  ),
  cause(
    'Request.NameTaken',
    /(?<what>(?:Flavor with (?:name|ID)|Key pair|Aggregate|Image ID|Volume type|Server group) [^\n]{1,80}) already exists|is already in use by instance|Instance name \S{1,80} (?:is )?already|InstanceExists/,
    "Key pair 'mine' already exists.",
    '{what} is there already',
  ),
  cause(
    'Request.Invalid',
    /(?:Invalid input for (?:field\/attribute|query parameters|operation|\S{1,40}\. Reason)|Invalid input received: |Additional properties are not allowed|An invalid '[^'\n]{1,40}' value was provided|is a required property|is not of type '|Unrecognized attribute|Provided object does not match schema|Invalid value '|is not one of \[|is too long|does not match '\^?|BadRequest: Invalid|Invalid parameter|Unable to find '[^'\n]{1,60}' in request body)[^\n]{0,300}/,
    "Invalid input for field/attribute flavorRef. Value: None. None is not of type 'string', 'integer'",
  ),
  cause(
    'Request.Gone',
    /This resource is no longer available/,
    'This resource is no longer available.  No forwarding address is given.',
    'that part of the interface was removed',
  ),
  generic(
    'Request.Conflict',
    /(?:conflict|There was a conflict when trying to complete your request|Constrained to \d{1,9}, but current revision is \d{1,9})[^\n]{0,200}/i,
    'There was a conflict when trying to complete your request.',
  ),
  generic(
    'Request.NotFound',
    /(?:HTTP exception thrown|failed \(client error\)|Returning 404 to user): (?<what>[^\n]{1,160}) (?:could not be found|not found)/i,
    'HTTP exception thrown: Action req-00000000-0000-0000-0000-000000000000 not found',
    '{what} was not found',
  ),
  generic(
    'Request.NotFound',
    /(?:The resource could not be found|HTTPNotFound)/,
    'HTTP exception thrown: The resource could not be found.',
    'it was not found',
  ),
  generic(
    'Request.Refused',
    /HTTP exception thrown: (?<why>[^\n]{1,300})/,
    'HTTP exception thrown: The value of changes-since must be less than or equal to changes-before.',
    '{why}',
  ),
  generic(
    'Request.Refused',
    /Returning 4\d\d to user: (?<why>[^\n]{1,300})/,
    'Returning 400 to user: marker [7] not found',
    '{why}',
  ),
]
