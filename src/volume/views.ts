// The shapes the volume service answers with.
import { type Fault, fault, isFault } from '../model/errors.ts'
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'
import { tooLargeReply } from '../platform/http/webob.ts'
import type { VolumeDeps } from './deps.ts'

const versionView = (origin: string) => ({
  id: 'v3.0',
  status: 'CURRENT',
  version: '3.71',
  min_version: '3.0',
  updated: '2023-08-31T00:00:00Z',
  links: [
    { rel: 'describedby', type: 'text/html', href: 'https://docs.openstack.org/' },
    { rel: 'self', href: `${origin}/volume/v3/` },
  ],
  'media-types': [{ base: 'application/json', type: 'application/vnd.openstack.volume+json;version=3' }],
})

/** What both roots answer: with 300 above the version, with 200 at it. */
export const volumeVersions = (origin: string) => ({ versions: [versionView(origin)] })

const volumesMax = 10
const gigabytesMax = 1000

export const limitsView = () => ({
  limits: {
    rate: [],
    absolute: {
      totalSnapshotsUsed: 0,
      maxTotalBackups: volumesMax,
      maxTotalVolumeGigabytes: gigabytesMax,
      maxTotalSnapshots: volumesMax,
      maxTotalBackupGigabytes: gigabytesMax,
      totalBackupGigabytesUsed: 0,
      maxTotalVolumes: volumesMax,
      totalVolumesUsed: 0,
      totalBackupsUsed: 0,
      totalGigabytesUsed: 0,
    },
  },
})

const quotas = {
  volumes: volumesMax,
  snapshots: volumesMax,
  gigabytes: gigabytesMax,
  backups: volumesMax,
  backup_gigabytes: gigabytesMax,
  per_volume_gigabytes: -1,
  groups: volumesMax,
}

export const quotasView = (project: string, withUsage: boolean) => ({
  quota_set: {
    id: project,
    ...Object.fromEntries(
      Object.entries(quotas).map(([name, limit]) => [
        name,
        withUsage ? { limit, in_use: 0, reserved: 0 } : limit,
      ]),
    ),
  },
})

export const quotaClassView = (id: string) => ({ quota_class_set: { id, ...quotas } })

const faultKeys: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  409: 'conflictingRequest',
  501: 'notImplemented',
  503: 'serviceUnavailable',
}

/** Cinder's fault body; an unknown route is 501 for as long as most of the service is not there. */
export function renderVolumeFault(refusal: Fault, call: Call<VolumeDeps>): Reply {
  if (isFault(refusal, 'BodyTooLarge')) return tooLargeReply(refusal.message, call.request.headers.accept)
  const shown = isFault(refusal, 'RouteNotFound')
    ? fault('NotImplementedHere', { what: `${call.request.method} ${call.request.path}` })
    : refusal
  const key = faultKeys[shown.status] ?? 'computeFault'
  return {
    status: shown.status,
    json: { [key]: { code: shown.status, message: shown.message } },
    contentType: 'application/json; charset=UTF-8',
  }
}
