// Version documents: what clients read to find out which microversions are there. No token is needed for them.
import { fault } from '../../model/errors.ts'
import { minorMax, minorMin } from '../../model/microversions.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import type { ComputeCall } from './call.ts'
import { isLegacyPath } from './legacy.ts'

interface ApiVersion {
  readonly id: string
  readonly status: 'CURRENT' | 'DEPRECATED'
  /** Highest and lowest microversion; empty where there are none. */
  readonly version: string
  readonly min_version: string
  readonly updated: string
  /** Path below the origin. */
  readonly path: string
  readonly mediaVersion: string
}

const current: ApiVersion = {
  id: 'v2.1',
  status: 'CURRENT',
  version: `2.${minorMax}`,
  min_version: `2.${minorMin}`,
  updated: '2013-07-23T11:33:21Z',
  path: '/compute/v2.1/',
  mediaVersion: '2.1',
}

const legacy: ApiVersion = {
  id: 'v2.0',
  status: 'DEPRECATED',
  version: '',
  min_version: '',
  updated: '2025-07-04T12:00:00Z',
  path: '/compute/v2/',
  mediaVersion: '2',
}

const summary = ({ id, status, version, min_version, updated, path }: ApiVersion, origin: string) => ({
  id,
  status,
  version,
  min_version,
  updated,
  links: [{ rel: 'self', href: origin + path }],
})

/** What any other path below the root answers, `GET /compute/foo`: 300, and where it may have been meant to go. */
export const computeChoices = (origin: string, path: string) => ({
  choices: [legacy, current].map(version => ({
    id: version.id,
    status: version.status,
    links: [{ rel: 'self', href: origin + version.path.slice(0, -1) + path }],
    'media-types': mediaTypes(version),
  })),
})

/** The list at the service's root, `GET /compute/`. `origin`: `http://127.0.0.1:8774`. */
export const computeVersions = (origin: string) => ({
  versions: [summary(legacy, origin), summary(current, origin)],
})

const mediaTypes = ({ mediaVersion }: ApiVersion) => [
  { base: 'application/json', type: `application/vnd.openstack.compute+json;version=${mediaVersion}` },
]

const document = (version: ApiVersion, origin: string) => {
  const { links, ...rest } = summary(version, origin)
  return {
    version: {
      ...rest,
      links: [...links, { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' }],
      'media-types': mediaTypes(version),
    },
  }
}

/** `GET /v2.1/` and `GET /v2/`: the document of the version in the path. */
export const showVersion = (call: ComputeCall): Reply => {
  return json(200, document(isLegacyPath(call.request.path) ? legacy : current, call.request.origin))
}

export const showVersionById = (call: ComputeCall): Reply => {
  const version = [current, legacy].find(one => one.id === call.params.id)
  if (!version) throw fault('RouteNotFound')
  return json(200, document(version, call.request.origin))
}
