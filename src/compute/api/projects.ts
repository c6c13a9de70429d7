// Projects belong to identity; some routes ask it whether one is there.
import type { ComputeCall } from './call.ts'

/** True when identity knows the project (or cannot be asked). */
export const projectExists = (call: ComputeCall, projectId: string): Promise<boolean> =>
  call.deps.neighbours.identity.projectExists({ ids: call, log: call.log }, projectId)
