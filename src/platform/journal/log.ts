// Logs in oslo.log's shapes: one line a record, both request ids in it, one file a service (facts: logging.md).
// Formatting is ours because oslo.log's text is not a pino layout; writing (buffers, flushing, reopening) is pino's.
import type { Auth } from '../http/auth.ts'
import { type Level, levels } from './levels.ts'
import { formatJson } from './oslo-json.ts'
import { formatText } from './oslo-text.ts'

/** The ids and the caller a line is written under; null outside any request (`[-]`). */
export interface LogContext {
  readonly requestId: string
  readonly globalRequestId: string | null
  readonly auth: Pick<
    Auth,
    | 'identity'
    | 'userId'
    | 'userName'
    | 'project'
    | 'userDomain'
    | 'domain'
    | 'systemScope'
    | 'isAdmin'
    | 'roles'
  > | null
}

export interface LogRecord {
  readonly at: number
  readonly level: Level
  /** Python logger name in upstream's spelling (`nova.compute.manager`), so that stock log tools know it. */
  readonly logger: string
  readonly message: string
  readonly context: LogContext | null
  /** Server the line is about: printed as `[instance: uuid] `. */
  readonly server: string | undefined
  readonly error: unknown
  /** An error told in the message's own line, without its traceback: for failures that are nobody's bug. */
  readonly summary: unknown
  /** Where in the code a DEBUG line comes from: `function path:line`. */
  readonly place: string | undefined
}

/** Where formatted lines go: a file and, above a level, standard error. */
export interface LogSink {
  readonly format: 'text' | 'json'
  readonly level: Level
  write(line: string, level: Level): void
  /** The sink of a logger that has a level of its own; absent where none has. */
  of?(logger: string): LogSink
}

export interface LogOptions {
  readonly server?: string
  readonly error?: unknown
  readonly summary?: unknown
  /** Where in the code a DEBUG line comes from, when that is known; looked up otherwise, which takes time. */
  readonly place?: string | undefined
}

/** A logger bound to a name and a context. Cheap to make: one for each request. */
export class Log {
  readonly sink: LogSink
  readonly logger: string
  readonly context: LogContext | null

  constructor(sink: LogSink, logger: string, context: LogContext | null = null) {
    this.sink = sink
    this.logger = logger
    this.context = context
  }

  /** The same sink and name under a request's ids. */
  under(context: LogContext | null): Log {
    return new Log(this.sink, this.logger, context)
  }

  /** The same sink and context under another logger's name. */
  named(logger: string): Log {
    return new Log(this.sink.of?.(logger) ?? this.sink, logger, this.context)
  }

  debug(message: string, options?: LogOptions): void {
    this.write('DEBUG', message, options)
  }
  info(message: string, options?: LogOptions): void {
    this.write('INFO', message, options)
  }
  warning(message: string, options?: LogOptions): void {
    this.write('WARNING', message, options)
  }
  error(message: string, options?: LogOptions): void {
    this.write('ERROR', message, options)
  }

  isOn(level: Level): boolean {
    return levels[level] >= levels[this.sink.level]
  }

  private write(level: Level, message: string, options: LogOptions | undefined): void {
    if (!this.isOn(level)) return
    const record: LogRecord = {
      at: Date.now(), // logs are stamped by the real clock, whatever the cloud's clock says
      level,
      logger: this.logger,
      message,
      context: this.context,
      server: options?.server,
      error: options?.error,
      summary: options?.summary,
      place: level === 'DEBUG' ? (options?.place ?? callerOf(new Error('place'))) : undefined,
    }
    this.sink.write(this.sink.format === 'json' ? formatJson(record) : formatText(record), level)
  }
}

const framePattern = /^\s*at (?:async )?(?:(.+?) \()?(?:file:\/\/)?(.+?):(\d+):\d+\)?$/

/** The first frame outside this file, as `function src/path.ts:line`; looked up for DEBUG lines only, most of which are off by default. */
export function callerOf(error: Error): string | undefined {
  for (const line of error.stack?.split('\n').slice(1) ?? []) {
    const [, name = '<module>', path, at] = framePattern.exec(line) ?? []
    if (path === undefined || path.endsWith('/journal/log.ts') || path.startsWith('node:')) continue
    return `${name} ${path.slice(Math.max(0, path.lastIndexOf('/src/') + 1))}:${at}`
  }
  return undefined
}

/** Swallows everything; for code that must log but is run without a journal (some tests). */
export const silentLog = new Log({ format: 'text', level: 'CRITICAL', write: () => {} }, 'faultline')
