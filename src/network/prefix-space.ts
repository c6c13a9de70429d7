// The space of a subnet pool: its prefixes, what is taken of them, and what fits into the rest
// (neutron/ipam/subnet_alloc.py). Pure.
import { type Cidr, formatCidr, type IpVersion, parseCidr } from './addresses.ts'

/** Addresses as numbers, both ends included. */
interface Span {
  readonly from: bigint
  readonly to: bigint
}

const width = (version: IpVersion): number => (version === 4 ? 32 : 128)

/** The same addresses in as few prefixes as there can be, in order. All of one version. */
export function mergePrefixes(prefixes: readonly Cidr[]): readonly Cidr[] {
  const [first] = prefixes
  return first ? merge(prefixes.map(spanOf)).flatMap(span => cidrsOf(first.version, span)) : []
}

/** True when every address of `inner` is in `outer`. */
export function covers(outer: readonly Cidr[], inner: readonly Cidr[]): boolean {
  const spans = merge(outer.map(spanOf))
  return inner.map(spanOf).every(({ from, to }) => spans.some(span => span.from <= from && to <= span.to))
}

/** What `taken` leaves of `prefixes`, the smallest pieces first. */
export function freePrefixes(prefixes: readonly Cidr[], taken: readonly Cidr[]): readonly Cidr[] {
  const [first] = prefixes
  if (!first) return []
  let free = merge(prefixes.map(spanOf))
  for (const hole of merge(taken.map(spanOf)))
    free = free.flatMap(span =>
      hole.to < span.from || span.to < hole.from
        ? [span]
        : [
            { from: span.from, to: hole.from - 1n },
            { from: hole.to + 1n, to: span.to },
          ].filter(({ from, to }) => from <= to),
    )
  return free.flatMap(span => cidrsOf(first.version, span)).sort((one, other) => other.bits - one.bits)
}

/** The first prefix of `bits` in the smallest piece that has room for it. */
export function takeAny(free: readonly Cidr[], bits: number): Cidr | undefined {
  const piece = free.find(one => one.bits <= bits)
  return piece && { ...piece, bits, last: piece.first + (1n << BigInt(width(piece.version) - bits)) - 1n }
}

/** Prefixes as a pool's row keeps them. */
export const readPrefixes = (texts: readonly string[]): readonly Cidr[] =>
  texts.flatMap(text => parseCidr(text) ?? [])
export const writePrefixes = (prefixes: readonly Cidr[]): readonly string[] => prefixes.map(formatCidr)

const spanOf = ({ first, last }: Cidr): Span => ({ from: first, to: last })

function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of [...spans].sort((one, other) => (one.from < other.from ? -1 : 1))) {
    const before = merged.at(-1)
    if (before && span.from <= before.to + 1n)
      merged[merged.length - 1] = { from: before.from, to: before.to > span.to ? before.to : span.to }
    else merged.push(span)
  }
  return merged
}

/** A span cut at the largest prefixes that are in it. */
function cidrsOf(version: IpVersion, { from, to }: Span): Cidr[] {
  const cidrs: Cidr[] = []
  for (let first = from; first <= to; ) {
    let size = 1n
    while (first % (size * 2n) === 0n && first + size * 2n - 1n <= to && size < 1n << BigInt(width(version)))
      size *= 2n
    const bits = width(version) - (size.toString(2).length - 1)
    cidrs.push({ version, first, last: first + size - 1n, bits })
    first += size
  }
  return cidrs
}
