// Requests that were refused at once leave no action: they are told by the logs alone, by their request line.

import { limits } from '../model/limits.ts'
import type { Summary } from '../model/trace.ts'
import type { TraceViewer } from '../model/trace-facts.ts'
import type { LogRecord } from '../tracer/record.ts'
import type { Source } from '../tracer/source.ts'

/** Newest first, as far as the viewer may see them: administrators all, others those of their project. */
export async function recentRefusals(logs: Source | null, viewer: TraceViewer): Promise<readonly Summary[]> {
  if (logs === null) return []
  const records = await logs.recent(limits.traceRecentMax)
  return records.filter(record => isTheirs(record, viewer)).flatMap(summaryOf)
}

const isTheirs = ({ projectId }: LogRecord, viewer: TraceViewer): boolean =>
  viewer.isAdmin || (projectId !== null && projectId === viewer.projectId)

function summaryOf({
  access,
  localId,
  globalId,
  at,
  userId,
  projectId,
  serverId,
  service,
}: LogRecord): Summary[] {
  // Others than the compute API are asked in the course of a request, and their refusals belong to it.
  if (access === null || access.status < 400 || localId === null || service !== 'nova-api') return []
  // Clients look servers up by name with a GET that finds nothing; that is no failure anybody asks about.
  if (access.method === 'GET' && access.status < 500) return []
  const what = `${access.method} ${access.path.split('?', 1)[0]}`
  return [
    {
      requestId: localId,
      globalId,
      at: at === null ? null : new Date(at).toISOString(),
      what,
      outcome: 'failed',
      cause: null,
      serverId,
      userId,
      projectId,
      sentence: `${what} was refused with ${access.status}.`,
    },
  ]
}
