// Images v2 (Glance): what servers boot from. The rows are in the store, the data in files of one folder.
import type { Clock } from '../base/time.ts'
import type { TokenChecker } from '../platform/http/auth.ts'
import { defineService, type Service } from '../platform/http/service.ts'
import type { Log } from '../platform/journal/log.ts'
import type { Store } from '../platform/store/store.ts'
import { renderImageFault } from './faults.ts'
import { imageRoutes } from './routes.ts'

export interface ImageDeps {
  readonly store: Store
  readonly clock: Clock
  /** Where the data of images lies; made when it is not there. */
  readonly folder: string
  /** Largest image taken, in bytes; `limits.imageBytesMax` when not given. */
  readonly imageBytesMax?: number
}

export interface ImageServiceOptions extends ImageDeps {
  readonly tokens: TokenChecker
  readonly log: Log
}

export const createImageService = ({ tokens, log, ...deps }: ImageServiceOptions): Service =>
  defineService<ImageDeps>({
    type: 'image',
    prefixes: ['/image/v2'],
    deps,
    routes: imageRoutes,
    tokens,
    log,
    requestLogger: 'eventlet.wsgi.server',
    requestIdHeaders: ['X-Openstack-Request-Id'],
    renderFault: renderImageFault,
  })
