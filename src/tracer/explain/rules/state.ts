// What the state of a server does not allow: nova.exception.
import { cause, type Rule, wrapper } from './rule.ts'

export const stateRules: readonly Rule[] = [
  cause(
    'State.Locked',
    /Instance (?<server>\S{1,60}) is locked/,
    'Instance 2a65 is locked',
    'server {server} is locked',
  ),
  cause(
    'State.NotReady',
    /Instance (?<server>\S{1,60}) is not ready|InstanceNotReady/,
    'Instance 2a65 is not ready',
    'server {server} is on no host yet',
  ),
  cause(
    'State.Wrong',
    /Cannot '(?<action>[^'\n]{1,60})' instance (?<server>\S{1,60}) while it is in (?<attribute>\w{1,30}) (?<value>\S{1,60})/,
    "Cannot 'confirmResize' instance 2a65 while it is in vm_state active",
    "'{action}' is not allowed while {attribute} is {value}",
  ),
  cause(
    'State.Wrong',
    /Instance (?<server>\S{1,60}) is in an invalid state for '(?<action>[^'\n]{1,60})'/,
    "Instance 2a65 is in an invalid state for 'resize'",
    "the state of the server does not allow '{action}'",
  ),
  cause(
    'State.Wrong',
    /Instance \S{1,60} in (?<attribute>\w{1,30}) (?<value>\S{1,60})\. Cannot (?<action>\S{1,60}) while the instance is in this state|InstanceInvalidState/,
    'Instance 2a65 in vm_state error. Cannot stop while the instance is in this state.',
    "'{action}' is not allowed while {attribute} is {value}",
  ),
  cause(
    'State.BeingDeleted',
    /UnexpectedDeletingTaskStateError|Actual: \{'task_state': u?'deleting'|Instance was deleted|Instance disappeared during terminate/,
    "Conflict updating instance 2a65. Expected: {'task_state': ['spawning']}. Actual: {'task_state': 'deleting'}",
    'the server was being deleted',
  ),
  cause(
    'State.Changed',
    /Conflict updating instance (?<server>\S{1,60})\. Expected: (?<expected>[^\n]{1,120})|UnexpectedTaskStateError|UnexpectedVMStateError|InstanceUpdateConflict/,
    "Conflict updating instance 2a65. Expected: {'task_state': [None]}. Actual: {'task_state': 'resize_prep'}",
    'another action changed the server: expected {expected}',
  ),
  wrapper(
    'State.BeingDeleted',
    /ends: the server is being deleted/,
    'create ends: the server is being deleted',
    'the server was being deleted',
  ),
]
