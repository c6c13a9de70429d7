// What the trace service reads.
import { querySchema } from '../platform/http/query.ts'

const named = { type: 'string', minLength: 1, maxLength: 255 }

/** `server`: which one, where a request made several. */
export const traceQuery = querySchema({ server: named }, { others: 'refused' })

export const requestsQuery = querySchema(
  {
    user: named,
    project: named,
    server: named,
    outcome: { type: 'string', enum: ['failed', 'running', 'succeeded'] },
    cause: named,
    since: named,
    before: named,
    limit: { type: 'string', pattern: '^[1-9][0-9]{0,8}$' },
    marker: named,
  },
  { others: 'refused' },
)

/** What it all means is checked by compute, as for a create. */
export const placementQuery = querySchema(
  { flavor: named, image: named, zone: { type: 'string' }, host: named },
  { multi: { hint: { type: 'string' } }, others: 'refused' },
)

/** A create's body, of whatever microversion: compute reads it. */
export const serversBody = {
  type: 'object',
  properties: { server: { type: 'object' } },
  required: ['server'],
}
