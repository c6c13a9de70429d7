// The real program, as people start it: `bin/faultline up` in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { passwords } from './cloud.ts'

export interface Ended {
  /** Exit code; null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Program {
  readonly child: ChildProcess
  /** Its address once it is ready; rejects when it ends before. */
  readonly ready: Promise<string>
  readonly ended: Promise<Ended>
}

const program = join(import.meta.dirname, '../../bin/faultline')

/** Runs `faultline` with these arguments, without any setting from the environment. */
export function runProgram(args: readonly string[]): Program {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(FAULTLINE|NODE_|OS_)/.test(name)),
  )
  const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stderr.on('data', part => {
    stderr += part
  })
  const ended = new Promise<Ended>(resolve =>
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  )
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', part => {
      stdout += part
      const address = /^faultline ready (\S+)$/m.exec(stdout)?.[1]
      if (address !== undefined) resolve(address)
    })
    void ended.then(end => reject(new Error(`faultline ended before it was ready: ${JSON.stringify(end)}`)))
  })
  ready.catch(() => {}) // who does not wait for it does not care
  return { child, ready, ended }
}

/** `faultline up` on a folder, at a free port, with the passwords tests know. */
export function up(folder: string, ...options: readonly string[]): Program {
  writeFileSync(join(folder, 'passwords.json'), JSON.stringify(passwords))
  return runProgram([
    'up',
    '--data',
    folder,
    '--listen',
    '127.0.0.1:0',
    '--log-level',
    'CRITICAL',
    ...options,
  ])
}
