// The tracer as commands use it: loaded when logs are read, so that a cloud is asked without it.
import { join } from 'node:path'
import type { Summary, Trace } from '../../model/trace.ts'
import type { ListOptions } from '../../tracer/list.ts'
import type { Source, Window } from '../../tracer/source.ts'
import type { LogFiles } from '../../tracer/sources/log-files.ts'
import type { Io } from '../io.ts'

export interface LogFilesOptions {
  /** Of the clocks whose lines name no zone. */
  readonly utcOffsetMinutes: number
  /** Use the index that is kept of big logs. */
  readonly useIndex: boolean
  /** Called now and then, with the bytes read so far. */
  readonly onProgress: (bytes: number) => void
}

export const tracer = {
  async openLogFiles(io: Io, paths: readonly string[], options: LogFilesOptions): Promise<LogFiles> {
    const { openLogFiles } = await import('../../tracer/sources/log-files.ts')
    const { utcOffsetMinutes, useIndex, onProgress } = options
    return openLogFiles(paths, {
      ...(paths.includes('-') ? { input: io.input } : {}),
      utcOffsetMinutes,
      onProgress,
      ...(useIndex ? { indexFolder: join(io.cacheFolder, 'log-index') } : {}),
    })
  },
  async openElasticsearch(url: string, index: string | undefined, utcOffsetMinutes: number): Promise<Source> {
    const { openElasticsearch } = await import('../../tracer/sources/elasticsearch.ts')
    return openElasticsearch(url, { index: index ?? '*', utcOffsetMinutes })
  },
  async openNotifications(where: string): Promise<Source> {
    const { openNotifications } = await import('../../tracer/sources/notifications.ts')
    return openNotifications(where)
  },
  async traceHandle(
    handle: string,
    sources: readonly Source[],
    options: { readonly window: Window | null },
  ): Promise<Trace | null> {
    const { traceHandle } = await import('../../tracer/trace.ts')
    return traceHandle(handle, sources, options)
  },
  async listRequests(sources: readonly Source[], options: ListOptions): Promise<readonly Summary[]> {
    const { listRequests } = await import('../../tracer/list.ts')
    return listRequests(sources, options)
  },
}
