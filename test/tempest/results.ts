// From the stream of a run to what became of each test.
import { plainId } from './groups.ts'
import type { Packet } from './subunit.ts'

export type Outcome = 'passed' | 'failed' | 'skipped' | 'not run'

export interface Result {
  /** Without tags. */
  readonly id: string
  readonly outcome: Outcome
  readonly seconds: number
  /** Why it failed or was skipped, in one line; empty when it passed. */
  readonly reason: string
  /** Traceback of a failure. */
  readonly details: string
}

const outcomes = {
  success: 'passed',
  xfail: 'passed',
  fail: 'failed',
  uxsuccess: 'failed',
  skip: 'skipped',
} as const

interface Running {
  readonly startedAt: number
  readonly files: Map<string, string[]>
}

export interface Collector {
  /** The result this packet completes, if any: of a test, or of a class (`setUpClass (tempest.api.….Class)`). */
  take(packet: Packet): Result | null
  /** One result for each of `ids`. Tests of a class that was not set up have the class's. */
  of(ids: readonly string[]): Result[]
}

export function collectResults(): Collector {
  const running = new Map<string, Running>()
  const ended = new Map<string, Result>()
  return {
    take({ id, status, file, at }) {
      if (id === null) return null
      const test = running.get(id) ?? { startedAt: at ?? 0, files: new Map<string, string[]>() }
      running.set(id, test)
      if (file !== null) {
        const parts = test.files.get(file.name) ?? []
        test.files.set(file.name, [...parts, new TextDecoder().decode(file.bytes)])
      }
      if (status === null || !(status in outcomes)) return null
      const result = resultOf(id, outcomes[status as keyof typeof outcomes], test, at) // asked in the line above
      ended.set(result.id, result)
      return result
    },
    of: ids =>
      ids.map(plainId).map(id => {
        const ofClass = ended.get(`setUpClass (${id.slice(0, id.lastIndexOf('.'))})`)
        const found = ended.get(id) ?? (ofClass && { ...ofClass, id, seconds: 0 })
        return found ?? { id, outcome: 'not run', seconds: 0, reason: 'the run ended before it', details: '' }
      }),
  }
}

function resultOf(id: string, outcome: Outcome, { startedAt, files }: Running, at: number | null): Result {
  const text = (name: string): string => files.get(name)?.join('') ?? ''
  const details = outcome === 'failed' ? text('traceback') : ''
  return {
    id: plainId(id),
    outcome,
    seconds: Math.max(0, ((at ?? startedAt) - startedAt) / 1000),
    reason: outcome === 'skipped' ? text('reason').trim() : lastLine(details),
    details,
  }
}

const reasonMax = 300

/** Of a traceback, the error itself; tempest's own have what the cloud answered there. */
const lastLine = (traceback: string): string =>
  (traceback.trimEnd().split('\n').at(-1) ?? '').trim().slice(0, reasonMax)
