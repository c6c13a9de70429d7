// Traces of requests: what happened, what is happening, and what would happen. Reads only.

import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service } from '../platform/http/service.ts'
import type { Log } from '../platform/journal/log.ts'
import type { TraceDeps, TraceServiceDeps } from './deps.ts'
import { traceRoutes } from './routes.ts'
import { renderTraceFault } from './views.ts'

export interface TraceServiceOptions extends TraceDeps {
  readonly tokens: TokenChecker
  readonly log: Log
}

export const createTraceService = ({ tokens, log, ...deps }: TraceServiceOptions): Service =>
  defineService<TraceServiceDeps>({
    type: 'trace',
    prefixes: ['/trace/v1'],
    deps: { ...deps, followers: new Set() },
    routes: traceRoutes,
    tokens,
    log,
    requestLogger: 'faultline.trace.requestlog',
    renderFault: renderTraceFault,
  })
