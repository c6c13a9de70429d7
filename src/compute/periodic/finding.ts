// What a periodic task found to be done with a server, accepted under a request of nobody: Nova's admin context, whose
// actions have no user and no project.
import { newRequestId } from '../../base/ids.ts'
import { isFault } from '../../model/errors.ts'
import type { RequestIds } from '../../platform/http/call.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import { type Acceptance, acceptFrom } from '../accept.ts'
import type { PeriodicDeps } from './table.ts'

/** The ids of one round. */
export const ownContext = (): RequestIds & { readonly auth: null } => ({
  requestId: newRequestId(),
  globalRequestId: null,
  auth: null,
})

/** Accepts it, unless the server has changed since it was found so: then the next round looks again. */
export async function acceptFinding(
  deps: PeriodicDeps,
  context: LogContext,
  finding: Acceptance,
): Promise<void> {
  try {
    await acceptFrom(deps, { context, at: deps.clock.now() }, finding)
  } catch (error) {
    if (!isFault(error)) throw error
    deps.log.under(context).info(`${finding.kind} is left for the next round: something else came first`, {
      server: finding.server.id,
      summary: error,
    })
  }
}
