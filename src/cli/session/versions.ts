// Microversions: `2.104` is major 2, minor 104. Asked for by the user, or the newest that both sides know.
import { CliError, usage } from '../errors.ts'
import { asItem, asItems, type Item, textOf } from '../item.ts'
import type { Http } from './http.ts'

export interface Version {
  readonly major: number
  readonly minor: number
}

export function parseVersion(text: string): Version | undefined {
  const match = /^(\d+)\.(\d+)$/.exec(text)
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined
}

export const formatVersion = (version: Version): string => `${version.major}.${version.minor}`

export interface Negotiation {
  readonly url: string
  readonly token: string
  readonly service: string
  readonly newestKnown: string
  /** A version the user asked for; `latest`, `2.latest` and a bare `2` mean: negotiate. */
  readonly asked: string | undefined
}

/** Reads the version document at the service's endpoint; without one the oldest version is meant. */
export async function negotiate(http: Http, what: Negotiation): Promise<Version> {
  const { asked } = what
  if (asked !== undefined && !/^(\d+\.)?latest$|^\d+$/.test(asked)) {
    const version = parseVersion(asked)
    if (!version) throw usage(`'${asked}' is no API version: give one like 2.51`)
    return version
  }
  const reply = await http({
    method: 'GET',
    url: `${what.url}/`,
    service: what.service,
    headers: { 'X-Auth-Token': what.token },
    allow: [300, 401, 403, 404],
  })
  const known = parseVersion(what.newestKnown)!
  const newest = newestOf(asItem(reply.body))
  if (newest === undefined) return { major: known.major, minor: known.major === 1 ? 0 : 1 }
  if (newest.major !== known.major)
    throw new CliError(
      `the ${what.service} service speaks version ${formatVersion(newest)}, which is not known here`,
    )
  return newest.minor < known.minor ? newest : known
}

function newestOf(document: Item): Version | undefined {
  const versions = [asItem(document.version), ...asItems(document.versions)]
  const found = versions.flatMap(one => {
    const version = parseVersion(textOf(one, 'max_version') || textOf(one, 'version'))
    return version ? [version] : []
  })
  return found.sort((a, b) => b.major - a.major || b.minor - a.minor)[0]
}
