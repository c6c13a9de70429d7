// Logs as tests write them, read as any log is and traced: a line is `service LEVEL logger | message`, at one-second
// steps; lines that begin with `>` are the traceback of the line before.
import assert from 'node:assert/strict'
import type { Trace } from '../../src/model/trace.ts'
import { RecordReader } from '../../src/tracer/parse/reader.ts'
import type { LogRecord } from '../../src/tracer/record.ts'
import type { Coverage } from '../../src/tracer/source.ts'
import { traceHandle } from '../../src/tracer/trace.ts'
import { idOf, memorySource, noon, serverId } from './log-records.ts'

const ids = (id: string) => `[None ${id} user-1 project-1 - - default default]`
const stamp = (at: number) => new Date(at).toISOString().slice(0, 23).replace('T', ' ')

/** Every service has its own file, and every file is read line by line. */
export function readLog(log: string, start: number = noon): LogRecord[] {
  const readers = new Map<string, RecordReader>()
  const records: LogRecord[] = []
  let at = start
  let last = { service: '', logger: '' }
  const push = (service: string, line: string): void => {
    const reader = readers.get(service) ?? new RecordReader({ file: `${service}.log` })
    readers.set(service, reader)
    records.push(...reader.push(line, at, line.length))
  }
  for (const line of log.split('\n').map(part => part.trim())) {
    if (line === '') continue
    if (line.startsWith('>')) {
      push(last.service, `${stamp(at)} 7 ERROR ${last.logger} [instance: ${serverId}] ${line.slice(2)}`)
      continue
    }
    const [, service = '', level, logger = '', message = ''] =
      /^(\S+) ([A-Z]+) (\S+) \| ?(.*)$/.exec(line) ?? assert.fail(`no line: ${line}`)
    at += 1000
    last = { service, logger }
    const about = /^nova-(?:compute|conductor)/.test(service) ? `[instance: ${serverId}] ` : ''
    push(service, `${stamp(at)} 7 ${level} ${logger} ${ids(idOf(1))} ${about}${message}`)
  }
  for (const reader of readers.values()) records.push(...reader.end())
  return records
}

/** `POST /v2.1/servers 202`, as nova-api's request line says it. */
export const asked = (request: string): string => {
  const [method, path, status] = request.split(' ')
  return `nova-api INFO nova.api.openstack.requestlog | 10.0.0.1 "${method} ${path}" status: ${status} len: 0 microversion: 2.90 time: 0.1`
}

export const created = asked('POST /v2.1/servers 202')
export const acted = asked(`POST /v2.1/servers/${serverId}/action 202`)

export async function told(log: string, coverage: readonly Coverage[] = []): Promise<Trace> {
  const source = { ...memorySource(readLog(log)), coverage: () => coverage }
  const trace = await traceHandle(idOf(1), [source])
  assert.ok(trace, 'the request is known')
  return trace
}
