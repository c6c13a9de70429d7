// Our own sum line read back, for logs and event details without a table beside them:
// `0 of 3 hosts can take it: 2 have too little memory (need 2048 MB, best has 512 MB), host-3 is disabled`.
import { type HostCauseCode, hostCauses } from '../../../model/causes/hosts.ts'
import type { PlacementHost } from '../../../model/trace.ts'
import { refusalOf } from './host-lines.ts'

const head =
  /^(?:\d{1,9} of \d{1,9} servers fit; then )?0 of (?<total>\d{1,9}) hosts can take (?:it|another)(?:: (?<parts>[^\n]{0,4000}))?/
const numbers =
  / \(need (?<need>\d{1,15}) (?<unit>[\w ]{1,60}), (?:has|best has) (?<have>-?\d{1,15}) [\w ]{1,60}\)$/

interface Told {
  readonly hostsTotal: number
  readonly hosts: readonly PlacementHost[]
}

export function readSum(text: string): Told | null {
  const groups = head.exec(text)?.groups
  if (!groups) return null
  const hosts = partsOf(groups.parts ?? '').flatMap(hostsOf)
  return { hostsTotal: Number(groups.total), hosts }
}

// Parts are parted by commas, and so are the numbers in a part's brackets.
const partsOf = (text: string): string[] => text.replace(/[.;]\s*$/, '').split(/, (?![^()]{0,200}\))/)

function hostsOf(part: string): PlacementHost[] {
  const [, subject = '', words = ''] = /^(\S{1,255}) (.{1,1000})$/.exec(part) ?? []
  if (subject === '' || subject === 'and') return []
  const amount = numbers.exec(words)?.groups
  const text = words.replace(numbers, '')
  const code = codeOf(text)
  const first = refusalOf(
    code,
    code,
    text === hostCauses[code].many ? hostCauses[code].one : singular(text),
    amount ? { need: Number(amount.need), have: Number(amount.have), unit: amount.unit ?? null } : undefined,
  )
  const count = /^\d{1,6}$/.test(subject) ? Number(subject) : 1
  const host = /^\d{1,6}$/.test(subject) ? null : subject
  return Array.from({ length: Math.min(count, 10_000) }, () => ({
    host,
    isChosen: false,
    first,
    all: [first],
  }))
}

/** Words that follow a count, for one host again. */
const singular = (text: string): string =>
  text.replace(
    /^(?:are|have|lack|do)\b/,
    verb => ({ are: 'is', have: 'has', lack: 'lacks', do: 'does' })[verb] ?? verb,
  )

const byWords = new Map<string, HostCauseCode>()
for (const [code, { one, many }] of Object.entries(hostCauses))
  for (const words of [one, many]) byWords.set(words, code as HostCauseCode) // keys of the table
/** Texts of filters that say more than the row: by what they are about. */
const about: readonly (readonly [RegExp, HostCauseCode])[] = [
  [/availability zone/, 'NoHost.Zone'],
  [/trait/, 'NoHost.Trait'],
  [/disabled/, 'NoHost.Disabled'],
  [/\bdown\b/, 'NoHost.Down'],
  [/aggregate/, 'NoHost.AggregateExtraSpecs'],
  [/image/, 'NoHost.ImageProperties'],
  [/capabilit|extra spec/, 'NoHost.Capability'],
]

function codeOf(text: string): HostCauseCode {
  return byWords.get(text) ?? about.find(([match]) => match.test(text))?.[1] ?? 'NoHost.Filtered'
}
