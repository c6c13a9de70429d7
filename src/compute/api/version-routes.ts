// Rows of the compute API: versions.
import type { Route } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'

export const versionRoutes: readonly Route<ComputeDeps>[] = []
