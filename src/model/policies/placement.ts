// Who may do what in the placement service, by default.
import type { PolicyCheck } from '../policies.ts'

export const placementPolicies = {} satisfies Record<string, PolicyCheck>
