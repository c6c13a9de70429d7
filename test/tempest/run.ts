// npm run test:tempest: OpenStack's own test suite against a cloud of ours. See docs/tempest.md.
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { select } from './absent.ts'
import { allGroups, type Group, groupNames, groups } from './groups.ts'
import { exitCode, progress, summarize, summaryText } from './report.ts'
import { startSession } from './session.ts'
import { listTests, runTests, whatIsMissing } from './tempest.ts'

/** Tempest sleeps ten seconds before it deletes a subnet, and others between its looks at servers. */
const concurrencyDefault = Math.min(16, 4 * availableParallelism())

const help = `Runs OpenStack's own test suite, tempest, against a Faultline started for it, and says which tests pass.
Fails when one fails, and when one that a real cloud passes does not pass.

  npm run test:tempest -- [OPTION …]

  --group NAME       which tests; may be given more than once (default: all)
${groupNames.map(name => `                       ${name.padEnd(9)} ${groups[name].what}`).join('\n')}
                       all       ${allGroups.join(', ')}
  --regex REGEX      only those whose id the regular expression (Python's) finds
  --concurrency N    how many run at the same time (default: ${concurrencyDefault} here; most of a run is waiting)
  --keep             leave the folder with the cloud's data and logs, tempest.conf and the results
  --json             print one JSON object with every result instead of the summary
  --help

For example, one test, with everything left to look at:
  npm run test:tempest -- --regex 'ServersTestJSON.test_verify_server_details' --keep
`

interface Wanted {
  readonly regex: string
  readonly concurrency: number
  readonly keep: boolean
  readonly json: boolean
}

/** What the command line asks for; a sentence when it makes no sense. */
function read(words: readonly string[]): Wanted | 'help' | { readonly wrong: string } {
  let values: ReturnType<typeof parse>
  try {
    values = parse(words)
  } catch (error) {
    return { wrong: (error as Error).message } // parseArgs throws nothing else
  }
  if (values.help) return 'help'
  const named = values.group.flatMap<string>(name => (name === 'all' ? allGroups : [name]))
  const unknown = named.find(name => !(name in groups))
  if (unknown !== undefined)
    return { wrong: `there is no group '${unknown}': ${groupNames.join(', ')} and all are` }
  // tempest takes a space for the end of one expression and the start of another.
  if (/\s/.test(values.regex ?? '')) return { wrong: 'ids have no spaces, so --regex takes none' }
  const concurrency = Number(values.concurrency)
  if (!Number.isInteger(concurrency) || concurrency < 1)
    return { wrong: '--concurrency takes a number from 1 on' }
  const ofGroups = named.map(name => groups[name as Group].tests).join('|') // none is unknown
  return {
    regex: values.regex === undefined ? ofGroups : `(?=${ofGroups})(?=.*?(?:${values.regex}))`,
    concurrency,
    keep: values.keep,
    json: values.json,
  }
}

const parse = (words: readonly string[]) =>
  parseArgs({
    args: [...words],
    options: {
      group: { type: 'string', multiple: true, default: ['all'] },
      regex: { type: 'string' },
      concurrency: { type: 'string', default: String(concurrencyDefault) },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values

async function main(words: readonly string[]): Promise<number> {
  const wanted = read(words)
  if (wanted === 'help') {
    process.stdout.write(help)
    return 0
  }
  const missing = whatIsMissing()
  const wrong = 'wrong' in wanted ? `${wanted.wrong}; --help shows what can be asked for` : missing
  if ('wrong' in wanted || wrong !== null) {
    process.stderr.write(`test:tempest: ${wrong}\n`)
    return 2
  }
  return run(wanted)
}

async function run({ regex, concurrency, keep, json }: Wanted): Promise<number> {
  // JSON has standard output for itself.
  const out = json ? process.stderr : process.stdout
  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort(new Error('interrupted'))
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const session = await startSession()
  try {
    const { tests, leftOut } = select(await listTests(session.workspace, regex))
    if (tests.length === 0) {
      process.stderr.write('test:tempest: no test is asked for\n')
      return 2
    }
    out.write(`${tests.length} tests on ${session.origin}, ${concurrency} at a time\n`)
    const shown = progress(out, tests.length)
    const started = performance.now()
    const results = await runTests(session.workspace, {
      tests,
      concurrency,
      signal: AbortSignal.any([session.lost, interrupted.signal]),
      onResult: shown.take,
    })
    shown.end()
    const summary = summarize(results, { leftOut, seconds: (performance.now() - started) / 1000 })
    const document = `${JSON.stringify(summary, null, 2)}\n`
    writeFileSync(join(session.workspace.folder, 'results.json'), document)
    process.stdout.write(json ? document : `${summaryText(summary, out.isTTY === true)}\n`)
    return exitCode(summary)
  } catch (error) {
    process.stderr.write(`test:tempest: ${(error as Error).message}\n`) // only errors are thrown
    return 2
  } finally {
    if (keep) out.write(`kept: ${session.folder}\n`)
    await session.close(keep)
  }
}

process.exitCode = await main(process.argv.slice(2))
