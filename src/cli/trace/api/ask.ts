// A cloud that has no trace service: what its compute API tells of a request, os-instance-actions. That is every real
// OpenStack. What an API cannot tell is said as gaps.
import { isRequestId, isUuidLike } from '../../../base/ids.ts'
import type { Summary, Trace } from '../../../model/trace.ts'
import { CliError } from '../../errors.ts'
import { find } from '../../find.ts'
import { type Item, itemOf, textOf } from '../../item.ts'
import type { Call } from '../../row.ts'
import { summaryOf, traceOf } from './build.ts'

/** An id of a request names no server: so many of the servers that changed last are asked for it. */
const serversAsked = 100
const serversListed = 20

export async function fromInstanceActions(call: Call, handle: string): Promise<Trace | null> {
  const found =
    handle === 'last' || handle === 'last-failed'
      ? (await newest(call)).find(({ action }) => handle === 'last' || action.message === 'Error')
      : isRequestId(handle)
        ? await byRequest(call, handle)
        : await byServer(call, handle)
  if (!found) return null
  const { server } = found
  const serverId = textOf(server, 'id')
  const action = await actionOf(call, serverId, textOf(found.action, 'request_id'))
  return action && traceOf(handle, server, action)
}

export async function recentActions(call: Call, limit: number): Promise<readonly Summary[]> {
  const found = (await newest(call)).slice(0, limit)
  // The list has no events, and without them nobody knows how it ended.
  const whole = found.map(({ server, action }) =>
    actionOf(call, textOf(server, 'id'), textOf(action, 'request_id')),
  )
  const actions = await Promise.all(whole)
  return found.map(({ server, action }, at) => summaryOf(server, actions[at] ?? action))
}

interface Found {
  readonly server: Item
  readonly action: Item
}

const actionsPath = (serverId: string) => `/servers/${encodeURIComponent(serverId)}/os-instance-actions`

async function actionOf(call: Call, serverId: string, requestId: string): Promise<Item | null> {
  const path = `${actionsPath(serverId)}/${encodeURIComponent(requestId)}`
  const reply = await call.cloud.compute.request('GET', path, { allow: [404] })
  return reply.status === 404 ? null : itemOf(reply.body, 'instanceAction')
}

/** The servers whose state changed last, newest first. */
async function recentServers(call: Call, limit: number): Promise<readonly Item[]> {
  const servers = await call.cloud.compute.list('/servers/detail', 'servers', 1000)
  return [...servers].sort((a, b) => textOf(b, 'updated').localeCompare(textOf(a, 'updated'))).slice(0, limit)
}

async function newest(call: Call): Promise<readonly Found[]> {
  const found: Found[] = []
  for (const server of await recentServers(call, serversListed)) {
    const actions = await call.cloud.compute.list(actionsPath(textOf(server, 'id')), 'instanceActions')
    found.push(...actions.map(action => ({ server, action })))
  }
  return found.sort((a, b) => textOf(b.action, 'start_time').localeCompare(textOf(a.action, 'start_time')))
}

async function byRequest(call: Call, requestId: string): Promise<Found | undefined> {
  for (const server of await recentServers(call, serversAsked)) {
    const action = await actionOf(call, textOf(server, 'id'), requestId)
    if (action) return { server, action }
  }
  return undefined
}

async function byServer(call: Call, reference: string): Promise<Found | undefined> {
  const server = await serverNamed(call, reference)
  if (!server) return undefined
  const path = actionsPath(textOf(server, 'id'))
  const reply = await call.cloud.compute.request('GET', path, { allow: [404] })
  if (reply.status === 404) return undefined
  const actions = await call.cloud.compute.list(path, 'instanceActions')
  const [action] = [...actions].sort((a, b) => textOf(b, 'start_time').localeCompare(textOf(a, 'start_time')))
  return action && { server, action }
}

/** A deleted server is found no more, but its actions are there under its id. */
async function serverNamed(call: Call, reference: string): Promise<Item | undefined> {
  try {
    return await find(call.cloud, 'server', reference)
  } catch (error) {
    if (!(error instanceof CliError) || error.message.startsWith('More than one')) throw error
    return isUuidLike(reference) ? { id: reference } : undefined
  }
}
