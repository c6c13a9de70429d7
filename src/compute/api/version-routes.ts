// Rows of the compute API: versions and extensions.
import { type Route, row } from '../../platform/http/service.ts'
import type { ComputeDeps } from '../deps.ts'
import { listExtensions, showExtension } from './extensions.ts'
import { showVersion, showVersionById } from './versions.ts'

export const versionRoutes: readonly Route<ComputeDeps>[] = [
  row('GET', '/', showVersion, { auth: 'open' }),
  row('GET', '/versions/{id}', showVersionById),
  row('GET', '/extensions', listExtensions),
  row('GET', '/extensions/{alias}', showExtension),
]
