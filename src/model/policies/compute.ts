// Who may do what in the compute service, by default.
import type { PolicyCheck } from '../policies.ts'

export const computePolicies = {} satisfies Record<string, PolicyCheck>
