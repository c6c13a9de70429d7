// Compute v2.1 (Nova): the API's side of the service. Operations, conductor, scheduler and agents stand beside it.

import { fault } from '../model/errors.ts'
import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service, type ServiceDefinition } from '../platform/http/service.ts'
import { renderComputeFault } from './api/faults.ts'
import { foresightRoutes } from './api/foresight.ts'
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

export const createComputeService = (options: ComputeServiceOptions): Service =>
  define(options, {
    type: 'compute',
    prefixes: ['/compute/v2.1', '/compute/v2'],
    projectPrefix: true,
    routes: computeRoutes,
  })

/** Says what would become of a request, by the same checks; for the trace service, on no socket. */
export const createForesightService = (options: ComputeServiceOptions): Service =>
  define(options, { type: 'foresight', prefixes: ['/compute/foresight'], routes: foresightRoutes })

const define = (
  { tokens, ...deps }: ComputeServiceOptions,
  own: Pick<ServiceDefinition<ComputeDeps>, 'type' | 'prefixes' | 'projectPrefix' | 'routes'>,
): Service =>
  defineService<ComputeDeps>({
    ...own,
    isSlashStrict: true,
    deps,
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
