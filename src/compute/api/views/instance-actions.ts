// How instance actions and their events look, by microversion and by what the caller may see (facts: faults.md §7).
import { isoMicros } from '../../../base/time.ts'
import type { ActionRow, EventRow } from '../../store/instance-actions.ts'
import { compileView, type ViewRow } from './compile.ts'
import { hostIdOf } from './server.ts'

const timeOrNull = (at: number | null) => (at === null ? null : isoMicros(at))

const common = [
  { key: 'action', value: action => action.action },
  { key: 'instance_uuid', value: action => action.server_id },
  { key: 'request_id', value: action => action.request_id },
  { key: 'user_id', value: action => action.user_id },
  { key: 'project_id', value: action => action.project_id },
  { key: 'start_time', value: action => isoMicros(action.start_time) },
  { key: 'message', value: action => action.message },
  { key: 'updated_at', since: 'actionPaging', value: action => isoMicros(action.updated_at) },
] as const satisfies readonly ViewRow<ActionRow, never>[]

export const listActionView = compileView<ActionRow>(common)

/** The context is the list of events, already shown. Up to 2.50 only holders of the events policy get them. */
export const showActionView = compileView<ActionRow, readonly object[], 'events'>([
  ...common,
  { key: 'events', until: 'actionEvents', policy: 'events', value: (_action, events) => events },
  { key: 'events', since: 'actionEvents', value: (_action, events) => events },
])

export interface EventContext {
  /** The action's project, or the server's when nobody's request started it. */
  readonly projectId: string
}

/**
 * `events`: tracebacks and host names. `details`: the administrator's text; `ownerDetails`: the same reason without
 * host names, for those who may not see the former.
 */
export const eventView = compileView<EventRow, EventContext, 'events' | 'details' | 'ownerDetails'>([
  { key: 'event', value: event => event.event },
  { key: 'start_time', value: event => isoMicros(event.start_time) },
  { key: 'finish_time', value: event => timeOrNull(event.finish_time) },
  { key: 'result', value: event => event.result },
  { key: 'traceback', policy: 'events', value: event => event.traceback },
  { key: 'hostId', since: 'eventHost', value: (event, { projectId }) => hostIdOf(projectId, event.host) },
  { key: 'host', since: 'eventHost', policy: 'events', value: event => event.host },
  { key: 'details', since: 'eventDetails', policy: 'details', value: event => event.details },
  { key: 'details', since: 'eventDetails', policy: 'ownerDetails', value: event => event.owner_details },
])
