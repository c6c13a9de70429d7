// The sentence that sums up why hosts cannot take a server: the counts add up to the number of hosts. The scheduler
// and the tracer word it here, so that a log of another cloud reads like our own record.
import { type HostCauseCode, hostCauses } from './causes/hosts.ts'

/** One host's refusal, as far as the sentence needs it. */
export interface ToldRefusal {
  /** Null where only the number of hosts is known. */
  readonly host: string | null
  readonly code: HostCauseCode
  /** Written for one host: it follows a name or `1`. */
  readonly text: string
  readonly need?: number | null
  readonly have?: number | null
  readonly unit?: string | null
}

export interface WordingOptions {
  /** Name hosts: for administrators only. A cause that counts one host then names it. */
  readonly showHosts?: boolean
  /** The most bytes of UTF-8 the sentence may take; what does not fit is told as `and N more`. */
  readonly maxBytes?: number
}

/** `0 of 3 hosts can take it: 2 are disabled, 1 is down`; `start` is the part before the colon. */
export function sumOf(
  start: string,
  refusals: readonly ToldRefusal[],
  { showHosts = false, maxBytes }: WordingOptions = {},
): string {
  const groups = grouped(refusals)
  if (groups.length === 0) return cut(start, maxBytes)
  const parts = groups.map(group => phrase(group, showHosts))
  const whole = `${start}: ${parts.join(', ')}`
  if (maxBytes === undefined || bytes(whole) <= maxBytes) return whole
  for (let kept = groups.length - 1; kept > 0; kept -= 1) {
    const more = groups.slice(kept).reduce((sum, group) => sum + group.length, 0)
    const folded = `${start}: ${parts.slice(0, kept).join(', ')}, and ${more} more`
    if (bytes(folded) <= maxBytes) return folded
  }
  return cut(start, maxBytes)
}

/** Refusals of the same kind, the most frequent first; equals in the order given. */
export function grouped<R extends ToldRefusal>(refusals: readonly R[]): readonly (readonly R[])[] {
  const groups = new Map<string, R[]>()
  for (const refusal of refusals) {
    const { code, unit, need, text } = refusal
    // With numbers the row's words and the numbers say it; without, hosts may differ in what exactly is missing.
    const key = need == null ? `${code} ${text}` : `${code} ${unit}`
    const group = groups.get(key)
    if (group) group.push(refusal)
    else groups.set(key, [refusal])
  }
  return [...groups.values()].sort((a, b) => b.length - a.length)
}

/** Causes that say which hosts the request is about at all. */
const narrowing: ReadonlySet<HostCauseCode> = new Set([
  'NoHost.NotRequested',
  'NoHost.Zone',
  'NoHost.SameHost',
  'NoHost.CurrentHost',
  'NoHost.AlreadyTried',
])

/** The request is about other hosts: what else this one lacks helps nobody. */
export const isOutside = (all: readonly { readonly code: string }[]): boolean =>
  all.some(({ code }) => (narrowing as ReadonlySet<string>).has(code))

/** `2 have too little memory (need 8192 MB, best has 4096 MB)`, about one group. */
export function phrase(group: readonly ToldRefusal[], showHosts: boolean): string {
  const [first] = group as [ToldRefusal, ...ToldRefusal[]] // groups are made with their first member
  const row = hostCauses[first.code]
  const isOne = group.length === 1
  const subject = isOne && showHosts && first.host !== null ? first.host : String(group.length)
  if (first.need == null || first.have == null)
    return `${subject} ${isOne ? first.text : first.text === row.one ? row.many : plural(first.text)}`
  const have = group.reduce((best, refusal) => Math.max(best, refusal.have ?? 0), 0)
  const numbers = `need ${first.need} ${first.unit}, ${isOne ? 'has' : 'best has'} ${have} ${first.unit}`
  return `${subject} ${isOne ? row.one : row.many} (${numbers})`
}

// Texts written for one host start with one of these verbs.
const verbs: Readonly<Record<string, string>> = {
  is: 'are',
  has: 'have',
  had: 'had',
  lacks: 'lack',
  does: 'do',
  cannot: 'cannot',
}

const plural = (text: string): string => text.replace(/^\w+/, verb => verbs[verb] ?? verb)

const encoder = new TextEncoder()
const bytes = (text: string) => encoder.encode(text).length

/** The first `maxBytes` bytes, never half a character. */
function cut(text: string, maxBytes: number | undefined): string {
  if (maxBytes === undefined || bytes(text) <= maxBytes) return text
  const { read } = encoder.encodeInto(text, new Uint8Array(maxBytes))
  return text.slice(0, read)
}
