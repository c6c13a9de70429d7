// Who may do what in the identity service, by default.
import type { PolicyCheck } from '../policies.ts'

export const identityPolicies = {} satisfies Record<string, PolicyCheck>
