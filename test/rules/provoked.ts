// Around a whole test run (`node --test-global-setup`): every row of the error catalogue must have been provoked by
// some test. Runs of a few files record nothing and ask for nothing.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { errors } from '../../src/model/errors.ts'

/** Rows that no test can reach, and why. */
const unreachable: Readonly<Record<string, string>> = {
  PatternInvalid: 'only PostgreSQL has patterns of its own; runs with STORE=postgres provoke it',
  MacAddressGenerationFailure: 'sixteen million ports of one network would have to be there',
}

let folder = ''

export function globalSetup(): void {
  folder = mkdtempSync(join(tmpdir(), 'faultline-provoked-'))
  process.env.FAULTLINE_RECORD = folder
}

export function globalTeardown(): void {
  const provoked = new Set(
    readdirSync(folder).flatMap(name => readFileSync(join(folder, name), 'utf8').split('\n')),
  )
  rmSync(folder, { recursive: true, force: true })
  const missing = Object.keys(errors).filter(code => !provoked.has(code) && !(code in unreachable))
  if (missing.length === 0) return
  process.stderr.write(`No test provokes these rows of src/model/errors: ${missing.join(', ')}\n`)
  process.exitCode = 1
}
