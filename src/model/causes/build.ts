// Why a build was given up, whatever began it, and what the scheduler says as a whole.
import type { CauseRow } from './row.ts'

export const buildCauses = {
  'Schedule.NoHost': {
    sentence: 'No host can take the server.',
    fault: 'capacity',
    remedy:
      'See the placement table for each host; without one, an administrator reads the log of nova-scheduler at DEBUG.',
  },
  'Schedule.NotEnoughHosts': {
    sentence: 'There is room for some servers of the request, not for all.',
    fault: 'capacity',
    remedy: 'Ask for fewer servers at once, or try again when there is room.',
  },
  'Schedule.RetriesExhausted': {
    sentence: 'Every host that was tried failed, and there is none left to try.',
    fault: 'cloud',
    remedy: 'Look at what failed on the hosts that were tried.',
  },
  'Schedule.HostUnknown': {
    sentence: 'The host that was asked for does not exist.',
    fault: 'request',
    remedy: 'Ask for no host, or for one that exists.',
  },
  'Schedule.GroupPolicyOff': {
    sentence: 'The policy of the server group is not switched on in this cloud.',
    fault: 'cloud',
    remedy: 'An administrator enables the filter of that policy, or the group gets another policy.',
  },
  'Schedule.PlacementQuery': {
    sentence: 'The query for hosts could not be made: something it must name is not there.',
    fault: 'cloud',
    remedy:
      'An administrator checks aggregates, routed networks and traits that the request filters ask for.',
  },
  'Build.Aborted': {
    sentence: 'The build was given up, because it would fail on every host.',
    fault: 'cloud',
    remedy: 'Correct what the message names and create the server again.',
  },
  'Build.Rescheduled': {
    sentence: 'The build failed on one host and was tried on another.',
    fault: 'cloud',
    remedy: 'Look at what failed on that host.',
  },
  'Build.ClaimFailed': {
    sentence: 'The host had no room any more when the server arrived.',
    fault: 'capacity',
    remedy:
      'Try again. When it comes back, an administrator compares the host with what placement knows of it.',
  },
  'Build.GroupPolicyViolated': {
    sentence: 'Another member of the server group came to the same host at the same time.',
    fault: 'capacity',
    remedy: 'Try again, or use a soft policy.',
  },
  'Build.Disks': {
    sentence: 'The disks of the machine could not be made ready.',
    fault: 'cloud',
    remedy: 'Try again. An administrator looks at the log of the host.',
  },
  'Build.Timeout': {
    sentence: 'The build took longer than this cloud lets one take.',
    fault: 'cloud',
    remedy: 'Create the server again. An administrator looks for what was slow on the host.',
  },
  'Build.Deleted': {
    sentence: 'The server was deleted while it was being built.',
    fault: 'request',
    remedy: 'Nothing: it was asked for.',
  },
} as const satisfies Readonly<Record<string, CauseRow>>
