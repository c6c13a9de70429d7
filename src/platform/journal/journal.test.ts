// Lines as oslo.log writes them (facts: logging.md §1, §2), and the files they go to.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { callers } from '../../../test/support/one-service.ts'
import { openLogFiles } from './files.ts'
import type { Level } from './levels.ts'
import { readLoggerLevels } from './levels.ts'
import { Log, type LogContext } from './log.ts'

const folder = mkdtempSync(join(tmpdir(), 'faultline-journal-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const local = 'req-11111111-2222-4333-8444-555555555555'
const global = 'req-99999999-2222-4333-8444-555555555555'
const context = (more: Partial<LogContext> = {}): LogContext => ({
  requestId: local,
  globalRequestId: null,
  auth: callers.demo,
  ...more,
})

function written(format: 'text' | 'json', level: Level, write: (log: Log) => void): string[] {
  const lines: string[] = []
  write(new Log({ format, level, write: line => lines.push(line) }, 'nova.compute.manager', context()))
  return lines.join('').split('\n').slice(0, -1)
}
const text = (write: (log: Log) => void, level: Level = 'DEBUG') => written('text', level, write)
const json = (write: (log: Log) => void) =>
  written('json', 'DEBUG', write).map(line => JSON.parse(line) as Record<string, unknown>) // our own lines

const stamp = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}'
const who = `${callers.demo.userId} ${callers.demo.project?.id} - - default default`
const server = '8f9c5e0a-3b0c-4a9e-9d9a-0a6f1f6e7a11'

test('a line has date, process, level, logger, both ids, the caller, the server and the message', () => {
  const [line] = text(log => log.info('Took 0.10 seconds', { server }))
  assert.match(
    line ?? '',
    new RegExp(
      `^${stamp} ${process.pid} INFO nova\\.compute\\.manager \\[None ${local} ${who}\\] \\[instance: ${server}\\] Took 0\\.10 seconds$`,
    ),
  )
})

test('brackets for each kind of context', () => {
  const bracket = (under: LogContext | null) =>
    /\[[^\]]*\]/.exec(text(log => log.under(under).info('x'))[0] ?? '')?.[0]
  assert.equal(bracket(null), '[-]')
  assert.equal(bracket(context({ globalRequestId: global })), `[${global} ${local} ${who}]`)
  assert.equal(bracket(context({ auth: null })), `[None ${local} - - - - - -]`)
})

test('an error is told in the line from WARNING on, and its traceback in lines of their own', () => {
  const error = new Error('disk full', { cause: new Error('no space') })
  const lines = text(log => log.warning('could not write', { error, server }))
  assert.match(lines[0] ?? '', /WARNING .* could not write: Error: disk full$/)
  const prefix = new RegExp(
    `^${stamp} ${process.pid} ERROR nova\\.compute\\.manager \\[instance: ${server}\\] `,
  )
  assert.ok(lines.slice(1).every(line => prefix.test(line)))
  assert.ok(lines.some(line => line.endsWith('Error: disk full')))
  assert.ok(lines.some(line => line.endsWith('Error: no space')))
  assert.match(lines.at(-1) ?? '', new RegExp(`${prefix.source}$`))
  assert.doesNotMatch(text(log => log.info('went on', { error }))[0] ?? '', /disk full/)
})

test('a message cannot pretend to be a line of its own', () => {
  const forged = 'name\n2026-01-01 00:00:00.000 1 INFO nova.api [-] all is well\r\n'
  const lines = text(log => log.info(`renamed to ${forged}`))
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /renamed to name\\n2026.*well\\r\\n$/)
})

test('DEBUG lines say where they come from; levels below the lowest are not written', () => {
  assert.match(
    text(log => log.debug('looked'))[0] ?? '',
    /DEBUG .* looked \S+ src\/platform\/journal\/journal\.test\.ts:\d+$/,
  )
  const lines = text(log => {
    log.debug('a')
    log.info('b')
    log.warning('c')
    log.error('d')
  }, 'WARNING')
  assert.equal(lines.length, 2)
})

test('JSON lines have the keys of oslo.log, in its order', () => {
  const [one] = json(log => log.error('failed', { error: new Error('why'), server }))
  assert.deepEqual(Object.keys(one ?? {}), [
    'message',
    'asctime',
    'name',
    'msg',
    'args',
    'levelname',
    'levelno',
    'pathname',
    'filename',
    'module',
    'lineno',
    'funcname',
    'created',
    'msecs',
    'relative_created',
    'thread',
    'thread_name',
    'process_name',
    'process',
    'traceback',
    'hostname',
    'error_summary',
    'context',
    'extra',
  ])
  assert.deepEqual(
    [one?.message, one?.name, one?.levelname, one?.levelno, one?.error_summary, one?.extra],
    ['failed', 'nova.compute.manager', 'ERROR', 40, 'Error: why', { instance: server }],
  )
  assert.match(String(one?.asctime), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  assert.match(String(one?.traceback), /^Error: why\n/)
  const known = one?.context as Record<string, unknown> // an object, as oslo.log has it
  assert.deepEqual(
    [
      known.request_id,
      known.global_request_id,
      known.user_id,
      known.user_name,
      known.auth_token,
      known.roles,
    ],
    [local, null, callers.demo.userId, 'demo', '***', ['member', 'reader']],
  )
  assert.deepEqual(json(log => log.under(null).info('x'))[0]?.context, {})
})

test('a file for each service, appended to; warnings are there at once', async () => {
  const open = () => openLogFiles({ folder, format: 'text', fileLevel: 'INFO', stderrLevel: null })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const first = open()
  first.log('nova-api', 'nova.api').info('one')
  first.log('nova-compute', 'nova.compute').info('two')
  first.log('nova-compute', 'nova.compute').debug('not this')
  await new Promise(resolve => setTimeout(resolve, 50)) // files open by themselves
  first.close()
  const second = open()
  const log = second.log('nova-api', 'nova.api')
  await new Promise(resolve => setTimeout(resolve, 50))
  log.warning('three')
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.match(read('nova-api.log'), / one\n.* three\n$/)
  second.close()
  assert.match(read('nova-compute.log'), /^[^\n]* two\n$/)
})

test('a logger with a level of its own writes more than its service, and what is below it does too', async () => {
  const files = openLogFiles({
    folder,
    format: 'text',
    fileLevel: 'INFO',
    loggerLevels: new Map([['keystoneauth', 'DEBUG']]),
    stderrLevel: null,
  })
  const log = files.log('nova-quiet', 'nova.api')
  await new Promise(resolve => setTimeout(resolve, 50)) // files open by themselves
  log.debug('not this')
  log.named('keystoneauth.session').debug('who called whom', { place: 'call src/client.ts:1' })
  log.named('keystoneauth.session').named('nova.api').debug('nor this')
  log.named('keystoneauthor').debug('nor this')
  files.close()
  assert.match(
    readFileSync(join(folder, 'nova-quiet.log'), 'utf8'),
    /^\S+ \S+ \d+ DEBUG keystoneauth\.session \[-\] who called whom call src\/client\.ts:1\n$/,
  )
})

test('levels of loggers are read from text, and what makes no sense is refused', () => {
  assert.deepEqual(
    [...(readLoggerLevels('keystoneauth=DEBUG, nova.virt=INFO') ?? [])],
    [
      ['keystoneauth', 'DEBUG'],
      ['nova.virt', 'INFO'],
    ],
  )
  assert.equal(readLoggerLevels('')?.size, 0)
  for (const text of ['keystoneauth', '=DEBUG', 'keystoneauth=LOUD'])
    assert.equal(readLoggerLevels(text), null)
})
