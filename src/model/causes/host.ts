// Hosts, messages to them, and operations that nobody ends.
import type { CauseRow } from './row.ts'

export const hostServiceCauses = {
  'Rpc.Timeout': {
    sentence: 'A service did not answer a message in time.',
    fault: 'cloud',
    remedy:
      'Look at the state of the server before asking again: the work may still be going on. An administrator looks at the service that did not answer, and at the message queue.',
  },
  'Rpc.BrokerUnreachable': {
    sentence: 'The message queue cannot be reached.',
    fault: 'cloud',
    remedy: 'Try again later. An administrator looks at RabbitMQ and at the way to it.',
  },
  'Rpc.Undeliverable': {
    sentence: 'A message came to nobody.',
    fault: 'cloud',
    remedy: 'An administrator looks at the queues, and at the service that should read them.',
  },
  'Host.Down': {
    sentence: 'The compute service of the host is down.',
    fault: 'cloud',
    remedy: 'An administrator brings the compute service up again, or evacuates the host.',
  },
  'Host.Unreachable': {
    sentence: 'The host of the server does not answer.',
    fault: 'cloud',
    remedy: 'Try again later. An administrator looks at the compute service of the host.',
  },
  'Host.Unknown': {
    sentence: 'The host does not exist.',
    fault: 'request',
    remedy: 'Name a host that exists.',
  },
  'Host.StillUp': {
    sentence: 'The host is up, and only servers of a host that is down can be evacuated.',
    fault: 'request',
    remedy: 'Migrate the server, or fence the host first.',
  },
  'Host.TooOld': {
    sentence: 'The compute service of the host is too old for this.',
    fault: 'cloud',
    remedy: 'An administrator upgrades the compute service.',
  },
  'Operation.Lost': {
    sentence: 'The request was accepted, and nothing was done for it.',
    fault: 'cloud',
    remedy:
      'Look at the state of the server, then ask again. An administrator looks at the message queue and at the service that should have taken the work.',
  },
  'Operation.Interrupted': {
    sentence: 'The process that did the work stopped in the middle.',
    fault: 'cloud',
    remedy: 'Nothing, when it was taken up again; otherwise ask again.',
  },
  'Operation.Superseded': {
    sentence: 'The server was deleted before the action was done.',
    fault: 'request',
    remedy: 'Nothing: it was asked for.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
