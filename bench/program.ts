// The real program, started on a folder of its own, and what a bench does with it.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Login {
  readonly token: string
  readonly projectId: string
  readonly userId: string
  /** No limit on servers for the caller's project. */
  raiseQuotas(): Promise<void>
  /** A server of m1.tiny without networks, ACTIVE. */
  createServer(name: string): Promise<string>
}

export interface Program {
  readonly origin: string
  readonly passwords: { readonly admin: string; readonly demo: string }
  readonly imageName: string
  login(user: 'admin' | 'demo'): Promise<Login>
  close(): Promise<void>
}

/** On a folder of its own, which goes with it; or on `data`, which stays. */
export async function startProgram(options: readonly string[], data?: string): Promise<Program> {
  const folder = data ?? mkdtempSync(join(tmpdir(), 'faultline-bench-'))
  const child = spawn(
    new URL('../bin/faultline', import.meta.url).pathname,
    ['up', '--data', folder, '--listen', '127.0.0.1:0', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const origin = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      if (line.startsWith('faultline ready ')) resolve(line.slice('faultline ready '.length))
    })
    child.once('exit', code => reject(new Error(`faultline up ended with ${code}`)))
  })
  const passwords = JSON.parse(readFileSync(join(folder, 'passwords.json'), 'utf8')) as Program['passwords']
  return {
    origin,
    passwords,
    imageName: 'faultline-mini-x86_64-disk',
    login: user => login(origin, user, passwords[user]),
    close: () =>
      new Promise(resolve => {
        child.once('exit', () => {
          if (data === undefined) rmSync(folder, { recursive: true, force: true })
          resolve()
        })
        child.kill('SIGTERM')
      }),
  }
}

async function login(origin: string, user: string, password: string): Promise<Login> {
  const domain = { id: 'default' }
  const auth = {
    identity: { methods: ['password'], password: { user: { name: user, domain, password } } },
    scope: { project: { name: user, domain } },
  }
  const answer = await fetch(`${origin}/identity/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  })
  if (answer.status !== 201) throw new Error(`login answered ${answer.status}`)
  const token = answer.headers.get('x-subject-token') ?? ''
  const { token: facts } = (await answer.json()) as {
    token: { project: { id: string }; user: { id: string } }
  }
  const call = async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(origin + path, {
      method,
      headers: {
        'x-auth-token': token,
        'content-type': 'application/json',
        'openstack-api-version': 'compute 2.93',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (reply.status >= 400)
      throw new Error(`${method} ${path} answered ${reply.status}: ${await reply.text()}`)
    return (await reply.json()) as Record<string, unknown>
  }
  return {
    token,
    projectId: facts.project.id,
    userId: facts.user.id,
    async raiseQuotas() {
      await call('PUT', `/compute/v2.1/os-quota-sets/${facts.project.id}`, {
        quota_set: { instances: -1, cores: -1, ram: -1 },
      })
    },
    async createServer(name) {
      const { images } = (await call('GET', '/image/v2/images')) as { images: { id: string }[] }
      const body = { server: { name, flavorRef: '1', imageRef: images[0]?.id, networks: 'none' } }
      const { server } = (await call('POST', '/compute/v2.1/servers', body)) as { server: { id: string } }
      for (;;) {
        const { server: now } = (await call('GET', `/compute/v2.1/servers/${server.id}`)) as {
          server: { status: string }
        }
        if (now.status === 'ACTIVE') return server.id
        if (now.status === 'ERROR') throw new Error('the server went to ERROR')
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
  }
}
