// What a run says while it goes and when it has ended: for people at a terminal, for logs, and as JSON.
import type { Selection } from './absent.ts'
import { serviceOf } from './groups.ts'
import { fallenShort, passesOnRealCloud } from './real-cloud.ts'
import type { Outcome, Result } from './results.ts'

export interface Summary {
  readonly services: readonly (Readonly<Record<Outcome, number>> & { readonly service: string })[]
  readonly seconds: number
  /** Tests of what is not there. */
  readonly leftOut: Selection['leftOut']
  readonly results: readonly Result[]
  /** Of the tests a real cloud passes: how many were asked for, and which of them did not pass here. */
  readonly realCloud: { readonly asked: number; readonly short: readonly Result[] }
}

export function summarize(
  results: readonly Result[],
  { leftOut, seconds }: Pick<Summary, 'leftOut' | 'seconds'>,
): Summary {
  const services = [...new Set(results.map(({ id }) => serviceOf(id)))].sort().map(service => {
    const mine = results.filter(({ id }) => serviceOf(id) === service)
    const count = (wanted: Outcome) => mine.filter(({ outcome }) => outcome === wanted).length
    return {
      service,
      passed: count('passed'),
      failed: count('failed'),
      skipped: count('skipped'),
      'not run': count('not run'),
    }
  })
  const asked = results.filter(({ id }) => passesOnRealCloud(id)).length
  return {
    services,
    seconds: Math.round(seconds),
    leftOut,
    results,
    realCloud: { asked, short: fallenShort(results) },
  }
}

/** Zero only when nothing failed and nothing falls short of the real cloud. */
export const exitCode = ({ results, realCloud }: Summary): 0 | 1 =>
  realCloud.short.length > 0 || results.some(({ outcome }) => outcome === 'failed' || outcome === 'not run')
    ? 1
    : 0

export function summaryText(
  { services, seconds, leftOut, results, realCloud }: Summary,
  isColoured: boolean,
): string {
  const colour = (code: number, text: string) => (isColoured ? `\x1b[${code}m${text}\x1b[0m` : text)
  const failures = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'not run')
  const lines = services.map(row => {
    const more = row['not run'] > 0 ? `, ${row['not run']} not run` : ''
    return `${row.service.padEnd(10)} ${row.passed} passed, ${row.failed} failed, ${row.skipped} skipped${more}`
  })
  return [
    ...failures.map(({ id, reason }) => `${colour(31, 'FAILED')} ${id}\n       ${reason}`),
    ...realCloud.short
      .filter(({ outcome }) => outcome === 'skipped')
      .map(
        ({ id, reason }) => `${colour(33, 'SKIPPED')} here, passed by a real cloud: ${id}\n       ${reason}`,
      ),
    '',
    ...lines,
    ...leftOut.map(({ why, count }) => `${'left out'.padEnd(10)} ${count}: ${why}`),
    `${realCloud.asked - realCloud.short.length} of the ${realCloud.asked} tests asked for that a real cloud passes`,
    `${seconds} s`,
  ].join('\n')
}

/** A stream, as far as it is used here. */
interface Out {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Lines a log gets between the first test and the last. */
const logSteps = 20

/** At a terminal one line that changes; elsewhere a line now and then. Failures are told as they come. */
export function progress(out: Out, total: number): { take(result: Result): void; end(): void } {
  const isTerminal = out.isTTY === true
  const seen = { passed: 0, failed: 0, skipped: 0, 'not run': 0 }
  let told = 0
  const line = () => {
    const done = seen.passed + seen.failed + seen.skipped
    return `${done}/${total}  ${seen.failed} failed, ${seen.skipped} skipped`
  }
  return {
    take(result) {
      seen[result.outcome] += 1
      const { outcome, id, reason } = result
      if (outcome === 'failed') out.write(`${isTerminal ? '\r\x1b[K' : ''}FAILED ${id}: ${reason}\n`)
      if (isTerminal) out.write(`\r\x1b[K${line()}  ${id.slice(-60)}`)
      const step = Math.floor(((seen.passed + seen.failed + seen.skipped) * logSteps) / total)
      if (!isTerminal && step > told) out.write(`${line()}\n`)
      told = Math.max(told, step)
    },
    end() {
      if (isTerminal) out.write('\r\x1b[K')
    },
  }
}
