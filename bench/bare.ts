// A bare fastify route, in a process of its own as the cloud is, that sends given bytes and headers.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const leftOut: ReadonlySet<string> = new Set([
  'date',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
])

export async function startBare(
  path: string,
  headers: Headers,
  body: string,
): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const sent = Object.fromEntries([...headers].filter(([name]) => !leftOut.has(name)))
  const child = spawn(process.execPath, [new URL('./bare-server.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify({ path, headers: sent, body }))
  const origin = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', () => reject(new Error('the bare server did not start')))
  })
  return {
    origin,
    close: () =>
      new Promise(resolve => {
        child.once('exit', () => resolve())
        child.kill()
      }),
  }
}
