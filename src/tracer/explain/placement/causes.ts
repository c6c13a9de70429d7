// The placement table as causes: the most frequent refusal first, the others after it; what
// hosts lack that the request is not about comes last.
import { causes } from '../../../model/causes.ts'
import { grouped, isOutside, phrase, type ToldRefusal } from '../../../model/refusals.ts'
import type { FoundCause, Placement } from '../../../model/trace.ts'

/** Of the last attempt, when it found no host and something is known of its hosts. */
export function placementCauses(placement: readonly Placement[]): FoundCause[] {
  const last = placement.at(-1)
  if (!last || last.hosts.length === 0 || last.hosts.some(({ isChosen }) => isChosen)) return []
  // In a zone of one full host the memory is the reason, however many hosts there are in other zones.
  const inside = grouped(refusalsOf({ ...last, hosts: last.hosts.filter(({ all }) => !isOutside(all)) }))
  const outside = grouped(refusalsOf({ ...last, hosts: last.hosts.filter(({ all }) => isOutside(all)) }))
  const groups = [...inside, ...outside]
  return groups.map((group, index) => {
    const [{ code }] = group as [ToldRefusal, ...ToldRefusal[]] // groups are made with their first member
    const { sentence, fault, remedy } = causes[code]
    const found = index === 0 ? wholeOf(groups, last.hostsTotal) : phrase(group, false)
    return { code, sentence, found, fault, remedy }
  })
}

/** `no host can take it: 8 of 12 hosts have too little memory (…), 3 are disabled`; it names no hosts. */
function wholeOf(groups: readonly (readonly ToldRefusal[])[], hostsTotal: number | null): string {
  const [first = '', ...rest] = groups.map(group => phrase(group, false))
  const of = hostsTotal === null ? first : first.replace(/^(\d+)/, `$1 of ${hostsTotal} hosts`)
  return `no host can take it: ${[of, ...rest].join(', ')}`
}

export const refusalsOf = ({ hosts }: Pick<Placement, 'hosts'>): ToldRefusal[] =>
  hosts.flatMap(({ host, first }) =>
    first && isHostCause(first.code) ? [{ host, ...first, code: first.code }] : [],
  )

const isHostCause = (code: string): code is ToldRefusal['code'] =>
  code.startsWith('NoHost.') && code in causes
