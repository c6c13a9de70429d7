// Microversions of the volume API (cinder/api/openstack/wsgi.py, Request.set_api_version_request): 3.0 without the
// header, `volume latest` for the newest.
import { fault } from '../model/errors.ts'
import {
  type VolumeFeature,
  type VolumeMicroversion,
  volumeMinorMax,
  volumeVersions,
} from '../model/volume-microversions.ts'
import type { Call } from '../platform/http/call.ts'

const baseline = volumeVersions[0]! // the table begins with 3.0
const newest = volumeVersions.at(-1)! // likewise

/** Sets the call's version. 400 when the header is no version, 406 when it is none of ours. */
export function negotiate(call: Call<unknown>): void {
  const header = call.request.headers['openstack-api-version']
  const asked = typeof header === 'string' ? askedText(header) : undefined
  if (asked === undefined || asked === 'latest') {
    call.version = asked === undefined ? baseline : newest
    return
  }
  const match = /^([1-9]\d*)\.([1-9]\d*|0)$/.exec(asked)
  if (!match) throw fault('InvalidApiVersion', { version: asked })
  const found = match[1] === '3' ? volumeVersions[Number(match[2])] : undefined
  if (!found)
    throw fault('UnsupportedApiVersion', { version: asked, min: baseline.text, max: `3.${volumeMinorMax}` })
  call.version = found
}

/** The last `volume` item: several services' versions may stand in one header. */
function askedText(header: string): string | undefined {
  let found: string | undefined
  for (const item of header.split(',')) {
    const [service, version] = item.trim().split(/\s+/)
    if (service?.toLowerCase() === 'volume' && version !== undefined) found = version
  }
  return found
}

/** On every reply that has a version, errors included. */
export function addVersionHeaders(call: Call<unknown>, out: string[]): void {
  if (call.version)
    out.push('OpenStack-API-Version', `volume ${call.version.text}`, 'Vary', 'OpenStack-API-Version')
}

/** The negotiated version; a route that negotiates nothing (discovery) is 3.0. */
export const versionOf = (call: Call<unknown>): VolumeMicroversion =>
  (call.version as VolumeMicroversion | null) ?? baseline // negotiate() put one of ours there

export const has = (call: Call<unknown>, feature: VolumeFeature): boolean => versionOf(call).has(feature)
