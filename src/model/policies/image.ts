// Who may do what in the image service, by default.
import type { PolicyCheck } from '../policies.ts'

export const imagePolicies = {} satisfies Record<string, PolicyCheck>
