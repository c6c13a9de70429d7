// Databases, placement, and services as such.
import type { CauseRow } from './row.ts'

export const platformCauses = {
  'Database.Unreachable': {
    sentence: 'The database cannot be reached, or dropped the connection.',
    fault: 'cloud',
    remedy: 'Try again later. An administrator looks at the database.',
  },
  'Database.Deadlock': {
    sentence: 'The database ended a transaction because of a deadlock.',
    fault: 'cloud',
    remedy: 'Try again. When it comes back, an administrator looks at the load of the database.',
  },
  'Database.Busy': {
    sentence: 'No connection to the database came free in time.',
    fault: 'cloud',
    remedy: 'Try again later. An administrator gives the services more connections.',
  },
  'Database.Schema': {
    sentence: 'The database is not of the version the service needs.',
    fault: 'cloud',
    remedy: 'An administrator runs the migrations of the database.',
  },
  'Database.Error': {
    sentence: 'The database refused a statement.',
    fault: 'bug',
    remedy: 'An administrator looks at the traceback and reports it.',
  },
  'Placement.Conflict': {
    sentence: 'The allocations changed while they were being written, too often.',
    fault: 'cloud',
    remedy: 'Try again. When it comes back, an administrator looks at what else writes to that host.',
  },
  'Placement.NoRoom': {
    sentence: 'Placement gave the room away to another server.',
    fault: 'capacity',
    remedy: 'Try again, or choose a smaller flavor.',
  },
  'Placement.Unreachable': {
    sentence: 'Placement does not answer.',
    fault: 'cloud',
    remedy: 'An administrator looks at placement and at its address in the configuration.',
  },
  'Placement.ProviderUnknown': {
    sentence: 'Placement does not know the host.',
    fault: 'cloud',
    remedy: 'An administrator looks at the compute service of the host: it reports its resources there.',
  },
  'Placement.Failed': {
    sentence: 'Placement refused or failed.',
    fault: 'cloud',
    remedy: 'An administrator looks at the log of placement.',
  },
  'Service.Unavailable': {
    sentence: 'The service cannot answer now.',
    fault: 'cloud',
    remedy: 'Try again later.',
  },
  'Service.Unreachable': {
    sentence: 'A service does not answer another.',
    fault: 'cloud',
    remedy: 'An administrator looks at the service, and at its address in the configuration.',
  },
  'Service.Gateway': {
    sentence: 'The proxy in front of the service got no answer from it.',
    fault: 'cloud',
    remedy:
      'Look at what became of the request before asking again. An administrator looks at the service behind the proxy.',
  },
  'Bug.Unexpected': {
    sentence: 'The service failed in a way nobody expected.',
    fault: 'bug',
    remedy: 'An administrator looks at the traceback and reports it.',
  },
  'Bug.Remote': {
    sentence: 'A service failed while it worked for another, in a way nobody expected.',
    fault: 'bug',
    remedy: 'An administrator looks at the traceback of the service that failed.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
