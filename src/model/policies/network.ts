// Who may do what in the network service, by default.
import type { PolicyCheck } from '../policies.ts'

export const networkPolicies = {} satisfies Record<string, PolicyCheck>
