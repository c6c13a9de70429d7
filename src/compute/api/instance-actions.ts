// What was asked of a server, and what became of it: actions and their events.
import { fault } from '../../model/errors.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import { tables } from '../../platform/store/store.ts'
import {
  type ActionRow,
  type ActionServer,
  findAction,
  findActionServer,
  listActions,
  listEvents,
} from '../store/instance-actions.ts'
import type { ComputeTables } from '../tables.ts'
import { type ComputeCall, pageLimit, projectOf } from './call.ts'
import { changesOf } from './changes.ts'
import { nextLink } from './links.ts'
import { versionOf } from './negotiate.ts'
import { eventView, listActionView, showActionView } from './views/instance-actions.ts'

/** The server in the path; deleted ones from 2.21 on. Other projects' are not there. */
async function serverInPath(call: ComputeCall): Promise<ActionServer> {
  const id = call.params.server_id! // in the route's path
  const server = await findActionServer(tables<ComputeTables>(call.deps.store), id)
  const isThere = server && (server.deleted === 0 || versionOf(call).has('deletedServerActions'))
  if (!isThere || !(call.auth.isAdmin || server.project_id === projectOf(call)))
    throw fault('ServerNotFound', { server: id })
  return server
}

export const listServerActions = async (call: ComputeCall): Promise<Reply> => {
  const version = versionOf(call)
  const isPaged = version.has('actionPaging')
  const changes = isPaged ? changesOf(call) : {}
  const server = await serverInPath(call)
  call.enforce('os_compute_api:os-instance-actions:list', { projectId: server.project_id })
  const limit = isPaged ? pageLimit(call) : Number.MAX_SAFE_INTEGER
  const page = await listActions(tables<ComputeTables>(call.deps.store), server.id, {
    after: isPaged ? await markerOf(call, server) : undefined,
    limit,
    ...changes,
  })
  const links = isPaged
    ? nextLink(
        call,
        `/servers/${server.id}/os-instance-actions`,
        limit,
        page.map(action => action.request_id),
      )
    : undefined
  const show = listActionView(version)
  return json(200, { instanceActions: page.map(action => show(action)), ...(links && { links }) })
}

async function markerOf(call: ComputeCall, server: ActionServer): Promise<ActionRow | undefined> {
  const marker = call.query.one('marker')
  if (marker === undefined) return undefined
  const found = await findAction(tables<ComputeTables>(call.deps.store), server.id, marker)
  if (!found) throw fault('MarkerNotFound', { marker })
  return found
}

export const showServerAction = async (call: ComputeCall): Promise<Reply> => {
  const version = versionOf(call)
  const server = await serverInPath(call)
  const target = { projectId: server.project_id }
  call.enforce('os_compute_api:os-instance-actions:show', target)
  const db = tables<ComputeTables>(call.deps.store)
  const request = call.params.id! // in the route's path
  const action = await findAction(db, server.id, request)
  if (!action) throw fault('ActionNotFound', { request })
  const events = call.allows('os_compute_api:os-instance-actions:events', target)
  const details = call.allows('os_compute_api:os-instance-actions:events:details', target)
  const ownerDetails = !details && call.allows('faultline:events:owner-details', target)
  const context = { projectId: action.project_id ?? server.project_id }
  const showEvent = eventView(version, { events, details, ownerDetails })
  const shown = (await listEvents(db, action.id)).map(event => showEvent(event, context))
  return json(200, { instanceAction: showActionView(version, { events })(action, shown) })
}
