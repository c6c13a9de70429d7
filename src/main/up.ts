// `faultline up`: settings in, a running cloud out, one line when it is ready, an orderly end on a signal.
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { CliError } from '../cli/errors.ts'
import { loadSettings, OptionError, variableOf } from '../platform/config/load.ts'
import { type OptionRow, type UpSettings, upOptions } from '../platform/config/options.ts'
import { type Level, readLoggerLevels } from '../platform/journal/levels.ts'
import type { NotificationFormat } from '../platform/journal/notifications.ts'
import { StoreError } from '../platform/store/store.ts'
import { otlpUrl } from '../tracer/render/otlp/send.ts'
import type { Cloud, CloudOptions } from './cloud.ts'
import { writeCredentials } from './credentials.ts'
import { openDataFolder, type Passwords, reasonOf } from './data-folder.ts'
import { releaseStartMemory } from './memory.ts'
import { StartError } from './start-error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const examples = `
Examples:
  faultline up                                    one host, data in ./.faultline
  faultline up --hosts 3 --host-ram 8192          three simulated hosts of 8 GB
  faultline up --data /srv/cloud --listen 0.0.0.0:8774
  faultline up --config up.json                   options from a file: {"hosts": 3}

Each option is also read from a variable, for example ${variableOf('host-ram')}.
Then:
  export OS_CLIENT_CONFIG_FILE=$PWD/.faultline/clouds.yaml
  openstack --os-cloud faultline server list`

/** Adds the command; it resolves when the cloud has stopped. */
export function addUp(program: Command, environment: Environment): void {
  const command = new Command('up')
    .description('bring the cloud up, in the foreground')
    .addHelpText('after', examples)
  command.option('--config <FILE>', 'a JSON file with options by name')
  for (const [name, row] of Object.entries<OptionRow>(upOptions)) command.addOption(optionOf(name, row))
  command.action(async () => {
    try {
      await up(command.opts(), environment)
    } catch (error) {
      if (error instanceof StartError || error instanceof OptionError)
        throw new CliError(error.message, { cause: error })
      throw error
    }
  })
  program.addCommand(command)
}

function optionOf(name: string, row: OptionRow): Option {
  const flags = row.type === 'flag' ? `--${name}` : `--${name} <${row.value ?? 'WORD'}>`
  const option = new Option(
    flags,
    `${row.help}${row.default === '' || row.default === false ? '' : ` (default: ${String(row.default)})`}`,
  )
  return row.choices ? option.choices(row.choices as string[]) : option
}

async function up(
  given: Record<string, string | boolean | undefined>,
  environment: Environment,
): Promise<void> {
  const byName = Object.fromEntries(Object.keys(upOptions).map(name => [name, given[camel(name)]]))
  const settings = loadSettings({
    configFile: given.config as string | undefined,
    environment,
    given: byName,
  }) // commander gives text for it
  const folder = openDataFolder(settings.data)
  // Heard from here on: a signal that comes while the cloud starts, or just after it said so, ends it in order too.
  const stopped = stopSignal()
  try {
    const cloud = await start(settings, folder.path, folder.passwords)
    writeCredentials(folder.path, cloud.origin, folder.passwords)
    if (cloud.recovered > 0)
      process.stdout.write(
        `took up ${cloud.recovered} unfinished operation${cloud.recovered === 1 ? '' : 's'}\n`,
      )
    process.stdout.write(`faultline ready ${cloud.origin}\n`)
    releaseStartMemory(() => cloud.running() === 0)
    await stopped
    await cloud.close()
    // A step that did not end in time must not go on beside the process that takes it up: nothing runs past here, and
    // the directory is free when we are gone.
    process.exit(0)
  } finally {
    folder.release()
  }
}

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Starts a cloud from settings; errors a person can mend come out as StartError. */
async function start(settings: UpSettings, folder: string, passwords: Passwords): Promise<Cloud> {
  const options = cloudOptions(settings, folder, passwords)
  try {
    // Loaded here, so that no other command waits for the whole cloud's sources.
    const { startCloud } = await import('./cloud.ts')
    return await startCloud(options)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const where = `${options.host}:${options.port}`
    if (code === 'EADDRINUSE')
      throw new StartError(`${where} is taken by another program; choose another address with --listen`, {
        cause: error,
      })
    // Of the data directory: a file where a folder should be, no right to write, a full disk.
    const path = (error as NodeJS.ErrnoException).path
    if (code !== undefined && path !== undefined)
      throw new StartError(
        `the data directory cannot be used (${reasonOf(error)}); mend it, or choose another with --data`,
        { cause: error },
      )
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError(`${where} cannot be listened on (${code}); choose another address with --listen`, {
        cause: error,
      })
    if (error instanceof StoreError) throw new StartError(error.message, { cause: error })
    throw error
  }
}

export function cloudOptions(settings: UpSettings, folder: string, passwords: Passwords): CloudOptions {
  if (settings.bus !== 'memory:')
    throw new OptionError(`--bus: '${settings.bus}' is not here yet; memory: is the only bus`)
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:]+)):(\d{1,5})$/.exec(settings.listen)
  if (!match || Number(match[3]) > 65_535)
    throw new OptionError(`--listen: '${settings.listen}' is not HOST:PORT`)
  const loggerLevels = readLoggerLevels(settings['log-levels'])
  if (loggerLevels === null)
    throw new OptionError(`--log-levels: '${settings['log-levels']}' is not LOGGER=LEVEL,…`)
  return {
    folder,
    passwords,
    databaseUrl: settings.db === '' ? `sqlite:${join(folder, 'faultline.db')}` : settings.db,
    host: match[1] ?? match[2] ?? '127.0.0.1',
    port: Number(match[3]),
    hosts: {
      count: settings.hosts,
      vcpus: settings['host-vcpus'],
      memoryMb: settings['host-ram'],
      diskGb: settings['host-disk'],
    },
    stepMs: settings['step-ms'],
    migrationRate: settings['migration-rate'],
    compute: {
      allowResizeToSameHost: settings['allow-resize-to-same-host'],
      reclaimSeconds: settings['reclaim-instance-interval'],
      shelvedOffloadSeconds: settings['shelved-offload-time'],
      resizeConfirmSeconds: settings['resize-confirm-window'],
      syncPowerStateSeconds: settings['sync-power-state-interval'],
    },
    otlpUrl: otlpUrlOf(settings.otlp),
    logs: {
      folder: join(folder, 'logs'),
      format: settings['log-format'] as 'text' | 'json', // checked by the option's row
      fileLevel: settings.debug ? 'DEBUG' : 'INFO',
      loggerLevels,
      stderrLevel: settings['log-level'] as Level, // likewise
    },
    notifications: { format: settings['notification-format'] as NotificationFormat }, // likewise
  }
}

function stopSignal(): Promise<void> {
  return new Promise(resolve => {
    const stop = () => {
      process.off('SIGTERM', stop)
      process.off('SIGINT', stop)
      resolve()
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}

/** A collector that cannot be one stops the start; one that does not answer is told in the log. */
function otlpUrlOf(text: string): string {
  try {
    return text === '' ? '' : otlpUrl(text).href
  } catch (error) {
    throw new OptionError(`--otlp: ${(error as Error).message}`, { cause: error }) // otlpUrl throws errors only
  }
}
