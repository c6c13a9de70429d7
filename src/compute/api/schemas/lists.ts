// Queries of migrations, instance actions and tenant usage.
import { querySchema } from '../../../platform/http/query.ts'
import { dateTime, limit, perVersion, text } from './parameters.ts'

export const listMigrationsQuery = perVersion(version => {
  const filters = {
    hidden: text,
    host: text,
    instance_uuid: text,
    source_compute: text,
    status: text,
    migration_type: text,
  }
  if (!version.has('migrationPaging')) return querySchema({}, { multi: filters })
  return querySchema(
    {
      limit,
      marker: text,
      'changes-since': dateTime,
      ...(version.has('changesBefore') ? { 'changes-before': dateTime } : {}),
      ...(version.has('migrationOwner') ? { user_id: text, project_id: text } : {}),
    },
    { multi: filters, others: 'refused' },
  )
})

export const listActionsQuery = perVersion(version => {
  if (!version.has('actionPaging')) return querySchema({})
  return querySchema(
    {
      limit,
      marker: text,
      'changes-since': dateTime,
      ...(version.has('changesBefore') ? { 'changes-before': dateTime } : {}),
    },
    { others: 'refused' },
  )
})

export const listUsageQuery = perVersion(version =>
  querySchema(version.has('usagePaging') ? { limit, marker: text } : {}, {
    multi: { start: text, end: text, detailed: text },
    others: version.has('strictQueries') ? 'refused' : 'ignored',
  }),
)

export const showUsageQuery = perVersion(version =>
  querySchema(version.has('usagePaging') ? { limit, marker: text } : {}, {
    multi: { start: text, end: text },
    others: version.has('strictQueries') ? 'refused' : 'ignored',
  }),
)

export const listServerGroupsQuery = perVersion(version =>
  querySchema(
    {},
    {
      multi: { all_projects: text, limit, offset: limit },
      others: version.has('strictQueries') ? 'refused' : 'ignored',
    },
  ),
)

export const listHostsQuery = perVersion(() => querySchema({}, { multi: { zone: text, service: text } }))
