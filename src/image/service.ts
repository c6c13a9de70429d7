// Images v2 (Glance): what servers boot from. The rows are in the store, the data in files of one folder.

import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service } from '../platform/http/service.ts'
import type { Log } from '../platform/journal/log.ts'
import type { ImageDeps } from './deps.ts'
import { renderImageFault } from './faults.ts'
import { imageRoutes } from './routes.ts'

export interface ImageServiceOptions extends ImageDeps {
  readonly tokens: TokenChecker
  readonly log: Log
}

export const createImageService = ({ tokens, log, ...deps }: ImageServiceOptions): Service =>
  defineService<ImageDeps>({
    type: 'image',
    prefixes: ['/image/v2'],
    isSlashStrict: true,
    deps,
    routes: imageRoutes,
    tokens,
    log,
    requestLogger: 'eventlet.wsgi.server',
    requestIdHeaders: ['X-Openstack-Request-Id'],
    renderFault: renderImageFault,
  })
