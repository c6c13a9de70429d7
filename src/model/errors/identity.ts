// What the identity service refuses, in the words of the service we are compatible with (keystone/exception.py).
import type { ErrorRow } from './row.ts'

export const identityErrors = {
  IdentityExpecting: {
    status: 400,
    text: 'Expecting to find {attribute} in {target}. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.',
    type: 'ValidationError',
  },
  IdentityEndpointUrlInvalid: {
    status: 400,
    text: 'Cannot create an endpoint with an invalid URL: {url}.',
    type: 'URLValidationError',
  },
  IdentityTimestampInvalid: {
    status: 400,
    text: 'Timestamp not in expected format. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.',
    type: 'ValidationTimeStampError',
  },
  IdentityExpirationInvalid: {
    status: 400,
    text: "The 'expires_at' must not be before now. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error.",
    type: 'ValidationExpirationError',
  },
  IdentityRegionCircular: {
    status: 400,
    text: 'The specified parent region {parent} would create a circular region hierarchy.',
    type: 'CircularRegionHierarchyError',
  },
  IdentityCredentialInvalid: {
    status: 400,
    text: 'Invalid application credential: {detail}',
    type: 'ApplicationCredentialValidationError',
  },
  IdentityMethodUnsupported: {
    status: 401,
    text: 'Attempted to authenticate with an unsupported method.',
    type: 'AuthMethodNotSupported',
  },
  IdentityCredentialScope: {
    status: 401,
    text: 'Error authenticating with application credential: Application credentials cannot request a scope.',
    type: 'ApplicationCredentialAuthError',
  },
  IdentityForbidden: {
    status: 403,
    text: 'You are not authorized to perform the requested action: {action}.',
    type: 'ForbiddenAction',
  },
  IdentityRefused: { status: 403, text: '{reason}', type: 'ForbiddenNotSecurity' },
  IdentityImmutable: {
    status: 403,
    text: 'Unable to {change} immutable {resource} resource: `{id}`. Set resource option "immutable" to false first.',
    type: 'ResourceUpdateForbidden',
  },
  IdentityImpliedRoleProhibited: {
    status: 403,
    text: '{role} cannot be an implied roles.',
    type: 'InvalidImpliedRole',
  },
  IdentityImpliedRoleGlobal: {
    status: 403,
    text: 'Global role cannot imply a domain-specific role',
    type: 'InvalidImpliedRole',
  },
  IdentityRoleDomainMismatch: {
    status: 403,
    text: 'Project {project} must be in the same domain as the role {role} being assigned.',
    type: 'DomainSpecificRoleMismatch',
  },
  IdentityRegionInUse: {
    status: 403,
    text: 'Unable to delete region {id} because it or its child regions have associated endpoints.',
    type: 'RegionDeletionError',
  },
  IdentityTokenNotFound: { status: 404, text: '{reason}', type: 'TokenNotFound' },
  IdentityUserNotFound: { status: 404, text: 'Could not find user: {id}.', type: 'UserNotFound' },
  IdentityGroupNotFound: { status: 404, text: 'Could not find group: {id}.', type: 'GroupNotFound' },
  IdentityMembershipNotFound: {
    status: 404,
    text: "User '{user}' not found in group '{group}'.",
    type: 'NotFound',
  },
  IdentityProjectNotFound: { status: 404, text: 'Could not find project: {id}.', type: 'ProjectNotFound' },
  IdentityProjectTagNotFound: {
    status: 404,
    text: 'Could not find project tag: {tag}.',
    type: 'ProjectTagNotFound',
  },
  IdentityDomainNotFound: { status: 404, text: 'Could not find domain: {id}.', type: 'DomainNotFound' },
  IdentityRoleNotFound: { status: 404, text: 'Could not find role: {id}.', type: 'RoleNotFound' },
  IdentityImpliedRoleNotFound: {
    status: 404,
    text: '{prior} does not imply {implied}.',
    type: 'ImpliedRoleNotFound',
  },
  IdentityAssignmentNotFound: {
    status: 404,
    text: 'Could not find role assignment with role: {role}, user or group: {actor}, project, domain, or system: {target}.',
    type: 'RoleAssignmentNotFound',
  },
  IdentityRegionNotFound: { status: 404, text: 'Could not find region: {id}.', type: 'RegionNotFound' },
  IdentityServiceNotFound: { status: 404, text: 'Could not find service: {id}.', type: 'ServiceNotFound' },
  IdentityEndpointNotFound: { status: 404, text: 'Could not find endpoint: {id}.', type: 'EndpointNotFound' },
  IdentityCredentialNotFound: {
    status: 404,
    text: 'Could not find Application Credential: {id}.',
    type: 'ApplicationCredentialNotFound',
  },
  IdentityStoredCredentialNotFound: {
    status: 404,
    text: 'Could not find credential: {id}.',
    type: 'CredentialNotFound',
  },
  IdentityCredentialHolderGone: {
    status: 404,
    text: 'Could not find the project of the credential, or user: {user}.',
    type: 'UserNotFound',
  },
  IdentityPolicyNotFound: { status: 404, text: 'Could not find policy: {id}.', type: 'PolicyNotFound' },
  IdentityConflict: {
    status: 409,
    text: 'Conflict occurred attempting to store {resource} - {details}.',
    type: 'Conflict',
  },
  IdentityUnexpected: {
    status: 500,
    text: 'An unexpected error prevented the server from fulfilling your request.',
    type: 'UnexpectedError',
  },
} satisfies Record<string, ErrorRow>
