// What the state of a server does not allow.
import type { CauseRow } from './row.ts'

export const stateCauses = {
  'State.Locked': {
    sentence: 'The server is locked.',
    fault: 'request',
    remedy: 'Unlock it first, or ask an administrator.',
  },
  'State.Wrong': {
    sentence: 'The server is in a state in which this is not allowed.',
    fault: 'request',
    remedy: 'Wait until it has left that state, or bring it into another.',
  },
  'State.NotReady': {
    sentence: 'The server is on no host yet.',
    fault: 'request',
    remedy: 'Wait until it has been built.',
  },
  'State.Changed': {
    sentence: 'Another action changed the server at the same time.',
    fault: 'request',
    remedy: 'Look at the state of the server and ask again.',
  },
  'State.BeingDeleted': {
    sentence: 'The server was being deleted.',
    fault: 'request',
    remedy: 'Nothing: it was asked for.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
