// The trace service of a cloud with the cloud's log files behind it, on a port of its own.

import { systemClock } from '../../src/base/time.ts'
import { createTraceFacts } from '../../src/compute/trace-facts.ts'
import { createTokenChecker } from '../../src/identity/token-checker.ts'
import { startHttpServer } from '../../src/platform/http/server.ts'
import { silentLog } from '../../src/platform/journal/log.ts'
import { createTraceService } from '../../src/trace/service.ts'
import { openLogFiles } from '../../src/tracer/sources/log-files.ts'
import type { Account, TestCloud } from './cloud.ts'
import { type Answer, askHttp } from './one-service.ts'

export interface TraceDoor {
  ask(handle: string, as: Account): Promise<Answer>
  close(): Promise<void>
}

/** With the logs as they are now. */
export async function serveTraces(cloud: TestCloud, logFolder: string): Promise<TraceDoor> {
  const { store, conductor } = cloud.cloud
  const logs = await openLogFiles([logFolder])
  const closing = new AbortController()
  const service = createTraceService({
    tokens: createTokenChecker({ store, clock: systemClock }),
    facts: createTraceFacts({ store, holds: conductor.holds }),
    logs,
    client: {
      call: () => {
        throw new Error('nothing is foreseen here')
      },
    },
    closing: closing.signal,
    origin: () => cloud.origin,
    log: silentLog,
  })
  const server = await startHttpServer({ host: '127.0.0.1', port: 0, services: [service], log: silentLog })
  return {
    ask: async (handle, as) =>
      askHttp(server.origin, 'GET', `/trace/v1/traces/${handle}`, {
        as: null,
        headers: { 'x-auth-token': await cloud.token(as) },
      }),
    async close() {
      closing.abort()
      await server.close(1000)
      await logs.close()
    },
  }
}
