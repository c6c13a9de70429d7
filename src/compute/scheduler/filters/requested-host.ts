// Only the host that was asked for: forced (`az:host:node`), or the target of a create or move. Placement is asked
// about that one provider (in_tree), so this comes before everything else.
import { cause, type Filter } from './filter.ts'

export const requestedHost: Filter = {
  name: 'RequestedHost',
  stage: 'placement',
  onRebuild: true,
  prepare({ request }) {
    const wanted = [request.force, request.requested].filter(target => target !== null)
    if (wanted.length === 0) return null
    const refusal = cause('RequestedHost', 'NoHost.NotRequested')
    return host =>
      wanted.every(
        target =>
          (target.host === null || target.host === host.host) &&
          (target.node === null || target.node === host.node),
      )
        ? null
        : refusal
  },
}
