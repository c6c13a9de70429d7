// Who may do what in the volume service, by default.
import type { PolicyCheck } from '../policies.ts'

export const volumePolicies = {} satisfies Record<string, PolicyCheck>
