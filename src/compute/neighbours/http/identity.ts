// Identity as compute uses it, beside tokens: does a project exist?
import { Unreachable } from '../../../platform/http/client.ts'
import type { IdentityNeighbour } from '../neighbours.ts'
import type { Session } from './session.ts'

export const identityNeighbour = (session: Session): IdentityNeighbour => ({
  async projectExists(on, projectId) {
    try {
      const reply = await session.call(on, 'identity', {
        method: 'GET',
        path: `/projects/${encodeURIComponent(projectId)}`,
      })
      // As Nova: only a clear "no such project" counts; identity being away must not stop quota changes.
      return reply.status !== 404
    } catch (error) {
      if (error instanceof Unreachable) return true
      throw error
    }
  },
})
