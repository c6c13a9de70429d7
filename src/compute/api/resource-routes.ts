// Rows of the compute API: resources.
import type { Route } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'

export const resourceRoutes: readonly Route<ComputeDeps>[] = []
