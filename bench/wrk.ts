// wrk, run once: requests a second and latencies.
import { spawnSync } from 'node:child_process'

export interface WrkOptions {
  readonly connections: number
  readonly seconds: number
  readonly headers: Readonly<Record<string, string>>
}

export function wrk(url: string, { connections, seconds, headers }: WrkOptions): { readonly rps: number } {
  const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const ran = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, ...given, url], {
    encoding: 'utf8',
  })
  if (ran.error) throw new Error('the bench needs wrk: apt-get install wrk', { cause: ran.error })
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(ran.stdout)
  if (failed) throw new Error(`${failed[1]} requests to ${url} were refused`)
  return { rps: Number(/Requests\/sec:\s+([\d.]+)/.exec(ran.stdout)?.[1] ?? 0) }
}
