// Placement: who has how much of what, and who has taken it. Everything that changes a provider raises its generation
// first, which also holds its row until the transaction ends; so two claims never see the same room.

import type { Clock } from '../base/time.ts'
import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service } from '../platform/http/service.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Store } from '../platform/store/store.ts'
import type { PlacementDeps } from './deps.ts'
import { renderPlacementFault } from './faults.ts'
import { addVersionHeaders, negotiate } from './negotiate.ts'
import { placementRoutes } from './routes.ts'
import { createQueries } from './store.ts'

export interface PlacementServiceOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly tokens: TokenChecker
}

export const createPlacementService = ({ store, clock, log, tokens }: PlacementServiceOptions): Service =>
  defineService<PlacementDeps>({
    type: 'placement',
    prefixes: ['/placement'],
    deps: { store, clock, queries: createQueries(store) },
    routes: placementRoutes,
    tokens,
    log,
    requestLogger: 'placement.requestlog',
    negotiate,
    replyHeaders: addVersionHeaders,
    renderFault: renderPlacementFault,
  })
