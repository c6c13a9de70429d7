// Everything a command does to the world outside HTTP bodies and the user's own files goes through this interface.
import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Readable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'

export interface Io {
  stdout(text: string): void
  /** Bytes to stdout. */
  write(bytes: Uint8Array): Promise<void>
  stderr(text: string): void
  /** True when stdout is a terminal. */
  readonly isTty: boolean
  /** True when stderr is a terminal: progress may rewrite its line. */
  readonly isErrorTty: boolean
  /** Columns of the terminal; 0 when stdout is not one. */
  readonly columns: number
  readonly colour: boolean
  /** False: the locale wants ASCII. */
  readonly isUtf8: boolean
  /** Milliseconds since the epoch. */
  now(): number
  sleep(ms: number): Promise<void>
  readonly fetch: typeof globalThis.fetch
  /** Aborted by SIGTERM and SIGINT from now on, which then end nothing by themselves; a second one does. */
  stopSignal(): AbortSignal
  /** Where what can be made again is kept between runs. */
  readonly cacheFolder: string
  /** Bytes from standard input. */
  readonly input: Readable
  /** Starts this program again with these words, apart from this run: nobody waits for it, and it says nothing. */
  inBackground(words: readonly string[]): void
  /** One line from the user, without its newline; undefined at the end of the input. */
  readLine(prompt: string): Promise<string | undefined>
}

export interface Streams {
  once(event: 'SIGTERM' | 'SIGINT', listener: () => void): unknown
  readonly stdin: ReadStream
  readonly stdout: WriteStream
  readonly stderr: WriteStream
}

/** The Io of a real process: `createIo(process, process.env)`, called by main once. */
export function createIo(streams: Streams, environment: Readonly<Record<string, string | undefined>>): Io {
  const { stdout, stderr } = streams
  // `faultline server list | head -1` is a fine thing to do: a reader that went away is no error.
  for (const stream of [stdout, stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  const isTty = stdout.isTTY === true
  return {
    stdout: text => void stdout.write(text),
    write: bytes =>
      new Promise((resolve, reject) => stdout.write(bytes, error => (error ? reject(error) : resolve()))),
    stderr: text => void stderr.write(text),
    isTty,
    isErrorTty: stderr.isTTY === true,
    columns: isTty ? stdout.columns : 0,
    colour: isTty && !environment.NO_COLOR && environment.TERM !== 'dumb',
    isUtf8: /utf-?8/i.test(environment.LC_ALL || environment.LC_CTYPE || environment.LANG || ''),
    now: () => Date.now(),
    sleep: ms => new Promise(resolve => setTimeout(resolve, ms)),
    fetch: globalThis.fetch,
    stopSignal() {
      const stop = new AbortController()
      for (const name of ['SIGTERM', 'SIGINT'] as const) streams.once(name, () => stop.abort())
      return stop.signal
    },
    cacheFolder: join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'faultline'),
    // Made when somebody reads it: what there is to it takes Node as long as all else here.
    get input() {
      return streams.stdin
    },
    inBackground(words) {
      const [, program = ''] = process.argv
      spawn(process.execPath, [...process.execArgv, program, ...words], {
        detached: true,
        stdio: 'ignore',
      })
        .on('error', () => {})
        .unref()
    },
    async readLine(prompt) {
      const lines = createInterface({ input: streams.stdin, output: stderr })
      const ended = new Promise<undefined>(resolve => lines.once('close', () => resolve(undefined)))
      try {
        return await Promise.race([lines.question(prompt), ended])
      } finally {
        lines.close()
      }
    },
  }
}
