// The program: the command line of the cli, and `up`. The only file that reads the environment.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { commands } from '../cli/commands/all.ts'
import { CliError } from '../cli/errors.ts'
import { createIo } from '../cli/io.ts'
import { buildProgram, report } from '../cli/program.ts'

const io = createIo(process, process.env)
const words = process.argv.slice(2)

// A mistake of ours in one request must not end everybody else's: it is logged, and the cloud goes on.
process.on('unhandledRejection', error =>
  process.stderr.write(
    `faultline: unhandled rejection: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  ),
)

try {
  const program = await buildProgram(io, process.env, words, { startTemporaryCloud })
  const isOfCli = commands.some(({ nouns }) => nouns.includes(words[0] ?? ''))
  if (!isOfCli) (await import('./up.ts')).addUp(program, process.env)
  await program.parseAsync(words, { from: 'user' })
} catch (error) {
  process.exitCode = report(io, error)
}

/** A fresh cloud in a folder of its own, gone when it is closed: for `faultline tour`. */
async function startTemporaryCloud(): Promise<{ readonly cloudsFile: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-tour-'))
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      import.meta.filename,
      'up',
      '--data',
      folder,
      '--listen',
      '127.0.0.1:0',
      '--debug',
      '--log-level',
      'CRITICAL',
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    const lines = createInterface({ input: child.stdout })
    lines.on('line', line => {
      if (line.startsWith('faultline ready ')) resolve()
    })
    void ended.then(() => reject(new CliError('the temporary cloud did not come up')))
  })
  return {
    cloudsFile: join(folder, 'clouds.yaml'),
    async close() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
