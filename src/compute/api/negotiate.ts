// Microversion negotiation of the compute API (facts: faults.md §3): which header counts, what is malformed, what is
// out of range, and which headers go back.
import { fault } from '../../model/errors.ts'
import { limits } from '../../model/limits.ts'
import { computeVersion, type Microversion, minorMax, minorMin } from '../../model/microversions.ts'
import type { Call } from '../../platform/http/call.ts'
import { isLegacyPath } from './legacy.ts'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** What a request's headers ask for: one of ours, a number we do not speak, or no number at all. */
type Asked =
  | { readonly kind: 'known'; readonly version: Microversion; readonly headers: readonly string[] }
  | { readonly kind: 'unknown'; readonly text: string; readonly headers: readonly string[] }
  | { readonly kind: 'malformed'; readonly text: string }

const versionHeaders = (text: string): readonly string[] => [
  'OpenStack-API-Version',
  `compute ${text}`,
  'X-OpenStack-Nova-API-Version',
  text,
  'Vary',
  'OpenStack-API-Version',
  'Vary',
  'X-OpenStack-Nova-API-Version',
]

const known: readonly Asked[] = Array.from({ length: minorMax }, (_, i) => {
  const version = computeVersion(i + 1)
  return { kind: 'known', version, headers: versionHeaders(version.text) }
})
const knownOf = (minor: number): Asked => known[minor - minorMin]!
const pattern = /^([1-9]\d*)\.([1-9]\d*|0)$/

function read(text: string): Asked {
  if (text === 'latest') return knownOf(minorMax)
  const match = pattern.exec(text)
  if (!match) return { kind: 'malformed', text }
  const [major, minor] = [Number(match[1]), Number(match[2])]
  return major === 2 && minor >= minorMin && minor <= minorMax
    ? knownOf(minor)
    : { kind: 'unknown', text, headers: versionHeaders(text) }
}

/** The standard header's last `compute` item, else the legacy header's last item, else 2.1. */
function askedText(standard: string | undefined, legacy: string | undefined): string {
  let text: string | undefined
  for (const item of standard?.split(',') ?? []) {
    const [service, version] = item.trim().split(/\s+/, 2)
    if (service?.toLowerCase() === 'compute' && version !== undefined) text = version
  }
  return text ?? legacy?.split(',').at(-1)?.trim() ?? '2.1'
}

const remembered = new Map<string, Asked>()

function asked(headers: Headers): Asked {
  const standard = headers['openstack-api-version'] as string | undefined // node joins repeats with commas
  const legacy = headers['x-openstack-nova-api-version'] as string | undefined // likewise
  if (standard === undefined && legacy === undefined) return knownOf(minorMin)
  const key = `${standard ?? ''}\u0000${legacy ?? ''}`
  let found = remembered.get(key)
  if (!found) {
    found = read(askedText(standard, legacy))
    if (remembered.size >= limits.headerCacheEntriesMax) remembered.clear()
    remembered.set(key, found)
  }
  return found
}

/** Sets the call's version; 400 when it is malformed, 406 when we do not speak it. `/v2` is always 2.1. */
export function negotiate(call: Call<unknown>): void {
  if (isLegacyPath(call.request.path)) {
    call.version = computeVersion(minorMin)
    return
  }
  const found = asked(call.request.headers)
  switch (found.kind) {
    case 'known':
      call.version = found.version
      return
    case 'malformed':
      throw fault('InvalidApiVersion', { version: found.text })
    case 'unknown':
      throw fault('UnsupportedApiVersion', {
        version: found.text,
        min: `2.${minorMin}`,
        max: `2.${minorMax}`,
      })
  }
}

/**
 * Version headers go on every routed reply: the version used, or the one asked for when we do not speak it; not on
 * 401, on malformed versions, or where no route was found.
 */
export function addVersionHeaders(call: Call<unknown>, out: string[]): void {
  if (isLegacyPath(call.request.path)) return
  if (call.version) {
    const found = knownOf(call.version.minor)
    if (found.kind === 'known') out.push(...found.headers)
  } else if (call.routed && call.caller) {
    const found = asked(call.request.headers)
    if (found.kind === 'unknown') out.push(...found.headers)
  }
}

/** The negotiated version of a compute call. */
export const versionOf = (call: Call<unknown>): Microversion => call.version as Microversion // negotiate() put one of ours there
