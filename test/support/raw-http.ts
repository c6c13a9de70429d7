// A client that sends whatever it is told, also what fetch refuses: strange headers, bodies with GET, odd paths.
import { Agent, request } from 'node:http'

export interface RawRequest {
  readonly method: string
  /** As it goes on the wire. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string | null
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface RawClient {
  send(one: RawRequest): Promise<RawAnswer>
  close(): void
}

export function rawClient(origin: string): RawClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const { hostname, port } = new URL(origin)
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const sent = request({ agent, hostname, port, method, path, headers }, answer => {
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.on('error', reject)
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(parts).toString(),
            }),
          )
        })
        sent.on('error', reject)
        if (body !== null) sent.setHeader('content-length', Buffer.byteLength(body))
        sent.end(body ?? undefined)
      }),
    close: () => agent.destroy(),
  }
}
