// Rows of the compute API: servers.
import type { Route } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'

export const serverRoutes: readonly Route<ComputeDeps>[] = []
