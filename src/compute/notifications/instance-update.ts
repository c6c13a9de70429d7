// `instance.update`: states, names and tags as they change.
import type { TaskState, VmState } from '../../model/server-states.ts'
import type { LogContext } from '../../platform/journal/log.ts'
import type { ServerRow } from '../store/servers.ts'
import { type NovaObject, payload } from './encode.ts'
import { type AuditPeriod, auditPeriodPayload, instanceData, type ServerFacts } from './instance.ts'
import type { ServerExtra } from './instance-actions.ts'

/** What changed. What is left out is as the row says. */
export interface ServerChange extends Pick<ServerExtra, 'tags' | 'blockDevices'> {
  readonly oldState?: VmState
  readonly newState?: VmState
  readonly oldTask?: TaskState | null
  readonly newTask?: TaskState | null
  /** The name it had, when that changed. */
  readonly oldName?: string
}

/** States before and after. Nova takes a task of None for "not told" and puts the present one there. */
export const statesOf = (row: ServerRow, change: ServerChange) => ({
  old_state: change.oldState ?? row.vm_state,
  state: change.newState ?? row.vm_state,
  old_task_state: change.oldTask ?? row.task_state,
  new_task_state: change.newTask ?? row.task_state,
})

export const updatePayload = (
  facts: ServerFacts,
  context: LogContext,
  change: ServerChange,
  period: AuditPeriod,
): NovaObject =>
  payload('InstanceUpdatePayload', {
    ...instanceData(facts, context, change),
    state_update: payload('InstanceStateUpdatePayload', statesOf(facts.row, change)),
    audit_period: auditPeriodPayload(period),
    old_display_name: change.oldName ?? null,
    tags: change.tags ?? [],
  })
