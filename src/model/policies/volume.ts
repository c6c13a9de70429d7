// Who may do what in the volume service, by default.
import type { PolicyCheck } from './check.ts'

export const volumePolicies = {
  'volume_extension:quotas:show': 'reader',
  'volume_extension:quota_classes:get': 'admin',
} satisfies Record<string, PolicyCheck>
