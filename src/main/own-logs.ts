// The cloud's own log files as a source of traces. They grow, and new ones begin, so each question opens them anew,
// after what is still in memory has been written.
import type { Source } from '../tracer/source.ts'
import type { LogFiles } from '../tracer/sources/log-files.ts'

export interface OwnLogsOptions {
  readonly folder: string
  /** Of the clock the lines are stamped by; asked each time, because it changes with the season. */
  utcOffsetMinutes(): number
  /** Writes what is still in memory. */
  flush(): void
}

export function ownLogs({ folder, utcOffsetMinutes, flush }: OwnLogsOptions): Source {
  let last: LogFiles | null = null
  const open = async (): Promise<LogFiles> => {
    flush()
    // Loaded with the first question (decisions/memory.md).
    const { openLogFiles } = await import('../tracer/sources/log-files.ts')
    last = await openLogFiles([folder], { utcOffsetMinutes: utcOffsetMinutes() })
    return last
  }
  return {
    name: `logs ${folder}`,
    find: async (texts, window) => (await open()).find(texts, window),
    coverage: () => last?.coverage() ?? [],
    recent: async limit => (await open()).recent(limit),
    close: async () => {},
  }
}
