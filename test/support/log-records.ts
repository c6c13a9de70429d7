// Records of logs as tests write them: only what differs from the ordinary is said.
import type { Access, LogRecord } from '../../src/tracer/record.ts'
import type { Source } from '../../src/tracer/source.ts'
import { heldSource } from '../../src/tracer/sources/held.ts'

/** 2026-11-23T09:30:00Z: what `at` counts from, in ms. */
export const noon = Date.UTC(2026, 10, 23, 9, 30)

/** `req-00000001-…`: the same number, the same id. */
export const idOf = (number: number): string =>
  `req-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`
export const serverId = '2a6513a3-9864-4f44-b27a-8554e4436f0d'

let count = 0

type Given = Partial<Omit<LogRecord, 'access'>> & { readonly access?: Partial<Access> }

/** `at` in ms after `noon`. */
export function record(service: string, at: number, given: Given = {}): LogRecord {
  count += 1
  const { access, ...rest } = given
  return {
    level: 'INFO',
    logger: `${service.replace('-', '.')}.manager`,
    service,
    host: null,
    process: 1,
    globalId: null,
    localId: idOf(1),
    userId: 'user-1',
    projectId: 'project-1',
    serverId: null,
    message: 'said',
    traceback: [],
    place: { file: `${service}.log`, offset: count * 100, length: 100 },
    ...rest,
    at: noon + at,
    access: access
      ? {
          method: 'POST',
          path: '/v2.1/servers',
          status: 202,
          microversion: null,
          durationMs: 10,
          remoteAddress: null,
          ...access,
        }
      : null,
  }
}

/** A caller's line about a service it called. */
export const used = (service: string, at: number, callee: number, given: Given = {}): LogRecord =>
  record(service, at, {
    level: 'DEBUG',
    logger: 'keystoneauth.session',
    message: `POST call to network for http://net:9696/v2.0/ports used request id ${idOf(callee)}`,
    ...given,
  })

/** Records that are searched as log files are: by any text that a record has. */
export const memorySource = (records: readonly LogRecord[]): Source => heldSource('memory', records, [])
