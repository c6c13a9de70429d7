// Who may do what in the volume service, by default.
import type { PolicyCheck } from './check.ts'

export const volumePolicies = {
  'volume_extension:quotas:show': 'reader',
} satisfies Record<string, PolicyCheck>
