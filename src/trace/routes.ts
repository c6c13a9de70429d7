// Every route of the trace service, a row each.
import { row } from '../platform/http/service.ts'
import type { TraceServiceDeps } from './deps.ts'
import { followRequest } from './follow.ts'
import { foreseePlacement, foreseeServers } from './foresight.ts'
import { listRequests } from './requests.ts'
import { placementQuery, requestsQuery, serversBody, traceQuery } from './schemas.ts'
import { showTrace, showVersion } from './traces.ts'

export const traceRoutes = [
  row<TraceServiceDeps>('GET', '/', showVersion, { auth: 'open' }),
  row<TraceServiceDeps>('GET', '/traces/{handle}', showTrace, { query: traceQuery }),
  row<TraceServiceDeps>('GET', '/requests', listRequests, { query: requestsQuery }),
  row<TraceServiceDeps>('GET', '/requests/{id}/events', followRequest, { query: traceQuery }),
  row<TraceServiceDeps>('GET', '/placement', foreseePlacement, { query: placementQuery }),
  row<TraceServiceDeps>('POST', '/servers', foreseeServers, { body: serversBody }),
]
