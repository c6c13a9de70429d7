// What a real OpenStack (DevStack with two hosts of Nova's fake driver) passed: what ours has to pass as well.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { plainId } from './groups.ts'
import type { Result } from './results.ts'

const passes: ReadonlySet<string> = new Set(
  readFileSync(join(import.meta.dirname, 'fixtures/real-cloud-passes.txt'), 'utf8')
    .trim()
    .split('\n'),
)

export const passesOnRealCloud = (id: string): boolean => passes.has(plainId(id))

/** Those of `results` that a real cloud passes and this one does not. */
export const fallenShort = (results: readonly Result[]): Result[] =>
  results.filter(({ id, outcome }) => outcome !== 'passed' && passesOnRealCloud(id))
