// Why one host was not taken: every refusal it got, with its numbers, attempt by attempt.
import { hostCauses } from '../../model/causes/hosts.ts'
import type { Placement, PlacementHost, PlacementRefusal, Trace } from '../../model/trace.ts'
import { unnamedHosts } from './digest.ts'
import { mapTexts, visible, visibleAscii } from './neutral.ts'
import { amount, plural } from './words.ts'

/** Sentences, one a line. A short name means the host that begins with it: `compute1` is `compute1.example.org`. */
export function whyNot(trace: Trace, host: string, options: { readonly isUtf8: boolean }): string {
  const change = options.isUtf8 ? visible : visibleAscii
  const shown = mapTexts(trace, change)
  const name = change(host)
  if (shown.placement.length === 0)
    return `No host was looked for in this request, as far as is known: nothing says why ${name} was not taken.\n`
  const many = shown.placement.length > 1
  return shown.placement
    .flatMap(one => sentences(one, name, many))
    .map(line => `${line}\n`)
    .join('')
}

function sentences(placement: Placement, name: string, isNumbered: boolean): readonly string[] {
  const before = isNumbered ? `Attempt ${placement.attempt}: ` : ''
  const found = hostNamed(placement, name)
  if (!found) return [before + notAmong(placement, name)]
  if (found.isChosen) return [`${before}${found.host} was taken.`]
  if (found.first === null) {
    const chosen = placement.hosts.filter(one => one.isChosen).flatMap(one => one.host ?? [])
    const instead = chosen.length === 0 ? 'none was taken' : `${chosen.join(', ')} was taken before it`
    return [`${before}${found.host} could have taken it; ${instead}.`]
  }
  const refusals = found.all.length === 0 ? [found.first] : found.all
  return [
    `${before}${found.host} was refused for ${plural(refusals.length, 'reason')}:`,
    ...refusals.flatMap(refusal => reasons(refusal)),
  ]
}

function reasons(refusal: PlacementRefusal): readonly string[] {
  const numbers = [
    ['need', refusal.need],
    ['have', refusal.have],
    ['short', refusal.short],
  ] as const
  const told = numbers.flatMap(([word, value]) =>
    value === null ? [] : [`${word} ${amount(value, refusal.unit)}`],
  )
  const isTold = told.length === 0 || /\d/.test(refusal.text)
  const remedy = refusal.code in hostCauses ? hostCauses[refusal.code as keyof typeof hostCauses].remedy : '' // `in` says so
  return [
    `  ${refusal.text}${isTold ? '' : ` (${told.join(', ')})`}`,
    `    ${refusal.code}, by ${refusal.filter}${refusal.input === null ? '' : `; asked for by ${refusal.input}`}`,
    ...(remedy === '' ? [] : [`    ${remedy}`]),
  ]
}

function hostNamed({ hosts }: Placement, name: string): PlacementHost | undefined {
  const short = (text: string) => text.split('.')[0]
  return (
    hosts.find(one => one.host === name) ?? hosts.find(one => one.host !== null && short(one.host) === name)
  )
}

function notAmong(placement: Placement, name: string): string {
  const named = placement.hosts.flatMap(({ host }) => host ?? [])
  const hidden = placement.hosts.length - named.length + unnamedHosts(placement)
  const unsure =
    hidden > 0
      ? ` ${plural(hidden, 'host is', 'hosts are')} counted without a name, and it may be one of them.`
      : ''
  const among =
    named.length === 0
      ? ''
      : ` They were: ${named.slice(0, 12).join(', ')}${named.length > 12 ? ' and others' : ''}.`
  return `${name} was not among the hosts that are named.${among}${unsure}`
}
