// Queries of routes that read none of their own: unknown parameters pass, until 2.102 refuses them everywhere.
import { querySchema } from '../../../platform/http/query.ts'
import { perVersion } from './parameters.ts'

/** No parameter is known. */
export const noQuery = perVersion(version =>
  querySchema({}, { others: version.has('strictQueriesEverywhere') ? 'refused' : 'ignored' }),
)
