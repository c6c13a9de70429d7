// Rows of the compute API: everything but servers and versions.
import type { Route } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { flavorRoutes } from './flavor-routes.ts'
import { machineryRoutes } from './machinery-routes.ts'
import { notYetRoutes } from './not-yet.ts'
import { projectRoutes } from './project-routes.ts'
import { removedRoutes } from './removed.ts'

export const resourceRoutes: readonly Route<ComputeDeps>[] = [
  ...flavorRoutes,
  ...projectRoutes,
  ...machineryRoutes,
  ...removedRoutes,
  ...notYetRoutes,
]
