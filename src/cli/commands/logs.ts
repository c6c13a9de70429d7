// `logs ship`: log files into Elasticsearch or OpenSearch, each line once, whatever ends it in between.
import { appendFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CliError, Ended, usage } from '../errors.ts'
import { act, type Call, option } from '../row.ts'
import { showProgress } from '../ship-progress.ts'
import { progressOn } from '../trace/progress.ts'
import { tracer } from '../trace/tracer.ts'
import { readableError } from '../trace/unreadable.ts'
import { offsetOf } from '../trace/when.ts'

export const logsRows = [
  act({
    words: 'logs index',
    arguments: '<path...>',
    help:
      'remember where ids stand in log files and folders, so that `trace --logs` need not read all of them again; a ' +
      'log that has grown is read from where it was. Big logs are indexed by themselves after the first question',
    options: [option('--utc-offset <offset>', 'of logs whose times name no zone, as in +01:00')],
    examples: ['logs index /var/log/nova /var/log/neutron'],
    run: runIndex,
  }),
  act({
    words: 'logs ship',
    arguments: '<path...>',
    help:
      'send log files and folders (.gz too) to Elasticsearch or OpenSearch, each line once: started again, it goes on ' +
      'where it was. Exit codes: 0 everything has arrived, 1 it has not, 3 something could not be read or was refused',
    options: [
      option('--elasticsearch <url>', 'where to: https://user:password@host:9200', { required: true }),
      option('--index <prefix>', 'what names of indices begin with; the day follows (faultline-logs)'),
      option('--state <dir>', 'where it is remembered what has arrived (./.faultline/ship)'),
      option('--follow', 'go on as files grow, until SIGTERM'),
      option('--no-template', 'do not put the index template'),
      option('--utc-offset <offset>', 'of logs whose times name no zone, as in +01:00'),
    ],
    examples: [
      'logs ship --elasticsearch http://localhost:9200 /var/log/nova /var/log/neutron',
      'logs ship --elasticsearch https://shipper:secret@logs.example.org --state /var/lib/faultline --follow /var/log/nova',
    ],
    run: runShip,
  }),
]

async function runIndex(call: Call): Promise<void> {
  const progress = progressOn(call.io)
  const logs = await tracer
    .openLogFiles(call.io, call.arguments('path'), {
      utcOffsetMinutes: offsetOf(call.text('utc-offset')),
      useIndex: true,
      onProgress: () => {},
    })
    .catch(error => {
      throw readableError(error)
    })
  try {
    let read = 0
    const written = await logs.buildIndexes(bytes => {
      read += bytes
      progress.report(read)
    })
    progress.end()
    call.io.stdout(`${written === 0 ? 'nothing new to index' : `${written} files indexed`}\n`)
  } finally {
    progress.end()
    await logs.close()
  }
}

async function runShip(call: Call): Promise<void> {
  const { io } = call
  const url = call.text('elasticsearch') ?? ''
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw usage('--elasticsearch wants http://… or https://…')
  const paths = call.arguments('path')
  if (paths.includes('-')) throw usage('standard input cannot be gone on with: name files')
  // Later on, what is not there may be about to come back: logs are rotated.
  if (!paths.some(path => existsSync(path)))
    throw new CliError(`cannot read ${paths.join(', ')}: there is no such file`)
  const prefix = call.text('index')
  if (prefix !== undefined && !/^[a-z0-9][a-z0-9._-]{0,200}$/.test(prefix))
    throw usage(`'${prefix}' cannot begin the name of an index: lower case letters, digits, . _ - only`)
  const stateFolder = call.text('state') ?? join('.faultline', 'ship')
  const refusedPath = join(stateFolder, 'refused.ndjson')
  const progress = showProgress(io)
  // Loaded here, so that no other command waits for it.
  const { ship } = await import('../../tracer/ship/ship.ts')
  const counts = await ship({
    url,
    paths,
    stateFolder,
    ...(prefix === undefined ? {} : { prefix }),
    isTemplatePut: !call.flag('no-template'),
    isFollowing: call.flag('follow'),
    utcOffsetMinutes: offsetOf(call.text('utc-offset')),
    clock: io,
    stop: io.stopSignal(),
    onProgress: progress.show,
    onRetry: progress.retry,
    onRefused: ({ item, reason }) => {
      mkdirSync(stateFolder, { recursive: true, mode: 0o700 })
      appendFileSync(refusedPath, `${JSON.stringify({ reason, index: item.index, ...item.document })}\n`, {
        mode: 0o600,
      })
    },
  })
    .catch((error: unknown) => {
      throw new CliError(error instanceof Error ? error.message : String(error), {
        cause: error,
        hint: 'nothing is lost: started again with the same --state it goes on where it was',
      })
    })
    .finally(progress.clear)
  for (const problem of counts.problems) io.stderr(`faultline: ${problem}\n`)
  if (counts.refused > 0) io.stderr(`faultline: what was refused, and why, is in ${refusedPath}\n`)
  io.stdout(
    `${counts.files} files, ${counts.records} records: ${counts.written} written, ` +
      `${counts.alreadyThere} already there, ${counts.refused} refused` +
      `${counts.unparsed > 0 ? `; ${counts.unparsed} lines are no records` : ''}\n`,
  )
  if (counts.refused > 0 || counts.problems.length > 0) throw new Ended(3)
}
