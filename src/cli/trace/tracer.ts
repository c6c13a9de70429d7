// The tracer as the command uses it: loaded when logs are read, so that a cloud is asked without it.
import type { Summary, Trace } from '../../model/trace.ts'
import type { Source, Window } from '../../tracer/source.ts'
import { CliError } from '../errors.ts'

export interface LogFilesOptions {
  /** Of the clocks whose lines name no zone. */
  readonly utcOffsetMinutes: number
  /** Keep and use an index beside the logs' own cache. */
  readonly useIndex: boolean
  /** Called now and then, with the bytes read so far. */
  readonly onProgress: (bytes: number) => void
}

export interface TraceOptions {
  readonly window: Window | null
}

/** The parts that open files and put a trace together; loaded by name, as their module says what it exports. */
interface Parts {
  openLogFiles(paths: readonly string[], options: LogFilesOptions): Promise<Source>
  traceHandle(handle: string, sources: readonly Source[], options: TraceOptions): Promise<Trace | null>
  /** Recent requests, newest first. */
  listRequests(
    sources: readonly Source[],
    options: TraceOptions & { readonly limit: number },
  ): Promise<readonly Summary[]>
}

const homes: Readonly<Record<keyof Parts, readonly [module: string, what: string]>> = {
  openLogFiles: ['../../tracer/sources/log-files.ts', 'log files'],
  traceHandle: ['../../tracer/trace.ts', 'logs'],
  listRequests: ['../../tracer/list.ts', 'lists of requests from logs'],
}

export const tracer = {
  openLogFiles: async (...args: Parameters<Parts['openLogFiles']>) => (await load('openLogFiles'))(...args),
  async openElasticsearch(url: string, index: string | undefined, utcOffsetMinutes: number): Promise<Source> {
    const { openElasticsearch } = await import('../../tracer/sources/elasticsearch.ts')
    return openElasticsearch(url, { index: index ?? '*', utcOffsetMinutes })
  },
  async openNotifications(where: string): Promise<Source> {
    const { openNotifications } = await import('../../tracer/sources/notifications.ts')
    return openNotifications(where)
  },
  traceHandle: async (...args: Parameters<Parts['traceHandle']>) => (await load('traceHandle'))(...args),
  listRequests: async (...args: Parameters<Parts['listRequests']>) => (await load('listRequests'))(...args),
}

async function load<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
  const [module, what] = homes[name]
  try {
    const parts = (await import(module)) as Partial<Parts> // by the contract of the module's head
    const part = parts[name]
    if (part !== undefined) return part
  } catch (error) {
    // Only the module itself may be missing: a package that is, is a fault of the installation.
    const { code, message } = error as NodeJS.ErrnoException // import throws errors with a code
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(module.replace('../..', ''))) throw error
  }
  throw new CliError(`this faultline cannot read ${what} yet`)
}
