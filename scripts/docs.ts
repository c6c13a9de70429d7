// `npm run docs`: writes the documents that are tables of the code's own facts. test/rules/tables.test.ts compares them.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operations } from '../src/compute/operations/table.ts'
import type { CauseRow, HostCauseRow } from '../src/model/causes/row.ts'
import { causeAreas } from '../src/model/causes.ts'
import { computeErrors } from '../src/model/errors/compute.ts'
import { identityErrors } from '../src/model/errors/identity.ts'
import { imageErrors } from '../src/model/errors/image.ts'
import { networkErrors } from '../src/model/errors/network.ts'
import { placementErrors } from '../src/model/errors/placement.ts'
import { platformErrors } from '../src/model/errors/platform.ts'
import type { ErrorRow } from '../src/model/errors/row.ts'
import { traceErrors } from '../src/model/errors/trace.ts'
import { volumeErrors } from '../src/model/errors/volume.ts'
import { actionNames, eventRows } from '../src/model/events.ts'
import { microversions } from '../src/model/microversions.ts'
import { computePolicies } from '../src/model/policies/compute.ts'
import { identityPolicies } from '../src/model/policies/identity.ts'
import { imagePolicies } from '../src/model/policies/image.ts'
import { networkPolicies } from '../src/model/policies/network.ts'
import { placementPolicies } from '../src/model/policies/placement.ts'
import { tracePolicies } from '../src/model/policies/trace.ts'
import { volumePolicies } from '../src/model/policies/volume.ts'
import { type AdmissionRow, admission } from '../src/model/server-states.ts'
import { volumeMicroversions } from '../src/model/volume-microversions.ts'
import { variableOf } from '../src/platform/config/load.ts'
import { type OptionRow, upOptions } from '../src/platform/config/options.ts'
import { hostLines } from '../src/tracer/explain/placement/host-lines.ts'
import { rules } from '../src/tracer/explain/rules/table.ts'
import { elkFiles } from './elk.ts'
import { tracePage } from './trace-page.ts'

type Cells = readonly (string | number)[]

const table = (head: Cells, rows: readonly Cells[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.map(cell).join(' | ')} |`).join('\n')
const cell = (text: string | number): string => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ⏎ ')
const code = (text: string): string => `\`${text}\``
const document = (title: string, ...parts: readonly string[]): string =>
  `# ${title}\n\n${parts.join('\n\n')}\n\nThis page is written by \`npm run docs\` from the tables in the source.\n`

const errorTables: readonly (readonly [string, Readonly<Record<string, ErrorRow>>])[] = [
  ['Any service', platformErrors],
  ['Identity', identityErrors],
  ['Image', imageErrors],
  ['Network', networkErrors],
  ['Volume', volumeErrors],
  ['Placement', placementErrors],
  ['Compute', computeErrors],
  ['Trace', traceErrors],
]

const errorsPage = (): string =>
  document(
    'Errors',
    'Every refusal a service can answer with. `{…}` is filled in from the request. *Type* is the exception class, as clients and notifications see it, where there is one. *Again* marks refusals where the same request may succeed later without anybody changing it. Codes are names inside Faultline; on the wire each service wraps status and sentence in its own form.',
    ...errorTables
      .filter(([, rows]) => Object.keys(rows).length > 0)
      .map(
        ([title, rows]) =>
          `## ${title}\n\n${table(
            ['Code', 'Status', 'Sentence', 'Type', 'Again'],
            Object.entries(rows).map(([name, row]) => [
              code(name),
              row.status,
              row.text,
              row.type === undefined ? '' : code(row.type),
              row.retryable ? 'yes' : '',
            ]),
          )}`,
      ),
  )

const eventsPage = (): string =>
  document(
    'Actions and events',
    'An *action* is what somebody asked of a server; its *events* are the steps it took. `GET /servers/{id}/os-instance-actions` lists the actions, `…/{request id}` shows one with its events. An event has `start_time`, `finish_time`, `result` (`Success`, `Error`, or null while it runs) and, from 2.84 on, `details`: why it failed.',
    `## Actions\n\n${actionNames.map(code).join(', ')}.`,
    `## Events\n\n${table(
      ['Event', 'What happens'],
      Object.entries(eventRows).map(([name, what]) => [code(name), what]),
    )}`,
    `## Operations\n\nHow the conductor keeps what a 202 promised. A step that failed is taken back together with those before it, where there is something to take back; after a crash the operation goes on with the first step that had not ended.\n\n${table(
      ['Operation', 'Steps', 'Taken back'],
      Object.values(operations).map(({ kind, steps }) => [
        code(kind),
        steps.map(({ name, at }) => `${name} (${at})`).join(' → '),
        steps
          .filter(({ undo }) => undo !== undefined)
          .map(({ name }) => name)
          .join(', '),
      ]),
    )}`,
    `## States\n\nWhere each action is allowed. An administrator passes a lock.\n\n${table(
      ['Action', 'vm_state', 'task_state', 'Locked servers refuse it'],
      Object.entries<AdmissionRow>(admission).map(([name, { vm, task, lock }]) => [
        code(name),
        vm === 'any' ? 'any' : vm.join(', '),
        task === 'any' ? 'any' : task.map(state => state ?? 'none').join(', '),
        lock ? 'yes' : '',
      ]),
    )}`,
  )

const causesPage = (): string =>
  document(
    'Causes',
    'Why something failed: the codes of a verdict. *Whose fault*: of the request, of the capacity of the cloud, of the cloud, or a bug. The sentences name no hosts and may be read by owners. A failure is told by the cause nearest to what went wrong; what it brought with it stands beside it.',
    ...Object.entries<Readonly<Record<string, CauseRow | HostCauseRow>>>(causeAreas).map(
      ([title, rows]) =>
        `## ${title}\n\n${title in areaNotes ? `${areaNotes[title]}\n\n` : ''}${table(
          ['Cause', 'What it says', 'Whose fault', 'What to do', 'Recognised by, for example'],
          Object.entries(rows).map(([name, row]) => [
            code(name),
            'input' in row && row.input !== null
              ? `${row.sentence} Asked for by ${code(row.input)}.`
              : row.sentence,
            row.fault,
            row.remedy,
            recognisedBy(name),
          ]),
        )}`,
    ),
  )

const areaNotes: Readonly<Record<string, string>> = {
  'Why one host cannot take a server':
    'When no valid host is found, every host is counted once, under the first of these reasons that holds for it. The owner of the server reads the counts; an administrator reads the hosts too. In the logs of other clouds they are read from the lines of nova-scheduler; the names of filters are as good as its lines about hosts, where there are none.',
}

const examplesMax = 3

function recognisedBy(name: string): string {
  const examples = [
    ...rules.filter(({ cause }) => cause === name),
    ...hostLines.filter(row => row.code === name),
  ]
  return examples
    .slice(0, examplesMax)
    .map(({ example }) => quote(example))
    .join('<br>')
}

// Backquotes inside would end the quotation.
const quote = (text: string): string => code(text.trim().replaceAll('`', "'"))

const optionsPage = (): string =>
  document(
    'Options of `faultline up`',
    'The command line wins over the variable, the variable over the file of `--config FILE` (one JSON object with the names below), the file over the default.',
    table(
      ['Option', 'Variable', 'Default', 'What it does'],
      Object.entries<OptionRow>(upOptions).map(([name, row]) => [
        code(`--${name}${row.type === 'flag' ? '' : ` ${row.value ?? row.choices?.join('|') ?? ''}`}`),
        code(variableOf(name)),
        row.default === '' ? '' : code(String(row.default)),
        row.help,
      ]),
    ),
  )

const policyTables = [
  ['Identity', identityPolicies],
  ['Image', imagePolicies],
  ['Network', networkPolicies],
  ['Volume', volumePolicies],
  ['Placement', placementPolicies],
  ['Compute', computePolicies],
  ['Trace', tracePolicies],
] as const

const policiesPage = (): string =>
  document(
    'Policies',
    'Who may do what. `any`: every authenticated caller. `reader`, `member`, `manager`: that role on the project of what is acted on, or an administrator. `owner`: the user it belongs to, or an administrator. `service`: the role of that name, or an administrator. `admin`: the role of that name. A role holds the weaker ones: admin ⊃ manager ⊃ member ⊃ reader.',
    ...policyTables
      .filter(([, rows]) => Object.keys(rows).length > 0)
      .map(
        ([title, rows]) =>
          `## ${title}\n\n${table(
            ['Rule', 'Who'],
            Object.entries(rows).map(([rule, check]) => [code(rule), check]),
          )}`,
      ),
  )

const microversionsPage = (): string =>
  document(
    'Microversions',
    'What changes with each microversion of the two services that have many. `latest` is the last row.',
    `## Compute\n\nAsked for with \`OpenStack-API-Version: compute 2.x\`. Without the header a request is answered as 2.1.\n\n${table(
      ['Version', 'What changes'],
      microversions.map(({ minor, summary }) => [`2.${minor}`, summary]),
    )}`,
    `## Volume\n\nAsked for with \`OpenStack-API-Version: volume 3.x\`. Without the header a request is answered as 3.0. Versions that belong to parts not here yet (not-yet.md) change nothing.\n\n${table(
      ['Version', 'What changes'],
      volumeMicroversions.map(({ minor, summary }) => [`3.${minor}`, summary]),
    )}`,
  )

/** Pages by path from the root, as they should read. */
export const pages: Readonly<Record<string, string>> = {
  'docs/errors.md': errorsPage(),
  'docs/events.md': eventsPage(),
  'docs/causes.md': causesPage(),
  'docs/options.md': optionsPage(),
  'docs/policies.md': policiesPage(),
  'docs/microversions.md': microversionsPage(),
  'docs/trace.md': tracePage(),
  ...elkFiles,
}

if (import.meta.main)
  for (const [path, text] of Object.entries(pages)) writeFileSync(join(import.meta.dirname, '..', path), text)
