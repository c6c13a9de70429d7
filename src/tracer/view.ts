// What the owner of a request may see of its record: the reason, the counts and the shape of the call tree, but no
// hosts, no tracebacks, no log lines, no addresses inside the cloud. Owners' verdicts are made from what owners may
// read in the first place (trace.ts), so that no word of an administrator's can slip through.
import { hostCauses } from '../model/causes/hosts.ts'
import type { Placement, PlacementRefusal, Trace, TraceAction, TraceCall } from '../model/trace.ts'

export function forOwner(trace: Trace): Trace {
  return {
    ...trace,
    view: 'owner',
    calls: trace.calls.map(call => ownCall(call)),
    action: trace.action && ownAction(trace.action),
    placement: trace.placement.map(ownPlacement),
    logs: [],
    gaps: [
      {
        kind: 'not-yours',
        service: null,
        count: null,
        text: 'hosts, log lines and tracebacks are for administrators',
      },
    ],
  }
}

const ownCall = (call: TraceCall): TraceCall =>
  call.parent === null
    ? { ...call, host: null, proof: null }
    : {
        ...call,
        host: null,
        proof: null,
        operation: call.kind === 'http' ? methodOnly(call) : call.operation,
      }

const methodOnly = ({ operation }: TraceCall): string => operation.split(' ', 1)[0] ?? operation

const ownAction = (action: TraceAction): TraceAction => ({
  ...action,
  events: action.events.map(event => ({ ...event, host: null, traceback: [] })),
})

const ownPlacement = (placement: Placement): Placement => ({
  ...placement,
  hosts: placement.hosts.map(({ isChosen, first }) => ({
    host: null,
    isChosen,
    first: first && ownRefusal(first),
    all: first ? [ownRefusal(first)] : [],
  })),
})

/** What was needed is the owner's; what the host had is not. */
function ownRefusal(refusal: PlacementRefusal): PlacementRefusal {
  const rows: Readonly<Record<string, { readonly one: string }>> = hostCauses
  return { ...refusal, text: rows[refusal.code]?.one ?? refusal.text, have: null, short: null }
}
