// Network v2.0 (Neutron): networks, subnets, ports, security groups, routers, floating addresses, quotas.

import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service } from '../platform/http/service.ts'
import type { NetworkDeps } from './deps.ts'
import { networkRoutes } from './routes.ts'
import { networkReads } from './store.ts'
import { renderNetworkFault } from './views.ts'

export interface NetworkServiceOptions extends Omit<NetworkDeps, 'reads' | 'onPortEvent'> {
  readonly tokens: TokenChecker
  readonly onPortEvent?: NetworkDeps['onPortEvent']
}

export const createNetworkService = ({ tokens, onPortEvent, ...options }: NetworkServiceOptions): Service =>
  defineService<NetworkDeps>({
    type: 'network',
    prefixes: ['/network/v2.0'],
    deps: { ...options, onPortEvent: onPortEvent ?? (() => {}), reads: networkReads(options.store) },
    routes: networkRoutes,
    tokens,
    log: options.log,
    requestLogger: 'neutron.wsgi',
    renderFault: renderNetworkFault,
  })
