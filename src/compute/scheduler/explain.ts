// The sentence for event details: how many hosts could take the server, and why the others could not, so that the
// counts add up to the number of hosts.
import { hostCauses } from '../../model/causes.ts'
import type { NoHost, Placed, Refusal } from './selection.ts'

export interface ExplainOptions {
  /** Name hosts: for administrators only. A cause that counts one host then names it. */
  readonly showHosts?: boolean
  /** The most bytes of UTF-8 the sentence may take; what does not fit is told as `and N more`. */
  readonly maxBytes?: number
}

type Told = Placed | Omit<NoHost, 'sum' | 'upstreamReason'>

/**
 * `0 of 12 hosts can take it: 8 have too little memory (need 8192 MB, best has 4096 MB), 3 are disabled, 1 is down`.
 * When some servers of the request fit: `2 of 5 servers fit; then 0 of 12 hosts can take another: …`.
 */
export function explain(selection: Told, { showHosts = false, maxBytes }: ExplainOptions = {}): string {
  const { hosts, refusals } = selection
  const head = `${hosts - refusals.length} of ${hosts} hosts can take `
  const start =
    selection.kind === 'no-host' && selection.fitted > 0
      ? `${selection.fitted} of ${selection.servers} servers fit; then ${head}another`
      : `${head}it`
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

/** Refusals by first cause, the most frequent first; equals in the order of the snapshot. */
function grouped(refusals: readonly Refusal[]): readonly (readonly Refusal[])[] {
  const groups = new Map<string, Refusal[]>()
  for (const refusal of refusals) {
    const { code, unit, need, text } = refusal.first
    // With numbers the row's words and the numbers say it; without, hosts may differ in what exactly is missing.
    const key = need === undefined ? `${code} ${text}` : `${code} ${unit}`
    const group = groups.get(key)
    if (group) group.push(refusal)
    else groups.set(key, [refusal])
  }
  return [...groups.values()].sort((a, b) => b.length - a.length)
}

function phrase(group: readonly Refusal[], showHosts: boolean): string {
  const [{ host, first }] = group as [Refusal, ...Refusal[]] // groups are made with their first member
  const row = hostCauses[first.code]
  const isOne = group.length === 1
  const subject = isOne && showHosts ? host : String(group.length)
  if (first.need === undefined || first.have === undefined)
    return `${subject} ${isOne ? first.text : first.text === row.one ? row.many : plural(first.text)}`
  const have = group.reduce((best, refusal) => Math.max(best, refusal.first.have ?? 0), 0)
  const numbers = `need ${first.need} ${first.unit}, ${isOne ? 'has' : 'best has'} ${have} ${first.unit}`
  return `${subject} ${isOne ? row.one : row.many} (${numbers})`
}

// Texts written for one host start with one of these verbs.
const verbs: Readonly<Record<string, string>> = {
  is: 'are',
  has: 'have',
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
