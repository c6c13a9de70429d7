// Who may do what in the trace service, by default.
import type { PolicyCheck } from './check.ts'

export const tracePolicies = {
  'trace:requests:list': 'reader',
  'trace:requests:follow': 'reader',
  'trace:traces:show': 'reader',
  'trace:placement:show': 'reader',
  'trace:servers:foresee': 'member',
  /** Hosts, tracebacks, log lines, and what is of other projects. */
  'trace:view:administrator': 'admin',
} satisfies Record<string, PolicyCheck>
