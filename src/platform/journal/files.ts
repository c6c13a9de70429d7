// Log files: one a service under DIR/logs, written through pino's destination (buffered, flushed on a timer and at
// once for warnings), and standard error above a level of its own.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import { type Level, levels } from './levels.ts'
import { Log } from './log.ts'

export interface LogFilesOptions {
  /** Folder of the files; null writes none (tests). */
  readonly folder: string | null
  readonly format: 'text' | 'json'
  /** Lowest level written to files. */
  readonly fileLevel: Level
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

const flushEveryMs = 100
const bufferBytes = 65_536
const writeBytesMax = 262_144

export function openLogFiles(options: LogFilesOptions): LogFiles {
  const { folder, format, fileLevel, stderrLevel } = options
  if (folder !== null) mkdirSync(folder, { recursive: true })
  type Destination = ReturnType<typeof pino.destination>
  const files = new Map<string, Destination>()
  const open = (file: string): Destination | null => {
    if (folder === null) return null
    let destination = files.get(file)
    if (!destination) {
      destination = pino.destination({
        dest: join(folder, `${file}.log`),
        append: true,
        sync: false,
        minLength: bufferBytes,
        maxWrite: writeBytesMax,
      })
      destination.on('error', error =>
        process.stderr.write(`faultline: log file ${file}.log: ${String(error)}\n`),
      )
      files.set(file, destination)
    }
    return destination
  }
  const timer = setInterval(() => {
    for (const destination of files.values()) destination.flush()
  }, flushEveryMs)
  timer.unref()
  const flush = () => {
    for (const destination of files.values()) {
      try {
        destination.flushSync()
      } catch {
        // Not open yet, or gone: nothing of it can be written, and a log must not stop the program.
      }
    }
  }
  return {
    log(file, logger) {
      const destination = open(file)
      const lowest =
        stderrLevel === null || levels[fileLevel] <= levels[stderrLevel] ? fileLevel : stderrLevel
      return new Log(
        {
          format,
          level: lowest,
          write(line, level) {
            if (destination && levels[level] >= levels[fileLevel]) {
              destination.write(line)
              if (levels[level] >= levels.WARNING) destination.flush()
            }
            if (stderrLevel !== null && levels[level] >= levels[stderrLevel]) process.stderr.write(line)
          },
        },
        logger,
      )
    },
    flush,
    close() {
      clearInterval(timer)
      flush()
      for (const destination of files.values()) destination.end()
    },
  }
}
