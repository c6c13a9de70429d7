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

type Destination = ReturnType<typeof pino.destination>

const flushEveryMs = 100
const bufferBytes = 65_536
const writeBytesMax = 262_144

export function openLogFiles(options: LogFilesOptions): LogFiles {
  const { folder, format, fileLevel, stderrLevel } = options
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
      const lowest =
        stderrLevel === null || levels[fileLevel] <= levels[stderrLevel] ? fileLevel : stderrLevel
      return new Log(
        {
          format,
          level: lowest,
          write(line, level) {
            if (buffered && levels[level] >= levels[fileLevel]) {
              buffered.write(line)
              if (levels[level] >= levels.WARNING) buffered.flush()
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
      for (const buffered of files.values()) buffered.end()
    },
  }
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
