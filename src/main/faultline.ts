// The program: the command line of the cli, and `up`. The only file that reads the environment.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createIo } from '../cli/io.ts'
import { buildProgram, report } from '../cli/program.ts'
import { OptionError } from '../platform/config/load.ts'
import { StartError } from './start-error.ts'
import { addUp } from './up.ts'

const io = createIo(process, process.env)
const program = buildProgram(io, process.env, { startTemporaryCloud })
addUp(program, process.env)

// A mistake of ours in one request must not end everybody else's: it is logged, and the cloud goes on.
process.on('unhandledRejection', error =>
  process.stderr.write(
    `faultline: unhandled rejection: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  ),
)

try {
  await program.parseAsync(process.argv)
} catch (error) {
  if (error instanceof StartError || error instanceof OptionError) {
    process.stderr.write(`faultline: ${error.message}\n`)
    process.exitCode = 1
  } else process.exitCode = report(io, error)
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
    void ended.then(() => reject(new StartError('the temporary cloud did not come up')))
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
