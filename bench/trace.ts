// npm run bench:trace: how fast one request is found in big logs, beside `grep -F` and, where it is installed, `lnav`.
//   npm run bench:trace -- --megabytes 1024 --rounds 5
// Times are of whole processes on files the system has in memory, in turn; ratios of one run are what counts.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generateLogs } from './generate-logs.ts'

const { values: option } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const mebibyte = 1_048_576
const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-trace-'))
// Where the program looks for an index.
const [logs, index] = [join(folder, 'logs'), join(folder, 'faultline', 'log-index')]
const program = new URL('../bin/faultline', import.meta.url).pathname
const find = new URL('./find.ts', import.meta.url).pathname

/** As bin/faultline does: compiled code is kept between starts. */
const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled'), XDG_CACHE_HOME: folder }

interface Ran {
  readonly ms: number
  readonly out: string
}

/** Exit codes 0 to 2 are answers: grep's 1 is `nothing`, the tracer's 2 `the request failed`. */
function run(command: string, args: readonly string[]): Ran | null {
  const began = performance.now()
  const ran = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * mebibyte, env })
  if (ran.error) return null
  if (ran.status === null || ran.status > 2) throw new Error(`${command} ${args.join(' ')}: ${ran.stderr}`)
  return { ms: performance.now() - began, out: ran.stdout }
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]! // at least one round

/** A line of find.ts: what it did, and what the process took. */
interface Report {
  readonly records: number
  readonly ms: number
  readonly peakBytes: number
}
const report = (ran: Ran | null): Report => {
  const read: Report = JSON.parse(ran?.out ?? '') // find.ts writes it so
  return read
}

try {
  const { failed, bytes } = generateLogs({
    folder: logs,
    bytes: Number(option.megabytes) * mebibyte,
    seed: Number(option.seed),
  })
  const id = failed.requestId
  const built = report(run('node', [find, 'index', logs, id, index]))
  const commands = {
    grep: () => run('grep', ['-rF', id, logs]),
    'trace, no index': () => run(program, ['trace', id, '--logs', logs, '--no-index']),
    'trace, with index': () => run(program, ['trace', id, '--logs', logs]),
    'find, no index': () => run('node', [find, 'find', logs, id]),
    'find, with index': () => run('node', [find, 'find', logs, id, index]),
    'node alone': () => run('node', ['-e', '0']),
    lnav: () => run('lnav', ['-n', '-c', `:filter-in ${id}`, logs]),
  }
  const times = new Map<string, number[]>()
  for (let round = 0; round < Number(option.rounds); round += 1)
    for (const [name, command] of Object.entries(commands)) {
      const ran = command()
      if (ran) times.set(name, [...(times.get(name) ?? []), ran.ms])
    }
  const scanned = report(commands['find, no index']())
  const looked = report(commands['find, with index']())
  const grep = median(times.get('grep') ?? [])
  const result = {
    megabytes: Math.round(bytes / mebibyte),
    medianMs: Object.fromEntries([...times].map(([name, all]) => [name, Math.round(median(all))])),
    toGrep: Object.fromEntries(
      [...times].map(([name, all]) => [name, Math.round((median(all) / grep) * 100) / 100]),
    ),
    records: { scanned: scanned.records, looked: looked.records },
    lookupMs: Math.round(looked.ms),
    indexMegabytesPerSecond: Math.round(bytes / mebibyte / (built.ms / 1000)),
    peakMegabytes: Object.fromEntries(
      Object.entries({ index: built, scan: scanned, lookup: looked }).map(([name, { peakBytes }]) => [
        name,
        Math.round(peakBytes / mebibyte),
      ]),
    ),
  }
  if (option.json) console.log(JSON.stringify(result))
  else {
    console.log(`${result.megabytes} MiB of logs, ${result.records.looked} records of one request`)
    for (const [name, ms] of Object.entries(result.medianMs))
      console.log(`${name.padEnd(18)} ${String(ms).padStart(6)} ms  ${result.toGrep[name]} of grep`)
    console.log(`lookup alone       ${String(result.lookupMs).padStart(6)} ms`)
    console.log(`indexing           ${String(result.indexMegabytesPerSecond).padStart(6)} MiB/s`)
    console.log(`peak memory        ${JSON.stringify(result.peakMegabytes)} MiB`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
