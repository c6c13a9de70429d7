// What the compute service refuses, in Nova's words (facts: faults.md, limits-quotas.md, scheduling.md).
import type { ErrorRow } from '../errors.ts'

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
  BuildAborted: {
    status: 500,
    text: 'Build of instance {server} aborted: {reason}',
    type: 'BuildAbortException',
  },
  ComputeHostNotFound: {
    status: 404,
    text: 'Compute host {host} could not be found.',
    type: 'ComputeHostNotFound',
  },
} satisfies Record<string, ErrorRow>
