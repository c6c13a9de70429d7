// Hosts and messages to them: oslo.messaging, nova.servicegroup, nova.exception.
import { cause, type Rule, root, wrapper } from './rule.ts'

export const hostRules: readonly Rule[] = [
  root(
    'Rpc.BrokerUnreachable',
    /(?:AMQP server on (?<broker>\S{1,255}) is unreachable|Unable to connect to AMQP server|Connection to (?:AMQP|broker|RabbitMQ)[^\n]{0,60}(?:failed|lost|refused)|kombu\.exceptions\.OperationalError|MessageDeliveryFailure)/i,
    'AMQP server on controller:5672 is unreachable: [Errno 111] ECONNREFUSED. Trying again in 1 seconds.',
    'the message queue cannot be reached',
  ),
  cause(
    'Rpc.Undeliverable',
    /(?:NO_ROUTE|The exchange \S{1,120} (?:to send to|doesn't exist)|Exchange not found|The reply \S{1,80} failed to send|exchange to reply to reply_\S{1,80} doesn't exist|No such queue|NOT_FOUND - no (?:exchange|queue))[^\n]{0,160}/i,
    'The reply 4b7c failed to send after 60 seconds due to a missing queue (reply_5f). Abandoning...',
    'a message came to nobody',
  ),
  cause(
    'Rpc.Timeout',
    /Timed out waiting for a reply to message ID (?<message>[0-9a-f]{1,60})|MessagingTimeout|Timeout while waiting on RPC response - topic: "?(?<topic>[^"\s]{1,120})|No reply on topic/,
    'oslo_messaging.exceptions.MessagingTimeout: Timed out waiting for a reply to message ID 2f7e1b',
    'a service did not answer a message in time',
  ),
  cause(
    'Host.Down',
    /Compute service of (?<host>\S{1,255}) is unavailable at this time|ComputeServiceUnavailable/,
    'Compute service of compute1 is unavailable at this time.',
    'the compute service of {host} is down',
  ),
  cause(
    'Host.Down',
    /(?:Service is unavailable at this time|Compute host (?<host>\S{1,255}) (?:is|seems to be) down)/,
    'Service is unavailable at this time.',
    'the compute service of the host is down',
  ),
  cause(
    'Host.StillUp',
    /Compute service of (?<host>\S{1,255}) is still in use|ComputeServiceInUse/,
    'Compute service of compute1 is still in use.',
    '{host} is up',
  ),
  cause(
    'Host.Unreachable',
    /The server's host does not answer|HostUnreachable|host \S{1,255} does not answer/,
    "The server's host does not answer.",
    'the host of the server does not answer',
  ),
  cause(
    'Host.Unknown',
    /Compute host (?<host>\S{1,255}) (?:could not be|not) found|Host '?(?<other>[^'\s]{1,255})'? (?:could not be found|is not mapped)|ComputeHostNotFound|HostMappingNotFound/,
    'Compute host compute9 could not be found.',
    'there is no host {host}{other}',
  ),
  cause(
    'Host.TooOld',
    /(?:is not new enough|is too old|Incompatible object version|UnsupportedRPCVersion|Endpoint does not support RPC version|Specified RPC version, \S{1,20}, not supported|old computes?|compute service version|minimum version)[^\n]{0,160}/i,
    'Endpoint does not support RPC version 5.13. Attempted method: build_and_run_instance',
    'a compute service is too old',
  ),
  wrapper(
    'Operation.Interrupted',
    /^Found [^\n]{1,120}(?:after a restart|after the database failed)[^\n]{0,120}/,
    'Found create unfinished at step build after a restart; it is taken up again there.',
  ),
  wrapper(
    'Operation.Interrupted',
    /(?:Service started deleting the instance during the previous run|Instance spawn was interrupted before instance_claim|Instance build was interrupted|Instance in transitional state (?<state>\S{1,40}) at start-up|interrupted by (?:a )?(?:service )?restart|During the startup|interrupted while it was being undone)/,
    'Instance in transitional state spawning at start-up clearing task state',
    'the service was restarted in the middle',
  ),
]
