// Volume v3 (Cinder). The rows are in the store, what volumes hold in files of one folder.

import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service } from '../platform/http/service.ts'
import type { Log } from '../platform/journal/log.ts'
import type { VolumeDeps } from './deps.ts'
import { renderVolumeFault } from './faults.ts'
import { addVersionHeaders, negotiate } from './negotiate.ts'
import { volumeRoutes } from './routes.ts'

export interface VolumeServiceOptions extends VolumeDeps {
  readonly tokens: TokenChecker
  readonly log: Log
}

export const createVolumeService = ({ tokens, log, ...deps }: VolumeServiceOptions): Service =>
  defineService<VolumeDeps>({
    type: 'volumev3',
    prefixes: ['/volume/v3'],
    projectPrefix: true,
    isSlashStrict: true,
    deps,
    routes: volumeRoutes,
    tokens,
    log,
    requestLogger: 'cinder.api.openstack.wsgi',
    requestIdHeaders: ['x-openstack-request-id', 'x-compute-request-id'],
    negotiate,
    replyHeaders: addVersionHeaders,
    renderFault: renderVolumeFault,
  })
