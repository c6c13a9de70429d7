// Whether silence means anything: a request that was accepted and of which nothing more was said is lost only if the
// services that would have said something went on writing.
import type { Evidence } from '../evidence.ts'

/** How long the logs must go on after the last that was said. */
const silenceMs = 10 * 60_000

const workers = /^nova-(?:compute|conductor|scheduler)/

export function silenceAfter({ coverage = [], records }: Evidence): boolean {
  const last = records.reduce((latest, { at }) => Math.max(latest, at ?? 0), 0)
  if (last === 0 || records.some(({ service }) => workers.test(service))) return false
  // At INFO only hosts speak of what goes well; a conductor that says nothing at DEBUG has seen nothing.
  return coverage.some(
    ({ service, from, to, hasDebug }) =>
      (service.startsWith('nova-compute') || (service.startsWith('nova-conductor') && hasDebug)) &&
      from !== null &&
      to !== null &&
      from <= last &&
      to >= last + silenceMs,
  )
}
