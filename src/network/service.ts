// Network v2.0 (Neutron): networks, subnets, ports, security groups, routers, floating addresses, quotas.
import type { Clock } from '../base/time.ts'
import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service } from '../platform/http/service.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Store } from '../platform/store/store.ts'
import type { PortEvent } from './events.ts'
import { networkRoutes } from './routes.ts'
import { type NetworkReads, networkReads } from './store.ts'
import { renderNetworkFault } from './views.ts'

export interface NetworkDeps {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Hosts whose agents are there: ports can be bound to them. */
  hosts(): readonly string[]
  /** Told what happened to a server's port, after the change is committed. Must not wait. */
  onPortEvent(event: PortEvent): void
  readonly reads: NetworkReads
}

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
