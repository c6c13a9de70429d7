// Every route of the compute API, a row each. Families stand in files of their own; this is the whole list.
import type { Route } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { resourceRoutes } from './resource-routes.ts'
import { serverRoutes } from './server-routes.ts'
import { versionRoutes } from './version-routes.ts'
import { volumesBootRoutes } from './volumes-boot-routes.ts'

export const computeRoutes: readonly Route<ComputeDeps>[] = [
  ...versionRoutes,
  ...serverRoutes,
  ...volumesBootRoutes,
  ...resourceRoutes,
]
