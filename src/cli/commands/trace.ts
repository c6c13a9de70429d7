// `trace`: what happened to a request. Verdict, calls, events, hosts, log lines; from a cloud, or from anybody's logs.
import { existsSync } from 'node:fs'
import { isRequestId } from '../../base/ids.ts'
import { CliError, Ended, usage } from '../errors.ts'
import { act, type Call, option } from '../row.ts'
import { openAsking } from '../trace/ask.ts'
import { follow } from '../trace/follow.ts'
import { handleIn } from '../trace/handle.ts'
import { listText } from '../trace/list.ts'
import { exitCodes, jsonText, textOf, writeTrace } from '../trace/output.ts'

export const traceRows = [
  act({
    words: 'trace',
    arguments: '[handle]',
    help:
      'tell what happened to a request: why it failed, where, whose fault, what to do. The handle is the id of a ' +
      'request (local or global), the id or name of a server (its newest request), last, last-failed, the line of a ' +
      'log, or - for a line from standard input. Exit codes: 0 it succeeded, 2 it failed or was lost, 3 it is ' +
      'running or nothing tells how it ended, 4 nothing is known of it, 1 this command failed',
    options: [
      option(
        '--logs <path...>',
        'read these log files and folders (.gz too, - is standard input), no cloud',
        { many: true },
      ),
      option('--elasticsearch <url>', 'read the logs in this Elasticsearch or OpenSearch'),
      option('--index <pattern>', 'its indices, as in logs-*'),
      option('--notifications <where>', 'read notifications: a file, or amqp://…'),
      option('--since <when>', 'nothing older: a time, or 30m, 2h, 1d ago'),
      option('--until <when>', 'nothing newer'),
      option('--utc-offset <offset>', 'of logs whose times name no zone, as in +01:00'),
      option('--no-index', 'read the logs once, keep no index of them'),
      option('--list', 'list recent requests and what became of them'),
      option('--limit <count>', 'so many of them (20)', { number: true }),
      option('--follow', 'show what happens until it is over'),
      option('--why-not <host>', 'only: why this host was not taken'),
      option('--full', 'whole tracebacks, all log lines, every host and call'),
      option('--json', 'the record (docs/trace.md)', { conflicts: ['dot', 'why-not'] }),
      option('--dot', 'the calls as a Graphviz graph', { conflicts: ['why-not', 'list', 'follow'] }),
      option('--html <file>', 'one page to attach to a ticket; - is standard output', {
        conflicts: ['list'],
      }),
      option('--otlp <url>', 'send spans to this OpenTelemetry collector (OTLP/HTTP)', {
        conflicts: ['list'],
      }),
    ],
    usageExitCode: 1, // 2 says that the request failed
    examples: [
      'trace req-ea1b0dfc-3186-42a9-84ff-c4f4fb130fae',
      'trace vm1 --follow',
      'trace last-failed --html ticket.html',
      'trace req-ea1b0dfc-3186-42a9-84ff-c4f4fb130fae --logs /var/log/nova /var/log/neutron --since 2h',
      'trace vm1 --why-not compute1',
      'trace --list',
    ],
    run: runTrace,
  }),
]

async function runTrace(call: Call): Promise<void> {
  const { handle: given, logs } = handleAndLogs(call)
  if (call.text('html') === '-' && (call.flag('json') || call.flag('dot')))
    throw usage('--html - and --json or --dot all want standard output')
  if (given === undefined && !call.flag('list'))
    throw usage('a handle is wanted: the id of a request, a server, last, last-failed, or the line of a log')
  const handle = handleIn(given === '-' ? await lineFromInput(call, logs) : (given ?? ''))
  const asking = await openAsking(call, handle, logs)
  try {
    if (call.flag('list')) {
      const summaries = await asking.list(call.number('limit') ?? 20)
      call.io.stdout(call.flag('json') ? jsonText(summaries, 2) : listText(call.io, summaries))
      return
    }
    const first = await asking.trace()
    if (first === null) throw notFound(call, handle, asking.where)
    const isFollowed = call.flag('follow') && !first.verdict.isOver
    const trace = isFollowed ? await follow(call, asking, first) : first
    if (isFollowed && call.flag('json')) call.io.stdout(jsonText({ event: 'trace', data: trace }))
    else if (isFollowed) call.io.stdout(`\n${textOf(call, trace)}`)
    else await writeTrace(call, trace)
    const exitCode = exitCodes[trace.verdict.outcome]
    if (exitCode !== 0) throw new Ended(exitCode)
  } finally {
    await asking.close()
  }
}

/** `--logs a b HANDLE`: a list of paths takes what follows it, so the last of them may be the handle. */
function handleAndLogs(call: Call): {
  readonly handle: string | undefined
  readonly logs: readonly string[]
} {
  const logs = call.many('logs')
  const handle = call.argument('handle')
  if (handle !== '') return { handle, logs }
  const last = logs.at(-1)
  if (call.flag('list') || logs.length < 2 || last === undefined || existsSync(last))
    return { handle: undefined, logs }
  return { handle: last, logs: logs.slice(0, -1) }
}

async function lineFromInput(call: Call, logs: readonly string[]): Promise<string> {
  if (logs.includes('-')) throw usage('standard input cannot be both the handle and the logs')
  const line = await call.io.readLine('')
  if (line === undefined || line.trim() === '') throw usage('there is no line on standard input')
  return line
}

function notFound(call: Call, handle: string, where: string): CliError {
  const readsLogs = call.many('logs').length > 0 || call.text('elasticsearch') !== undefined
  const hints = readsLogs
    ? [
        ...(call.text('since') !== undefined || call.text('until') !== undefined
          ? ['it may be older or newer than --since and --until let in']
          : []),
        'give more logs: those of nova-api have every request',
        ...(isRequestId(handle)
          ? []
          : ['names of servers are seldom in logs: try the id of the server or of the request']),
      ]
    : [
        'see what is known with: faultline trace --list',
        'requests of other projects are shown to administrators: --os-cloud NAME',
        `the logs may know more: faultline trace ${/^[\w.:-]+$/.test(handle) ? handle : 'HANDLE'} --logs /var/log/nova`,
      ]
  return new CliError(`nothing is known of '${handle}' in ${where}`, { exitCode: 4, hint: hints.join('\n') })
}
