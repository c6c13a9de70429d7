// Who asks, and whether they may.
import type { CauseRow } from './row.ts'

export const accessCauses = {
  'Auth.TokenExpired': {
    sentence: 'The token has expired.',
    fault: 'request',
    remedy: 'Get a new token.',
  },
  'Auth.TokenInvalid': {
    sentence: 'There is no token, or it is not valid.',
    fault: 'request',
    remedy: 'Get a new token, and check name, password and project.',
  },
  'Auth.PolicyDenied': {
    sentence: 'The policy does not let the caller do this.',
    fault: 'request',
    remedy: 'Ask somebody with the role, or an administrator for the role.',
  },
  'Auth.ServiceUser': {
    sentence: 'One service could not authenticate itself to another.',
    fault: 'cloud',
    remedy: 'An administrator checks user, password and role of the service in its configuration.',
  },
  'Auth.KeystoneDown': {
    sentence: 'The identity service does not answer, so that no token can be checked.',
    fault: 'cloud',
    remedy: 'Try again later. An administrator looks at Keystone.',
  },
  'Auth.NoEndpoint': {
    sentence: 'The service catalogue has no address for a service that is needed.',
    fault: 'cloud',
    remedy: 'An administrator adds the endpoint, in the region and interface the services are set to.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
