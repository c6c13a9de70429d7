// Compute v2.1 (Nova): the API's side of the service. Operations, conductor, scheduler and agents stand beside it.

import { fault } from '../model/errors.ts'
import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service } from '../platform/http/service.ts'
import { renderComputeFault } from './api/faults.ts'
import { bodyFor } from './api/legacy.ts'
import { addVersionHeaders, negotiate } from './api/negotiate.ts'
import { computeRoutes } from './api/routes.ts'
import type { ComputeDeps } from './deps.ts'

export interface ComputeServiceOptions extends ComputeDeps {
  readonly tokens: TokenChecker
}

/** What Nova reads bodies as; anything else is a 415. */
const contentTypes: ReadonlySet<string> = new Set([
  'application/json',
  'application/vnd.openstack.compute+json',
  'text/plain',
])

export const createComputeService = ({ tokens, ...deps }: ComputeServiceOptions): Service =>
  defineService<ComputeDeps>({
    type: 'compute',
    prefixes: ['/compute/v2.1', '/compute/v2'],
    projectPrefix: true,
    deps,
    routes: computeRoutes,
    tokens,
    log: deps.log,
    requestLogger: 'nova.api.openstack.requestlog',
    requestIdHeaders: ['x-openstack-request-id', 'x-compute-request-id'],
    negotiate(call) {
      negotiate(call)
      const urlProject = call.params.project_id
      if (urlProject !== undefined && urlProject !== call.caller?.project?.id)
        throw fault('ProjectIdMismatch', { url: urlProject, context: call.caller?.project?.id ?? 'None' })
    },
    contentTypes,
    bodyFor,
    replyHeaders: addVersionHeaders,
    renderFault: renderComputeFault,
  })
