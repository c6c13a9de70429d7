// docs/trace.md: the record, field by field from its schema, and what shows it.
import { traceSchema } from '../src/model/trace.ts'

interface Schema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string): string => `\`${text}\``

/** What a value is, in words, and the object behind it. */
function kindOf(schema: Schema): { readonly words: string; readonly inner: Schema | undefined } {
  const [own, other] = schema.anyOf ?? []
  if (own && other) {
    const kind = kindOf(own)
    return { ...kind, words: `${kind.words}, or null` }
  }
  if (schema.enum) return { words: schema.enum.map(code).join(' '), inner: undefined }
  if (schema.items) {
    const { words, inner } = kindOf(schema.items)
    return { words: `list of ${words}`, inner }
  }
  if (schema.type === 'object') return { words: 'object', inner: schema }
  const plain: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'whole number',
    boolean: 'yes or no',
  }
  return { words: plain[schema.type ?? ''] ?? schema.type ?? '', inner: undefined }
}

function sections(title: string, schema: Schema): string[] {
  const entries = Object.entries(schema.properties ?? {})
  const rows = entries.map(([name, field]) => {
    const { words } = kindOf(field)
    return `| ${[code(name), words, field.description ?? ''].map(cell).join(' | ')} |`
  })
  const own = `### ${title}\n\n| Field | Is | Means |\n| --- | --- | --- |\n${rows.join('\n')}`
  const deeper = entries.flatMap(([name, field]) => {
    const { inner } = kindOf(field)
    const path = title === 'The record' ? name : `${title}.${name}`
    return inner ? sections(path, inner) : []
  })
  return [own, ...deeper]
}

const views = `\`faultline trace HANDLE\` answers one question: what happened to this request? It asks a cloud, or reads the logs of
any OpenStack, and makes the same record of both.

## Asking

| Handle | Stands for |
| --- | --- |
| \`req-…\` | a request, by the id of the service that took it or by the global id its caller gave |
| an id or a name of a server | its newest request |
| \`last\`, \`last-failed\` | the newest request, the newest that failed |
| the line of a log | the request in it; \`-\` reads the line from standard input |

| Given | Is asked |
| --- | --- |
| nothing | the cloud (which one: docs/cli.md). A cloud of ours has a trace service and tells everything that the caller may see. Any other is asked for the instance actions of its servers, and the record says what is missing |
| \`--logs PATH…\` | log files and folders, packed ones too; \`-\` is standard input. No cloud is needed. \`--since\`, \`--until\` (\`2026-11-23T09:30\`, \`2h\`) and \`--utc-offset +01:00\` narrow and place their times. \`faultline logs index PATH…\` remembers where ids stand in big logs (in the user's cache folder), and every trace then reads only there. Logs of 64 MiB and more that were read whole are indexed by themselves, beside, for the next time; \`--no-index\` does neither |
| \`--elasticsearch URL --index PATTERN\` | logs in Elasticsearch or OpenSearch |
| \`--notifications FILE\` | notifications: a file, or a queue (\`amqp://…\`) |

\`\`\`
faultline trace req-f475ad32-4c0a-421f-a77c-0dd30e99339b
faultline trace vm1 --follow
faultline trace last-failed --html ticket.html
faultline trace req-f475ad32-4c0a-421f-a77c-0dd30e99339b --logs /var/log/nova /var/log/neutron --since 2h
faultline trace vm1 --why-not compute1
faultline trace --list --json
\`\`\`

## Reading

The text has the verdict first: what came of the request, the cause with its code (docs/causes.md), whose fault it is and
what to do. Then the calls (\`✗\` and red: the failed path; solid lines were proven by a pair of ids, dashed ones placed by
time and ids; \`?\`: nothing says who called), the events of the action with what pending ones wait for, every host once
with why it was not taken, the few log lines that matter, and what is missing. \`--full\` shows whole tracebacks, all lines
and every host. It fits the terminal, has no colour with \`NO_COLOR\` or into a pipe, and is plain ASCII where the locale
is not UTF-8. What logs say is printed as letters: control characters and marks that turn the direction of writing are
shown as \`\\x1b\` or \`\\u202e\`.

| Option | Gives |
| --- | --- |
| \`--json\` | the record below; with \`--follow\` a line for each message |
| \`--html FILE\` | one page to attach to a ticket: it loads nothing and runs nothing; \`-\` is standard output |
| \`--dot\` | the calls as a Graphviz graph |
| \`--otlp URL\` | spans, posted to an OpenTelemetry collector. The trace id is the request's (the global one, where there is one), so sending it twice makes no second trace |
| \`--follow\` | what happens, while it happens, until it is over |
| \`--why-not HOST\` | why that host was not taken: every refusal, with its numbers |
| \`--list\` | recent requests and what became of them |

## Exit codes

| Code | Means |
| --- | --- |
| 0 | the request succeeded |
| 1 | this command failed: no cloud, unreadable logs, a wrong command line |
| 2 | the request failed, or was lost |
| 3 | it is still running, or nothing tells how it ended |
| 4 | nothing is known of it |`

/** Instants are ISO 8601; an absent fact is null, and no field is ever missing. */
export const tracePage = (): string =>
  `${[
    '# Traces',
    views,
    '## The form of the record\n\nJSON, `faultline.trace/1`. Instants are ISO 8601 in UTC with milliseconds. What is not known is null; no field is left out. The owner of a server gets the same form, without hosts, tracebacks, logs and what belongs to others.',
    ...sections('The record', traceSchema as Schema), // a JSON Schema, made of the members above
    'This page is written by `npm run docs` from the tables in the source.',
  ].join('\n\n')}\n`
