// The last word on what owners read, whoever made the trace.
import type { Trace } from '../model/trace.ts'
import { forOwner } from '../tracer/view.ts'

/** The tracer's view for owners; who acted on the owner's server from another project is not told either. */
export function asOwner(trace: Trace, projectId: string | null): Trace {
  const actor = <T extends { readonly projectId: string | null }>(of: T): T =>
    of.projectId === projectId ? of : { ...of, projectId: null, userId: null }
  const own = forOwner(trace)
  return {
    ...own,
    request: actor(own.request),
    action: own.action && actor(own.action),
    // That a request made further servers is no secret.
    gaps: [...trace.gaps.filter(({ kind }) => kind === 'cut-off'), ...own.gaps],
  }
}
