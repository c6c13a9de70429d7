// Identity v3 (Keystone): who there is, what they may do where, and where everything else is to be found.

import type { Clock } from '../base/time.ts'
import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service } from '../platform/http/service.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Store } from '../platform/store/store.ts'
import type { IdentityDeps } from './deps.ts'
import { renderIdentityFault } from './faults.ts'
import { identityRoutes } from './routes.ts'
import { createTokenReader } from './token-reader.ts'
import { identityPrefix } from './views.ts'

export interface IdentityServiceOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Usually createTokenChecker's, with a memory before it. */
  readonly tokens: TokenChecker
  onRevoke(): void
}

export const createIdentityService = ({
  store,
  clock,
  log,
  tokens,
  onRevoke,
}: IdentityServiceOptions): Service =>
  defineService<IdentityDeps>({
    type: 'identity',
    prefixes: [identityPrefix],
    deps: { store, clock, reader: createTokenReader({ store, clock }), onRevoke },
    routes: identityRoutes,
    tokens,
    log,
    requestLogger: 'keystone.server.flask.request_processing.req_logging',
    replyHeaders: (_call, out) => {
      out.push('Vary', 'X-Auth-Token')
    },
    renderFault: renderIdentityFault,
  })
