// The program's beginning and end: an orderly stop, and for everything that keeps it from starting one line that says
// what to do.
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { passwords, startTestCloud } from '../support/cloud.ts'
import { type Ended, type Program, runProgram, up } from '../support/program.ts'

interface Folder extends Disposable {
  readonly path: string
}

function folder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'faultline-up-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

async function stop(
  program: Program,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<Ended & { readonly ms: number }> {
  const start = performance.now()
  program.child.kill(signal)
  const ended = await program.ended
  return { ...ended, ms: performance.now() - start }
}

const anyPort = ['--listen', '127.0.0.1:0']

async function refusedWith(pattern: RegExp, args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runProgram(['up', ...args]).ended
  assert.notEqual(code, 0)
  assert.doesNotMatch(stdout, /ready/)
  assert.match(stderr, pattern)
  assert.equal(stderr.trimEnd().split('\n').length, 1, `one line, not ${stderr}`)
}

test('SIGTERM and SIGINT end it with 0, and the data directory is free again', async () => {
  using data = folder()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const program = up(data.path)
    await program.ready
    const ended = await stop(program, signal)
    assert.deepEqual([ended.code, ended.signal, ended.stderr], [0, null, ''])
  }
})

test('with work that takes longer, and a caller that does not go away, it stops within 5 s; the work is gone on with', async () => {
  using data = folder()
  const program = up(data.path, '--step-ms', '60000')
  const origin = await program.ready
  const { id, idle } = await slowServer(origin)
  const ended = await stop(program)
  idle.destroy()
  assert.deepEqual([ended.code, ended.stderr], [0, ''])
  assert.ok(ended.ms < 5000, `${ended.ms} ms`)
  const databaseUrl = `sqlite:${join(data.path, 'faultline.db')}`
  await using cloud = await startTestCloud({ data: { folder: data.path, databaseUrl } })
  await cloud.settled()
  assert.equal((await cloud.show(id)).status, 'ACTIVE')
  const [{ message }] = await cloud.actions(id)
  assert.equal(message, null)
})

/** A server being built, and a connection on which a request is half sent. */
async function slowServer(origin: string) {
  const domain = { id: 'default' }
  const user = { name: 'demo', domain, password: passwords.demo }
  const auth = {
    identity: { methods: ['password'], password: { user } },
    scope: { project: { name: 'demo', domain } },
  }
  const headers = { 'content-type': 'application/json' }
  const signed = await fetch(`${origin}/identity/v3/auth/tokens`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ auth }),
  })
  const token = signed.headers.get('x-subject-token') ?? ''
  const images = await fetch(`${origin}/image/v2/images`, { headers: { 'x-auth-token': token } })
  const imageRef = ((await images.json()) as { images: { id: string }[] }).images[0]?.id // glance's documented shape
  const made = await fetch(`${origin}/compute/v2.1/servers`, {
    method: 'POST',
    headers: { ...headers, 'x-auth-token': token },
    body: JSON.stringify({ server: { name: 'slow', flavorRef: '1', imageRef } }),
  })
  assert.equal(made.status, 202)
  const { server } = (await made.json()) as { server: { id: string } } // nova's documented shape
  const { hostname, port } = new URL(origin)
  const idle = connect(Number(port), hostname)
  idle.on('error', () => {})
  idle.write('POST /compute/v2.1/servers HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{')
  return { id: server.id, idle }
}

test('a second one on the same data directory is refused; the first goes on', async () => {
  using data = folder()
  const first = up(data.path)
  const origin = await first.ready
  await refusedWith(
    /^faultline: another faultline is running on .+; stop it first, or choose another directory with --data$/m,
    ['--data', data.path, ...anyPort],
  )
  assert.equal((await fetch(`${origin}/healthz`)).status, 200)
  await stop(first)
})

test('a taken port is named, and what to do', async () => {
  using data = folder()
  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  const address = taken.address()
  const port = typeof address === 'object' ? address?.port : 0
  await refusedWith(
    new RegExp(
      `^faultline: 127\\.0\\.0\\.1:${port} is taken by another program; choose another address with --listen$`,
      'm',
    ),
    ['--data', data.path, '--listen', `127.0.0.1:${port}`],
  )
  taken.close()
})

test('an address that is not of this machine is named', async () => {
  using data = folder()
  await refusedWith(
    /^faultline: 192\.0\.2\.1:8774 cannot be listened on \(EADDRNOTAVAIL\); choose another/m,
    ['--data', data.path, '--listen', '192.0.2.1:8774'],
  )
})

test('a file where the data directory should be is refused', async () => {
  using data = folder()
  const file = join(data.path, 'file')
  writeFileSync(file, '')
  await refusedWith(
    /^faultline: the data directory .+ cannot be written \(.+\); choose another with --data$/m,
    ['--data', file, ...anyPort],
  )
  await refusedWith(
    /^faultline: the data directory .+ cannot be written \(.+\); choose another with --data$/m,
    ['--data', join(file, 'below'), ...anyPort],
  )
})

test('a data directory that cannot be made below one that is there is refused, instead of tried for ever', async () => {
  using data = folder()
  symlinkSync(join(data.path, 'nowhere'), join(data.path, 'link'))
  await refusedWith(
    /^faultline: the data directory .+ cannot be written \(ENOENT.+\); choose another with --data$/m,
    ['--data', join(data.path, 'link', 'below'), ...anyPort],
  )
})

test('a data directory that holds a file where a folder should be is refused, early and late in the start', async () => {
  for (const name of ['logs', 'images', 'machines']) {
    using data = folder()
    writeFileSync(join(data.path, name), '')
    await refusedWith(/^faultline: the data directory cannot be used \(.+\); mend it, or choose another/m, [
      '--data',
      data.path,
      ...anyPort,
    ])
  }
})

test('options come from the file of --config', async () => {
  using data = folder()
  const file = join(data.path, 'up.json')
  writeFileSync(file, JSON.stringify({ data: join(data.path, 'cloud'), listen: '127.0.0.1:0' }))
  const program = runProgram(['up', '--config', file])
  await program.ready
  assert.equal((await stop(program)).code, 0)
  assert.ok(existsSync(join(data.path, 'cloud', 'faultline.db')))
  writeFileSync(file, '{"hostz": 3}')
  await refusedWith(/^faultline: .+up\.json: unknown option 'hostz'$/m, ['--config', file])
})

test('a database that is none, or was cut off, is refused and left as it is', async () => {
  using data = folder()
  const first = up(data.path)
  await first.ready
  await stop(first)
  const database = join(data.path, 'faultline.db')
  const whole = readFileSync(database)
  const garbled = Buffer.from(whole)
  garbled.fill('garbage ', 0, 4096)
  const torn = Buffer.from(whole)
  torn.fill(0xff, 4096, 40_960)
  for (const content of [
    garbled,
    torn,
    whole.subarray(0, 12_000),
    Buffer.from('this is no database at all'),
  ]) {
    writeFileSync(database, content)
    for (const suffix of ['-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true })
    await refusedWith(/^faultline: .*faultline\.db.* (restore|choose).+$/m, ['--data', data.path, ...anyPort])
    assert.ok(readFileSync(database).equals(content), 'the file is as it was')
  }
  // And with the whole one back, all is well.
  writeFileSync(database, whole)
  const again = up(data.path)
  await again.ready
  assert.equal((await stop(again)).code, 0)
})

test('passwords that cannot be read are refused', async () => {
  using data = folder()
  writeFileSync(join(data.path, 'passwords.json'), '{"admin":')
  await refusedWith(/^faultline: .*passwords\.json cannot be read/m, ['--data', data.path, ...anyPort])
})

test('an unknown option, and values that make no sense, are refused', async () => {
  using data = folder()
  const at = ['--data', data.path]
  await refusedWith(/unknown option '--no-such-thing'/, [...at, '--no-such-thing'])
  await refusedWith(/--listen/, [...at, '--listen', 'nowhere'])
  await refusedWith(/--hosts/, [...at, '--hosts', 'many'])
  await refusedWith(/--hosts/, [...at, '--hosts', '0'])
  await refusedWith(/--bus/, [...at, '--bus', 'amqp://nowhere'])
  await refusedWith(/--log-level/, [...at, '--log-level', 'LOUD'])
  await refusedWith(/--db|database/, [...at, '--db', 'mysql://nowhere'])
  await refusedWith(/--db|database/, [...at, '--db', 'postgres://nobody@127.0.0.1:1/nothing'])
  assert.ok(!existsSync(join(data.path, 'faultline.db')))
})

test('a database from a newer program is refused and left as it is', async () => {
  using data = folder()
  mkdirSync(data.path, { recursive: true })
  const first = up(data.path)
  await first.ready
  await stop(first)
  const db = new DatabaseSync(join(data.path, 'faultline.db'))
  db.exec("insert into schema_migrations (name, timestamp) values ('compute_9999_from_the_future', '2030')")
  db.close()
  await refusedWith(/newer/, ['--data', data.path, ...anyPort])
})

test('an empty file is a new database', async () => {
  using data = folder()
  writeFileSync(join(data.path, 'faultline.db'), '')
  truncateSync(join(data.path, 'faultline.db'))
  const program = up(data.path)
  await program.ready
  assert.equal((await stop(program)).code, 0)
})

test('the root of every service with versions names them, without a token', async () => {
  await using cloud = await startTestCloud()
  for (const service of ['identity', 'image', 'network', 'volume', 'compute', 'placement']) {
    const answer = await fetch(`${cloud.origin}/${service}`)
    assert.ok(answer.status === 200 || answer.status === 300, `${service}: ${answer.status}`)
    assert.match(await answer.text(), /"versions":/)
  }
})
