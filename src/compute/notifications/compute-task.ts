// ComputeTaskPayload 1.0: the conductor gave up on building, moving or rebuilding a server.
import type { VmState } from '../../model/server-states.ts'
import { type NovaObject, payload } from './encode.ts'
import { exceptionPayload, printedException } from './exception.ts'
import {
  legacyInstanceProperties,
  legacyRequestSpec,
  type RequestFacts,
  requestSpecPayload,
} from './request-spec.ts'

export type TaskMethod = 'build_instances' | 'migrate_server' | 'rebuild_server'

export interface TaskFailure {
  readonly request: RequestFacts
  /** vm_state the server is left in. */
  readonly state: VmState
  readonly error: unknown
}

export const computeTaskPayload = ({ request, state, error }: TaskFailure): NovaObject =>
  payload('ComputeTaskPayload', {
    instance_uuid: request.serverId,
    request_spec: requestSpecPayload(request),
    state,
    reason: exceptionPayload(error),
  })

/** nova/scheduler/utils.py, set_vm_state_and_notify. */
export const legacyComputeTask = (method: TaskMethod, { request, state, error }: TaskFailure): object => ({
  request_spec: legacyRequestSpec(request),
  instance_properties: legacyInstanceProperties(request),
  instance_id: request.serverId,
  state,
  method,
  reason: printedException(error),
})
