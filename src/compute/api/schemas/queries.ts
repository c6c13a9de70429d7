// Queries of routes that read none of their own: unknown parameters pass, until 2.102 refuses them everywhere.
import { querySchema } from '../../../platform/http/query.ts'
import { limit, perVersion } from './parameters.ts'

/** No parameter is known. */
export const noQuery = perVersion(version =>
  querySchema({}, { others: version.has('strictQueriesEverywhere') ? 'refused' : 'ignored' }),
)

/** Pages of lists that are counted, not marked: `limit` and `offset` (other parameters are refused from 2.75). */
export const pageQuery = perVersion(version =>
  querySchema(
    {},
    { multi: { limit, offset: limit }, others: version.has('strictQueries') ? 'refused' : 'ignored' },
  ),
)

/** Younger than the rule that strange parameters are refused. */
export const topologyQuery = querySchema({}, { others: 'refused' })
