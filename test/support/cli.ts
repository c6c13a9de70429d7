// Runs the command line inside the test: a cloud made of a few canned answers, and what the command printed.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'
import { buildProgram, report } from '../../src/cli/program.ts'
import type { StartTemporaryCloud } from '../../src/cli/tour.ts'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly search: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
  /** Parsed JSON, or undefined. */
  readonly body: unknown
}
export interface Answer {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}
/** By `METHOD /path`; a list is used up one by one, its last answer stays. */
export type Answers = Readonly<Record<string, Answer | readonly Answer[] | ((asked: Asked) => Answer)>>

export interface CannedCloud {
  readonly url: string
  readonly asked: readonly Asked[]
  close(): Promise<void>
}

/** Every reply carries this id, unless its own headers say otherwise. */
export const cannedRequestId = 'req-11111111-2222-4333-8444-555555555555'
export const cannedToken = 'gAAAAA-canned-token'
const projectId = '6cb7d311c5094af8b581cca07da233ff'

/** A cloud with a catalogue, a token for everybody, compute 2.104 and these answers; anything else is a 404. */
export async function cannedCloud(answers: Answers = {}): Promise<CannedCloud> {
  const asked: Asked[] = []
  const used = new Map<string, number>()
  // A cloud that answers for its trace service has one.
  const hasTraces = Object.keys(answers).some(key => key.includes(' /trace/v1/'))
  const server = createServer(async (request, response) => {
    const url = new URL(request.url!, 'http://test') // node gives the path
    let text = ''
    for await (const part of request) text += part
    const one: Asked = {
      method: request.method!,
      path: url.pathname,
      search: url.search,
      headers: request.headers,
      text,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined,
    }
    asked.push(one)
    const key = `${one.method} ${one.path}`
    const found = answers[key] ?? basics(`http://${request.headers.host}`, hasTraces)[key]
    const count = used.get(key) ?? 0
    used.set(key, count + 1)
    const answer: Answer =
      typeof found === 'function'
        ? found(one)
        : Array.isArray(found)
          ? found[Math.min(count, found.length - 1)]
          : ((found as Answer | undefined) ?? {
              status: 404,
              json: { itemNotFound: { code: 404, message: `nothing at ${key}` } },
            })
    response.writeHead(answer.status ?? 200, {
      'content-type': answer.json === undefined ? 'text/plain' : 'application/json',
      'x-openstack-request-id': cannedRequestId,
      ...answer.headers,
    })
    response.end(answer.json === undefined ? (answer.text ?? '') : JSON.stringify(answer.json))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const catalogue = ['compute/v2.1', 'identity/v3', 'image', 'network', 'placement']

const basics = (url: string, hasTraces: boolean): Answers => ({
  'POST /identity/v3/auth/tokens': {
    status: 201,
    headers: { 'x-subject-token': cannedToken },
    json: {
      token: {
        expires_at: '2026-11-23T13:00:00.000000Z',
        user: { id: 'u1', name: 'demo' },
        project: { id: projectId, name: 'demo' },
        catalog: [...catalogue, ...(hasTraces ? ['trace/v1'] : [])].map(path => ({
          type: path.split('/')[0],
          name: path.split('/')[0],
          endpoints: [
            { interface: 'public', region: 'RegionOne', region_id: 'RegionOne', url: `${url}/${path}` },
          ],
        })),
      },
    },
  },
  'GET /compute/v2.1/': { json: { version: { id: 'v2.1', version: '2.104', min_version: '2.1' } } },
})

export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  /** How long the command meant to sleep, pause by pause, in ms. */
  readonly sleeps: readonly number[]
  /** Words of runs it began in the background. */
  readonly background: readonly (readonly string[])[]
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly tty?: boolean
  /** What stands on standard input. */
  readonly input?: string
  readonly directory?: string
  readonly cacheFolder?: string
  /** Sleep for real: there is a cloud that needs the time. */
  readonly realTime?: boolean
  readonly startTemporaryCloud?: StartTemporaryCloud
}

/** Runs `faultline …words` against the cloud. Time passes only by sleeping. */
export async function runCli(
  cloud: CannedCloud | undefined,
  words: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  let now = Date.UTC(2026, 10, 23)
  const sleeps: number[] = []
  const background: (readonly string[])[] = []
  const io: Io = {
    stdout(text) {
      stdout += text
    },
    async write(bytes) {
      stdout += Buffer.from(bytes).toString()
    },
    stderr(text) {
      stderr += text
    },
    isTty: options.tty === true,
    isErrorTty: options.tty === true,
    columns: options.tty ? 80 : 0,
    colour: options.tty === true,
    isUtf8: true,
    now: () => now,
    async sleep(ms) {
      now += ms
      sleeps.push(ms)
      if (options.realTime) await new Promise(resolve => setTimeout(resolve, ms))
    },
    fetch: globalThis.fetch,
    stopSignal: () => new AbortController().signal,
    cacheFolder: options.cacheFolder ?? '/nowhere/cache',
    input: Readable.from([options.input ?? '']),
    inBackground: words => background.push(words),
    readLine: async () => options.input,
  }
  const credentials = cloud && {
    OS_AUTH_URL: `${cloud.url}/identity/v3`,
    OS_USERNAME: 'demo',
    OS_PASSWORD: 'sesame',
    OS_PROJECT_NAME: 'demo',
  }
  const environment = { ...credentials, ...options.environment }
  let exitCode = 0
  try {
    const program = await buildProgram(io, environment, words, {
      directory: options.directory ?? '/nowhere',
      startTemporaryCloud: options.startTemporaryCloud,
    })
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    exitCode = report(io, error)
  }
  return { stdout, stderr, exitCode, sleeps, background }
}
