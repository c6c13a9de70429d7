// The `faultline` command: rows become commander commands; what they return becomes tables.
// main adds `up` and calls parseAsync; errors come out as CliError, see `report`.
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { isRequestId, newRequestId } from '../base/ids.ts'
import { groups, rowsFor } from './commands/all.ts'
import { CliError, Ended, usage } from './errors.ts'
import type { Io } from './io.ts'
import { asItem } from './item.ts'
import { emitList, emitShow, type Format, formats, type OutputOptions } from './output/emit.ts'
import type { Call, CommandRow, ListRow, OptionRow } from './row.ts'
import { type Cloud, createCloud } from './session/cloud.ts'
import {
  type Credentials,
  type Environment,
  findCredentials,
  type SettingName,
  settingNames,
  settings,
} from './session/credentials.ts'
import { createHttp } from './session/http.ts'
import { addTour, type StartTemporaryCloud } from './tour.ts'

export interface ProgramOptions {
  /** Brings up a cloud for `faultline tour`; without it there is no such command. */
  readonly startTemporaryCloud?: StartTemporaryCloud
  /** Where `./clouds.yaml` and `./.faultline` are looked for; default: the process's. */
  readonly directory?: string
}

/**
 * The command line but `up`, as far as `words` can mean it: the commands of the noun they begin with, or all there are.
 * Parse the same words with `parseAsync` (`from: 'user'`); pass what it throws to `report`.
 */
export async function buildProgram(
  io: Io,
  environment: Environment,
  words: readonly string[],
  options: ProgramOptions = {},
): Promise<Command> {
  const program = new Command('faultline')
    .description(
      'An OpenStack-compatible compute cloud in one command, and the command line for it and any other.',
    )
    .enablePositionalOptions()
    .showHelpAfterError('(see what is possible with --help)')
    .exitOverride()
    .configureOutput({
      writeOut: text => io.stdout(text),
      writeErr: text => io.stderr(text),
      getOutHelpWidth: () => io.columns || 100,
      outputError: (text, write) => write(`faultline: ${text.replace(/^error: /, '')}`),
    })
    .helpCommand('help [command...]', 'help for a command')
    .addHelpText('after', credentialsHelp)
  for (const global of globalOptions(false)) program.addOption(global)
  for (const row of await rowsFor(words)) addRow(program, row, io, environment, options)
  if (options.startTemporaryCloud)
    addTour(program, io, options.startTemporaryCloud, { build: buildProgram, report })
  return program
}

/**
 * Prints an error that parseAsync threw, with what to do next, and gives the exit code.
 * Usage errors were printed by commander already.
 */
export function report(io: Io, error: unknown): number {
  if (error instanceof Ended) return error.exitCode
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof CliError) {
    io.stderr(`faultline: ${error.message}\n`)
    for (const line of error.hint?.split('\n') ?? []) io.stderr(`  ${line}\n`)
    return error.exitCode
  }
  io.stderr(`faultline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  io.stderr('  that is a bug in this command, please report it\n')
  return 1
}

// Cloud options may stand before the verb (`faultline --os-cloud x server list`) and after it.
function globalOptions(hidden: boolean): readonly Option[] {
  const all = [
    new Option('--os-cloud <name>', 'cloud of that name in clouds.yaml (OS_CLOUD)'),
    new Option('--data <dir>', 'data directory of a cloud of ours; means its cloud `faultline`'),
    ...settingNames.map(name =>
      new Option(`--os-${dashed(name)} <${settings[name].value}>`, settings[name].help).hideHelp(
        name !== 'compute_api_version',
      ),
    ),
    new Option(
      '--global-request-id <id>',
      'send this X-OpenStack-Request-ID with every call; `new` makes one',
    ),
    new Option('--debug', 'show requests and replies on stderr, without secrets'),
  ]
  for (const option of all) if (hidden) option.hideHelp()
  return all.map(option => option.helpGroup('Cloud options:'))
}

const credentialsHelp = `
Which cloud: --os-cloud or OS_CLOUD names one in clouds.yaml (./, ./.faultline/, ~/.config/openstack/,
/etc/openstack/); else OS_* variables are taken; else the cloud in ./.faultline. Each OS_* variable is an option
too: ${['auth_url', 'username', 'password', 'project_name', 'token', 'region_name'].map(name => `--os-${name.replace('_', '-')}`).join(', ')} …

Examples:
  faultline server create --flavor m1.tiny --image cirros --wait vm1
  faultline --os-cloud faultline-admin server list --all-projects
`

const dashed = (name: string) => name.replaceAll('_', '-')

function addRow(
  program: Command,
  row: CommandRow,
  io: Io,
  environment: Environment,
  options: ProgramOptions,
): void {
  const words = row.words.split(' ')
  const command = commandAt(program, words)
  command.description(row.help)
  const { usageExitCode } = row
  if (usageExitCode !== undefined)
    command.exitOverride(error => {
      throw error.exitCode === 0 ? error : new Ended(usageExitCode)
    })
  const names = addArguments(command, row.arguments ?? '')
  for (const option of row.options ?? []) command.addOption(commanderOption(option))
  if (row.kind !== 'act') addOutputOptions(command)
  for (const global of globalOptions(true)) command.addOption(global)
  command.addHelpText(
    'after',
    `\nExamples:\n${row.examples.map(example => `  faultline ${example}\n`).join('')}\n` +
      'Options that name the cloud (--os-cloud, --data, --debug …): faultline --help\n',
  )
  command.action(async () => {
    const given: Options = { ...program.opts(), ...defined(command.opts()) }
    refuseMissing(row, given)
    const cloud = openCloud(io, environment, given, options.directory ?? process.cwd())
    const call = createCall(io, cloud, given, names, command.processedArgs)
    try {
      await run(row, call, () => outputOptions(io, environment, given, row.kind))
    } catch (error) {
      if (usageExitCode === undefined || !(error instanceof CliError) || error.exitCode !== 2) throw error
      throw new CliError(error.message, { exitCode: usageExitCode, hint: error.hint, cause: error })
    }
  })
}

// commander's own mandatory options would be asked of subcommands too: `server resize confirm` has no flavor.
function refuseMissing(row: CommandRow, given: Options): void {
  for (const option of row.options ?? [])
    if (option.required && given[new Option(option.flags).attributeName()] === undefined)
      throw usage(`required option '${option.flags}' not specified`)
}

type Options = Readonly<Record<string, unknown>>
const defined = (options: Options) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

/** The command at these words; its groups are made on the way. */
function commandAt(program: Command, words: readonly string[]): Command {
  let at = program
  for (const [depth, word] of words.entries()) {
    let next = at.commands.find(one => one.name() === word)
    if (!next) {
      const group = groups[words.slice(0, depth + 1).join(' ')]
      next = at.command(word).copyInheritedSettings(at).enablePositionalOptions().allowExcessArguments(false)
      if (group !== undefined) next.description(group)
    }
    at = next
  }
  return at
}

/** Adds `<server> [names...]` and gives the plain names in order. */
function addArguments(command: Command, text: string): readonly string[] {
  const parts = text.split(' ').filter(part => part !== '')
  for (const part of parts) command.addArgument(new Argument(part))
  return parts.map(part => part.replace(/[<>[\].]/g, ''))
}

function commanderOption(row: OptionRow): Option {
  const made = new Option(row.flags, row.required ? `${row.help} (required)` : row.help)
  made.negate = false // `--no-dhcp` is an option of its own here, not `dhcp` set to false
  if (row.choices) made.choices(row.choices)
  if (row.conflicts) made.conflicts(row.conflicts.map(camel))
  if (row.number)
    made.argParser(text => {
      if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('A whole number is wanted.')
      return Number(text)
    })
  if (row.many) made.argParser((text: string, before: readonly string[] = []) => [...before, text])
  return made
}

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

function addOutputOptions(command: Command): void {
  const output = [
    new Option('-f, --format <format>', 'how to print').choices(formats),
    new Option('-c, --column <name>', 'only this column or field; repeatable').argParser(
      (text: string, before: readonly string[] = []) => [...before, text],
    ),
    new Option('--noindent', 'JSON on one line'),
    new Option('--max-width <columns>', 'widest table; 0 is no limit').argParser(text => {
      if (!/^\d+$/.test(text)) throw new InvalidArgumentError('A whole number is wanted.')
      return Number(text)
    }),
    new Option('--fit-width', 'fit tables to the terminal'),
  ]
  for (const option of output) command.addOption(option.helpGroup('Output options:'))
}

/** Shows are fitted to the terminal: their values break well. Lists are not: an id in two lines cannot be copied. */
function outputOptions(
  io: Io,
  environment: Environment,
  given: Options,
  kind: CommandRow['kind'],
): OutputOptions {
  const asked = given.maxWidth as number | undefined // its parser gives a number
  const fromEnvironment = Number(environment.CLIFF_MAX_TERM_WIDTH) || undefined
  const fit = given.fitWidth === true || environment.CLIFF_FIT_WIDTH === '1' || kind === 'show'
  return {
    format: (given.format as Format | undefined) ?? 'table', // commander checked the choices
    columns: (given.column as readonly string[] | undefined) ?? [], // its parser gives a list
    noindent: given.noindent === true,
    maxWidth: asked ?? fromEnvironment ?? (fit ? io.columns : 0),
  }
}

function openCloud(io: Io, environment: Environment, given: Options, directory: string): Cloud {
  const text = (name: string) => given[name] as string | undefined // string options
  const asked = text('globalRequestId')
  if (asked !== undefined && asked !== 'new' && !isRequestId(asked))
    throw usage(`'${asked}' is no request id: it is req- and a UUID in lower case, or new`)
  const globalRequestId = asked === 'new' ? newRequestId() : asked
  if (asked === 'new') io.stderr(`global request id ${globalRequestId}\n`)
  const http = createHttp(io, { debug: given.debug === true, globalRequestId })
  const credentials = (): Promise<Credentials> =>
    findCredentials({
      options: Object.fromEntries(
        settingNames.flatMap(name => {
          const value = text(camel(`os-${dashed(name)}`))
          return value === undefined ? [] : [[name, value] satisfies [SettingName, string]]
        }),
      ),
      cloud: text('osCloud'),
      data: text('data'),
      environment,
      directory,
    })
  return createCloud(http, credentials)
}

function createCall(
  io: Io,
  cloud: Cloud,
  given: Options,
  names: readonly string[],
  values: readonly unknown[],
): Call {
  const argumentsOf = (name: string): readonly string[] => {
    const value = values[names.indexOf(name)]
    return value === undefined ? [] : Array.isArray(value) ? value : [value as string] // commander gives texts
  }
  return {
    io,
    cloud,
    argument: name => argumentsOf(name)[0] ?? '',
    arguments: argumentsOf,
    text: name => given[camel(name)] as string | undefined,
    number: name => given[camel(name)] as number | undefined,
    flag: name => given[camel(name)] === true,
    many: name => (given[camel(name)] as readonly string[] | undefined) ?? [],
  }
}

async function run(row: CommandRow, call: Call, output: () => OutputOptions): Promise<void> {
  switch (row.kind) {
    case 'act':
      return row.run(call)
    case 'show': {
      const fields = await row.run(call)
      if (fields !== undefined) emitShow(call.io, output(), fields)
      return
    }
    case 'list':
      return runList(row, call, output())
  }
}

async function runList(row: ListRow, call: Call, output: OutputOptions): Promise<void> {
  const items = await row.run(call)
  const view = { flag: call.flag, argument: call.argument, computeMinor: call.cloud.usedComputeMinor() }
  emitList(
    call.io,
    output,
    row.columns.map(column => ({ heading: column.heading, byDefault: column.when(view) })),
    items.map(item => row.columns.map(column => column.value(asItem(item)))),
  )
}
