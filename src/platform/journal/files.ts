// Log files: one a service under DIR/logs, written through pino's destination (buffered, flushed on a timer and at
// once for warnings), and standard error above a level of its own.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { type Level, levels } from './levels.ts'
import { Log, type LogSink } from './log.ts'

export interface LogFilesOptions {
  /** Folder of the files; null writes none (tests). */
  readonly folder: string | null
  readonly format: 'text' | 'json'
  /** Lowest level written to files. */
  readonly fileLevel: Level
  /** Loggers (with all below them) whose lines have a lowest level of their own in the files: default_log_levels. */
  readonly loggerLevels?: ReadonlyMap<string, Level>
  /** Lowest level repeated on standard error; null for none. */
  readonly stderrLevel: Level | null
}

export interface LogFiles {
  /** The root logger of a service's file, for example `log('nova-api', 'nova.api')`. */
  log(file: string, logger: string): Log
  /** Writes what is buffered, at once. */
  flush(): void
  close(): void
}

type Destination = ReturnType<typeof pino.destination>

const flushEveryMs = 100
const bufferBytes = 65_536
const writeBytesMax = 262_144

export function openLogFiles(options: LogFilesOptions): LogFiles {
  const { folder, format, fileLevel, stderrLevel, loggerLevels = new Map<string, Level>() } = options
  if (folder !== null) mkdirSync(folder, { recursive: true })
  const files = new Map<string, Buffered>()
  const open = (file: string): Buffered | null => {
    if (folder === null) return null
    let buffered = files.get(file)
    if (!buffered) {
      const destination = pino.destination({
        dest: join(folder, `${file}.log`),
        append: true,
        sync: false,
        minLength: bufferBytes,
        maxWrite: writeBytesMax,
      })
      destination.on('error', error =>
        process.stderr.write(`faultline: log file ${file}.log: ${String(error)}\n`),
      )
      buffered = new Buffered(destination)
      files.set(file, buffered)
    }
    return buffered
  }
  const timer = setInterval(() => {
    for (const buffered of files.values()) buffered.flush()
  }, flushEveryMs)
  timer.unref()
  const flush = () => {
    for (const buffered of files.values()) {
      try {
        buffered.flushSync()
      } catch {
        // Not open yet, or gone: nothing of it can be written, and a log must not stop the program.
      }
    }
  }
  return {
    log(file, logger) {
      const buffered = open(file)
      const sinkAt = (lowestInFile: Level): LogSink => ({
        format,
        level:
          stderrLevel === null || levels[lowestInFile] <= levels[stderrLevel] ? lowestInFile : stderrLevel,
        write(line, level) {
          if (buffered && levels[level] >= levels[lowestInFile]) {
            buffered.write(line)
            if (levels[level] >= levels.WARNING) buffered.flush()
          }
          if (stderrLevel !== null && levels[level] >= levels[stderrLevel]) process.stderr.write(line)
        },
        of: name => sinks.get(name) ?? sinkOf(name),
      })
      const sinks = new Map<string, LogSink>()
      const usual = sinkAt(fileLevel)
      // Loggers are few: their names are in the code.
      const sinkOf = (name: string): LogSink => {
        const level = folder === null ? undefined : levelOf(loggerLevels, name)
        const sink = level === undefined ? usual : sinkAt(level)
        sinks.set(name, sink)
        return sink
      }
      return new Log(sinkOf(logger), logger)
    },
    flush,
    close() {
      clearInterval(timer)
      flush()
      for (const buffered of files.values()) buffered.end()
    },
  }
}

/** Of the logger itself, or the nearest one above it. */
function levelOf(own: ReadonlyMap<string, Level>, logger: string): Level | undefined {
  for (let name = logger; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const level = own.get(name)
    if (level !== undefined) return level
  }
  return undefined
}

/**
 * Lines are gathered into one text and handed to the destination together: it counts the bytes of each text it is given,
 * which for a line a request was a tenth of what a request costs.
 */
class Buffered {
  private readonly destination: Destination
  private text = ''

  constructor(destination: Destination) {
    this.destination = destination
  }

  write(line: string): void {
    this.text += line
    if (this.text.length >= bufferBytes) this.hand()
  }

  flush(): void {
    this.hand()
    this.destination.flush()
  }

  flushSync(): void {
    this.hand()
    this.destination.flushSync()
  }

  end(): void {
    this.hand()
    this.destination.end()
  }

  private hand(): void {
    if (this.text === '') return
    const text = this.text
    this.text = ''
    this.destination.write(text)
  }
}
