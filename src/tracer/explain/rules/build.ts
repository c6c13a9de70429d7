// Scheduling and building: nova.scheduler, nova.conductor.manager, nova.compute.manager.
import { cause, noHost, type Rule, root, wrapper } from './rule.ts'

export const buildRules: readonly Rule[] = [
  root(
    'Build.GroupPolicyViolated',
    /(?:Anti-a|A)ffinity instance group policy was violated/,
    'Build of instance 5a1e was re-scheduled: Anti-affinity instance group policy was violated.',
  ),
  cause(
    'Build.ClaimFailed',
    /Insufficient compute resources: (?<what>[^\n]{1,300})/,
    'Insufficient compute resources: Free memory 512.00 MB < requested 8192 MB.',
    'the host had no room any more: {what}',
  ),
  cause(
    'Schedule.HostUnknown',
    /No such host - host: (?<host>\S{0,255}) node: /,
    'No valid host was found. No such host - host: compute9 node: None ',
    'there is no host {host}',
  ),
  cause(
    'Schedule.GroupPolicyOff',
    /ServerGroup policy is not supported: [^\n]{1,120}/,
    'ServerGroup policy is not supported: ServerGroupAntiAffinityFilter not configured',
  ),
  cause(
    'Schedule.PlacementQuery',
    /(?:No hosts available for tenant|Aggregates not found for the subnet \S{1,60}|Failed to find aggregate for subnet)/,
    'No valid host was found. No hosts available for tenant',
  ),
  cause(
    'Build.Timeout',
    /Instance build timed out\. Set to error state\./,
    'Instance build timed out. Set to error state.',
    'the build took too long',
  ),
  noHost(
    'Schedule.NotEnoughHosts',
    /(?<have>\d{1,9}) hosts? available but (?<need>\d{1,9}) instances? requested/,
    'There are 1 hosts available but 3 instances requested to build.',
    'there is room for {have} of {need} servers',
  ),
  noHost(
    'Schedule.NoHost',
    /No valid host (?:was )?found/,
    'No valid host was found. There are not enough hosts available.',
    'no host can take it',
  ),
  wrapper(
    'Schedule.RetriesExhausted',
    /Exhausted all hosts available for retrying build failures/,
    'Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance 5a1e.',
    'every host that could be tried failed',
  ),
  wrapper(
    'Schedule.RetriesExhausted',
    /Exceeded max scheduling (?:attempts|retries) (?<count>\d{1,6})/,
    'Exceeded maximum number of retries. Exceeded max scheduling attempts 3 for instance 5a1e. Last exception: boom',
    '{count} attempts failed',
  ),
  wrapper(
    'Schedule.RetriesExhausted',
    /Exceeded maximum number of retries/,
    'nova.exception.MaxRetriesExceeded: Exceeded maximum number of retries.',
    'every host that could be tried failed',
  ),
  wrapper(
    'Build.Disks',
    /Failure prepping block device/,
    'Build of instance 5a1e aborted: Failure prepping block device.',
    'the disks of the machine could not be made ready',
  ),
  wrapper(
    'Build.Aborted',
    /Build of instance \S{1,60} aborted: (?<why>[^\n]{0,300})/,
    'Build of instance 5a1e aborted: it would fail everywhere',
    'the build was given up: {why}',
  ),
  wrapper(
    'Build.Rescheduled',
    /Build of instance \S{1,60} was re-scheduled: (?<why>[^\n]{0,300})/,
    'Build of instance 5a1e was re-scheduled: internal error',
    'the build was sent to another host: {why}',
  ),
  wrapper(
    'Build.Deleted',
    /(?:Instance disappeared (?:before|during) (?:build|scheduling)|was deleted by a concurrent request|Instance disappeared while)/,
    'Instance disappeared before build.',
    'the server was deleted while it was being built',
  ),
]
