// The `tempest` program: is it there, which tests does it have, and a run of them in a workspace of its own.
import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { collectResults, type Result } from './results.ts'
import { subunitReader } from './subunit.ts'

const needed = ['tempest', 'stestr'] as const

/** What is not on this machine of what a run needs; null when nothing is. One line, with what to install. */
export function whatIsMissing(): string | null {
  const lacking = needed.filter(name => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return false
    } catch {
      return true
    }
  })
  if (lacking.length === 0) return null
  return `needs ${lacking.join(' and ')} (on Debian and Ubuntu: apt install tempest)`
}

/** A folder tempest runs in. It registers nothing in the home of whoever runs it. */
export interface Workspace {
  readonly folder: string
  readonly conf: string
}

export function makeWorkspace(folder: string, conf: string): Workspace {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'tempest.conf')
  writeFileSync(path, conf)
  execFileSync('stestr', ['init'], { cwd: folder, stdio: 'ignore' })
  return { folder, conf: path }
}

/** A single test that takes longer has failed. */
const testTimeoutSeconds = 300
/** A list of all tests is a quarter of a megabyte. */
const listBytesMax = 16 * 1024 * 1024

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(OS_|TEMPEST_|PYTHON)/.test(name))
  return {
    ...Object.fromEntries(kept),
    OS_TEST_TIMEOUT: String(testTimeoutSeconds),
    PYTHONWARNINGS: 'ignore',
  }
}

/** Ids, with their tags, of the tests a regular expression of Python's finds. */
export async function listTests({ folder, conf }: Workspace, regex: string): Promise<string[]> {
  const words = ['run', '--config-file', conf, '--list-tests', '--regex', regex]
  const options = { cwd: folder, env: environment(), maxBuffer: listBytesMax }
  const { stdout } = await promisify(execFile)('tempest', words, options)
  return stdout.split('\n').filter(line => /^tempest\./.test(line))
}

export interface RunOptions {
  readonly tests: readonly string[]
  readonly concurrency: number
  readonly signal: AbortSignal
  readonly onResult: (result: Result) => void
}

/** Runs these tests; one result for each, in their order. Rejects when tempest itself fails or `signal` aborts. */
export async function runTests({ folder, conf }: Workspace, options: RunOptions): Promise<Result[]> {
  const list = join(folder, 'tests.txt')
  writeFileSync(list, `${options.tests.join('\n')}\n`)
  const words = ['run', '--config-file', conf, '--subunit', '--load-list', list]
  const child = spawn('tempest', [...words, '--concurrency', String(options.concurrency)], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that its workers end with it.
    detached: true,
  })
  const collector = collectResults()
  const reader = subunitReader()
  let count = 0
  child.stdout.on('data', chunk => {
    for (const packet of reader.read(chunk)) {
      const result = collector.take(packet)
      if (result === null) continue
      count += 1
      options.onResult(result)
    }
  })
  let stderr = ''
  child.stderr.on('data', part => {
    stderr += part
  })
  const end = () => child.pid !== undefined && process.kill(-child.pid, 'SIGTERM')
  options.signal.addEventListener('abort', end, { once: true })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  options.signal.removeEventListener('abort', end)
  options.signal.throwIfAborted()
  if (count === 0) throw new Error(`tempest ran no test and ended with ${code}: ${stderr.slice(-2000)}`)
  return collector.of(options.tests)
}
