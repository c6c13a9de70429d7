// Microversions of the placement API: 1.0 without the header, `placement latest` for the newest.
import { fault } from '../model/errors.ts'
import type { Call, Version } from '../platform/http/call.ts'

export const minorMax = 39
export const minVersion = '1.0'
export const maxVersion = `1.${minorMax}`

const versions: readonly Version[] = Array.from({ length: minorMax + 1 }, (_, minor) => ({
  text: `1.${minor}`,
  minor,
}))

/** Sets the call's version. 400 when the header is no version, 406 when it is none of ours. */
export function negotiate(call: Call<unknown>): void {
  const header = call.request.headers['openstack-api-version']
  const asked = typeof header === 'string' ? askedText(header) : undefined
  if (asked === undefined || asked === 'latest') {
    call.version = versions[asked === undefined ? 0 : minorMax]! // within the list
    return
  }
  const match = /^(\d+)\.(\d+)$/.exec(asked)
  if (!match) throw fault('PlacementVersionMalformed', { version: asked })
  const found = match[1] === '1' ? versions[Number(match[2])] : undefined
  if (!found) throw fault('PlacementVersionUnknown', { version: asked })
  call.version = found
}

/** The last `placement` item: several services' versions may stand in one header. */
function askedText(header: string): string | undefined {
  let found: string | undefined
  for (const item of header.split(',')) {
    const [service, version] = item.trim().split(/\s+/)
    if (service?.toLowerCase() === 'placement' && version !== undefined) found = version
  }
  return found
}

/** On every reply that has a version, errors included. */
export function addVersionHeaders(call: Call<unknown>, out: string[]): void {
  if (!call.version) return
  out.push('OpenStack-API-Version', `placement ${call.version.text}`, 'Vary', 'OpenStack-API-Version')
}

/** True from microversion 1.`minor` on. */
export const since = (call: Call<unknown>, minor: number): boolean => (call.version?.minor ?? 0) >= minor
