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

export interface Tracer {
  openLogFiles(paths: readonly string[], options: LogFilesOptions): Promise<Source>
  openElasticsearch(url: string, index: string | undefined): Promise<Source>
  openNotifications(where: string): Promise<Source>
  traceHandle(handle: string, sources: readonly Source[], options: TraceOptions): Promise<Trace | null>
  /** Recent requests, newest first. */
  listRequests(
    sources: readonly Source[],
    options: TraceOptions & { readonly limit: number },
  ): Promise<readonly Summary[]>
}

const homes: Readonly<Record<keyof Tracer, readonly [module: string, what: string]>> = {
  openLogFiles: ['../../tracer/sources/log-files.ts', 'log files'],
  openElasticsearch: ['../../tracer/sources/elasticsearch.ts', 'Elasticsearch'],
  openNotifications: ['../../tracer/sources/notifications.ts', 'notifications'],
  traceHandle: ['../../tracer/trace.ts', 'logs'],
  listRequests: ['../../tracer/list.ts', 'lists of requests from logs'],
}

/** Each part is loaded when it is first called. */
export const tracer: Tracer = {
  openLogFiles: async (...args) => (await load('openLogFiles'))(...args),
  openElasticsearch: async (...args) => (await load('openElasticsearch'))(...args),
  openNotifications: async (...args) => (await load('openNotifications'))(...args),
  traceHandle: async (...args) => (await load('traceHandle'))(...args),
  listRequests: async (...args) => (await load('listRequests'))(...args),
}

async function load<Name extends keyof Tracer>(name: Name): Promise<Tracer[Name]> {
  const [module, what] = homes[name]
  try {
    const parts = (await import(module)) as Partial<Tracer> // by the contract of the module's head
    const part = parts[name]
    if (part !== undefined) return part
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error // import throws errors with a code
  }
  throw new CliError(`this faultline cannot read ${what} yet`)
}
