// Rows of the compute API: everything but servers and versions.
import type { Route } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { flavorRoutes } from './flavor-routes.ts'
import { machineryRoutes } from './machinery-routes.ts'
import { notYetRoutes } from './not-yet.ts'
import { projectRoutes } from './project-routes.ts'
import { proxyRoutes } from './proxy-routes.ts'
import { removedRoutes } from './removed.ts'
import { noQuery } from './schemas/queries.ts'

/** From 2.102 on, rows that read no query refuse one. */
const strictAtLast = (route: Route<ComputeDeps>): Route<ComputeDeps> =>
  route.query ? route : { ...route, query: noQuery }

export const resourceRoutes: readonly Route<ComputeDeps>[] = [
  ...[...flavorRoutes, ...projectRoutes, ...machineryRoutes].map(strictAtLast),
  ...proxyRoutes,
  ...removedRoutes,
  ...notYetRoutes,
]
