// What may be asked of consoles: the protocols and types of model/consoles.ts a version knows.
import { consoles } from '../../../model/consoles.ts'
import { querySchema } from '../../../platform/http/query.ts'
import { object, perVersion, rooted } from './parameters.ts'

export const remoteConsoleBody = perVersion(version => {
  const known = consoles.filter(row => version.has(row.since))
  const one = (values: readonly string[]) => ({ type: 'string', enum: [...new Set(values)] })
  return rooted(
    'remote_console',
    object(
      {
        protocol: one(known.map(({ protocol }) => protocol)),
        type: one(known.map(({ type }) => type)),
      },
      ['protocol', 'type'],
    ),
  )
})

/** The value of an action of old that asks for a console of one of these types. */
export const consoleOfType = (...types: readonly string[]): object =>
  object({ type: { type: 'string', enum: types } }, ['type'])

export const consoleTokenQuery = perVersion(version =>
  querySchema({}, { others: version.has('spiceDirect') ? 'refused' : 'ignored' }),
)
