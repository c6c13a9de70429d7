// Rows of the compute API: /os-volumes_boot, until 2.102. It is an older name of /servers and what is done there; the
// links in its answers have the newer one, as upstream.
import { since } from '../../model/microversions.ts'
import type { Route } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { serverRoutes } from './server-routes.ts'

const aliased: ReadonlySet<string> = new Set([
  '/servers',
  '/servers/detail',
  '/servers/{id}',
  '/servers/{id}/action',
])

export const volumesBootRoutes: readonly Route<ComputeDeps>[] = serverRoutes
  .filter(({ path }) => aliased.has(path))
  .map(route => ({
    ...route,
    path: route.path.replace('/servers', '/os-volumes_boot'),
    until: since('noVolumesBoot') - 1,
  }))
