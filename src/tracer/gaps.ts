// What is not there: a trace that says what it could not see is believed in what it says.

import { limits } from '../model/limits.ts'
import type { Gap } from '../model/trace.ts'
import type { Skews } from './correlate/skew.ts'
import type { Branch } from './correlate/tree.ts'
import type { LogRecord } from './record.ts'
import type { Coverage } from './source.ts'

export interface Seen {
  readonly records: readonly LogRecord[]
  readonly branches: readonly Branch[]
  readonly coverage: readonly Coverage[]
  readonly skews: Skews
  /** What the sources could not read. */
  readonly read: readonly Gap[]
  /** Lines left out of the record. */
  readonly leftOut: number
}

export function gapsOf(seen: Seen): readonly Gap[] {
  const gaps = [
    ...silentServices(seen),
    ...callsUnseen(seen),
    ...clocks(seen),
    ...folded(seen.read),
    ...(seen.leftOut === 0
      ? []
      : [
          gap(
            'cut-off',
            null,
            seen.leftOut,
            `${seen.leftOut} lines that matter less are left out of this record`,
          ),
        ]),
  ]
  return gaps.slice(0, limits.traceGapsMax)
}

const gap = (kind: Gap['kind'], service: string | null, count: number | null, text: string): Gap => ({
  kind,
  service,
  count,
  text,
})

/** Where Nova's own work for an accepted request would be told. */
const behindApi = ['nova-conductor', 'nova-scheduler', 'nova-compute']

function silentServices({ branches, coverage }: Seen): Gap[] {
  const heard = new Set(
    branches.filter(({ node }) => node.records.length > 0).map(({ node }) => node.service),
  )
  const covered = new Set(coverage.map(({ service }) => service))
  const unheard = branches.filter(({ node }) => node.records.length === 0).map(({ node }) => node.service)
  const root = branches[0]?.node
  const expected = root?.service === 'nova-api' && root.status === 202 ? behindApi : []
  return [...new Set([...unheard, ...expected])]
    .filter(service => !heard.has(service))
    .map(service =>
      gap(
        'silent-service',
        service,
        null,
        covered.has(service)
          ? `${service}: its log has nothing for this request`
          : `${service}: its log is not among what was read`,
      ),
    )
}

function callsUnseen({ records, branches }: Seen): Gap[] {
  const hasDebug = records.some(({ level }) => level === 'DEBUG')
  const hasCalls = branches.some(({ node, parent }) => parent !== null && node.kind === 'http')
  return hasDebug || hasCalls || records.length === 0
    ? []
    : [
        gap(
          'debug-off',
          null,
          null,
          'calls to other services are not told: default_log_levels keystoneauth=DEBUG in nova.conf brings them',
        ),
      ]
}

function clocks({ skews }: Seen): Gap[] {
  return [...skews].map(([clock, skew]) =>
    gap(
      'clock-skew',
      null,
      Math.round(Math.abs(skew)),
      `the clock of ${clock === '' ? 'some files' : clock} is ${Math.round(Math.abs(skew))} ms or more ${skew > 0 ? 'ahead' : 'behind'}; its times are corrected by that`,
    ),
  )
}

/** What is told again in a later round of reading is the same gap, and its larger count is the truer one. */
function folded(gaps: readonly Gap[]): Gap[] {
  const kept = new Map<string, Gap>()
  for (const one of gaps) {
    const key = `${one.kind}\n${one.service ?? ''}\n${one.text}`
    const before = kept.get(key)
    if (!before || (one.count ?? 0) > (before.count ?? 0)) kept.set(key, one)
  }
  return [...kept.values()]
}
