// Standard input, kept in a file while a source reads it: questions come in rounds, and input comes once.
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { reasonOf } from './log-file.ts'

export interface Spool {
  readonly path: string
  /** Why not all of it was taken. */
  readonly problem: string | null
  remove(): Promise<void>
}

export async function spoolInput(input: Readable, temporaryFolder: string): Promise<Spool> {
  const folder = await mkdtemp(join(temporaryFolder, 'faultline-input-'))
  const path = join(folder, 'input')
  let problem: string | null = null
  try {
    await pipeline(input, createWriteStream(path, { mode: 0o600 }))
  } catch (error) {
    problem = `it ended early (${reasonOf(error)})`
  }
  return { path, problem, remove: () => rm(folder, { recursive: true, force: true }) }
}
