// Whose a new volume or snapshot is: the caller's. The cloud's own services make them for owners of servers, who are not
// there any more with a token when it comes to it; they say for whom, and under which id, so that asking twice makes one.
import { newUuid } from '../base/ids.ts'
import type { VolumeCall } from './access.ts'

export interface ForOthers {
  readonly id?: string | null
  readonly project_id?: string | null
  readonly user_id?: string | null
}

export interface Ownership {
  readonly id: string
  /** Undefined for a token without a project. */
  readonly projectId: string | undefined
  readonly userId: string
}

export function ownershipOf({ auth }: VolumeCall, given: ForOthers): Ownership {
  const said = auth.roles.includes('service') ? given : {}
  return {
    id: said.id ?? newUuid(),
    projectId: said.project_id ?? auth.project?.id,
    userId: said.user_id ?? auth.userId,
  }
}
