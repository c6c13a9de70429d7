// How the trace service answers.

import type { Fault } from '../model/errors.ts'
import type { Summary } from '../model/trace.ts'
import type { KnownRequest, TraceViewer } from '../model/trace-facts.ts'
import type { Call } from '../platform/http/call.ts'
import type { Reply } from '../platform/http/types.ts'

export const versionView = (origin: string) => ({
  versions: [{ id: 'v1', status: 'CURRENT', links: [{ rel: 'self', href: `${origin}/trace/v1` }] }],
})

export const summaryView = (known: KnownRequest, viewer: TraceViewer): Summary => ({
  requestId: known.requestId,
  globalId: known.globalId,
  at: new Date(known.startedAt).toISOString(),
  what: whatOf(known),
  outcome: known.outcome,
  cause: known.cause,
  serverId: known.serverId,
  // Who acted on the owner's server from another project is not told.
  ...(viewer.isAdmin || known.projectId === viewer.projectId
    ? { userId: known.userId, projectId: known.projectId }
    : { userId: null, projectId: null }),
  sentence: sentenceOf(known),
})

export const whatOf = ({ action, serverName }: KnownRequest): string => `${action} ${serverName}`

function sentenceOf(known: KnownRequest): string {
  const what = whatOf(known)
  switch (known.outcome) {
    case 'succeeded':
      return `${what} succeeded.`
    case 'running':
      return `${what} is running.`
    case 'lost':
      return `${what} was accepted and nobody is at work on it.`
    default:
      return known.reason === null ? `${what} failed.` : `${what} failed: ${known.reason}`
  }
}

const faultKeys: Readonly<Record<number, string>> = {
  400: 'badRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'itemNotFound',
  409: 'conflictingRequest',
  413: 'overLimit',
  415: 'badMediaType',
  501: 'notImplemented',
  503: 'serviceUnavailable',
}

/** A refusal in the form Nova's clients read. */
export const refusalView = (status: number, message: string): Reply => ({
  status,
  json: { [faultKeys[status] ?? 'computeFault']: { code: status, message } },
})

export const renderTraceFault = ({ status, message }: Fault, _call: Call<unknown>): Reply =>
  refusalView(status, message)
