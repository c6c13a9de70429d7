// The seven services with their routes and the plausible request of each.
import { computeRoutes } from '../../../src/compute/api/routes.ts'
import { identityRoutes } from '../../../src/identity/routes.ts'
import { imageRoutes } from '../../../src/image/routes.ts'
import { networkRoutes } from '../../../src/network/routes.ts'
import { placementRoutes } from '../../../src/placement/routes.ts'
import { traceRoutes } from '../../../src/trace/routes.ts'
import { volumeRoutes } from '../../../src/volume/routes.ts'
import { computePlausible } from './compute.ts'
import { identityPlausible } from './identity.ts'
import { imagePlausible } from './image.ts'
import { networkPlausible } from './network.ts'
import { placementPlausible } from './placement.ts'
import type { ServiceRows } from './plausible.ts'
import { tracePlausible } from './trace.ts'
import { volumePlausible } from './volume.ts'

export const plausibleServices: readonly ServiceRows[] = [
  { name: 'identity', prefix: '/identity/v3', as: 'admin', routes: identityRoutes, table: identityPlausible },
  { name: 'image', prefix: '/image/v2', as: 'demo', routes: imageRoutes, table: imagePlausible },
  { name: 'network', prefix: '/network/v2.0', as: 'demo', routes: networkRoutes, table: networkPlausible },
  {
    name: 'placement',
    prefix: '/placement',
    as: 'admin',
    routes: placementRoutes,
    table: placementPlausible,
  },
  { name: 'volume', prefix: '/volume/v3', as: 'demo', routes: volumeRoutes, table: volumePlausible },
  { name: 'trace', prefix: '/trace/v1', as: 'demo', routes: traceRoutes, table: tracePlausible },
  { name: 'compute', prefix: '/compute/v2.1', as: 'demo', routes: computeRoutes, table: computePlausible },
]
