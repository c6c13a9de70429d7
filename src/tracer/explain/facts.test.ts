// Verdicts from what a cloud's own database knows: actions, events, operations, faults, placement.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idOf, serverId } from '../../../test/support/log-records.ts'
import type { TraceEvent } from '../../model/trace.ts'
import type { Facts } from '../../model/trace-facts.ts'
import { explain } from './explain.ts'
import { refusalOf } from './placement/host-lines.ts'

const event = (
  name: string,
  result: TraceEvent['result'],
  details: string | null = null,
  attempt = 1,
): TraceEvent => ({
  name,
  result,
  details,
  attempt,
  startedAt: '2026-11-23T09:30:00.000Z',
  finishedAt: result === null ? null : '2026-11-23T09:30:01.000Z',
  host: null,
  traceback: [],
  waitsFor: null,
})

interface Known {
  readonly action?: string
  readonly events?: readonly TraceEvent[]
  readonly operation?: Facts['operation']
  readonly placement?: Facts['placement']
  readonly fault?: Facts['fault']
}

const verdictOf = ({
  action = 'create',
  events = [],
  operation = null,
  placement = [],
  fault = null,
}: Known) =>
  explain({
    requestId: idOf(1),
    serverId,
    calls: [],
    records: [],
    facts: {
      server: { id: serverId, name: 'vm1', status: null },
      action: {
        name: action,
        requestId: idOf(1),
        serverId,
        userId: null,
        projectId: null,
        startedAt: null,
        finishedAt: null,
        message: null,
        events,
      },
      placement,
      operation,
      fault,
    },
  }).verdict

const ended = (state: 'done' | 'failed' | 'superseded' | 'undoing', step: string | null = null) => ({
  state,
  step,
  isHeld: false,
})
const sameHost = refusalOf(
  'IgnoredHosts',
  'NoHost.SameHost',
  "is the server's current host and resize to the same host is off",
)
const noHost = 'No valid host was found. No valid host found for resize'

test('a resize without a host is told by the placement table, and names no host', () => {
  const verdict = verdictOf({
    action: 'resize',
    events: [event('conductor_migrate_server', 'Error', noHost), event('cold_migrate', 'Error', noHost)],
    operation: ended('failed', 'choose'),
    placement: [
      {
        attempt: 1,
        at: null,
        hostsTotal: 1,
        hosts: [{ host: 'host-1', isChosen: false, first: sameHost, all: [sameHost] }],
        counts: [],
        sum: '',
      },
    ],
  })
  assert.equal(
    verdict.sentence,
    "resize of vm1 failed at cold_migrate: no host can take it: 1 of 1 hosts is the server's current host and resize to the same host is off",
  )
  assert.deepEqual([verdict.cause?.code, verdict.isOver], ['NoHost.SameHost', true])
})

test('where the table is not kept, the details of the event say the sum', () => {
  const { cause } = verdictOf({
    action: 'resize',
    events: [event('cold_migrate', 'Error', `${noHost}: 0 of 2 hosts can take it: 2 are disabled`)],
    operation: ended('failed'),
  })
  assert.deepEqual(
    [cause?.code, cause?.found],
    ['NoHost.Disabled', 'no host can take it: 2 of 2 hosts are disabled'],
  )
})

const build = 'compute__do_build_and_run_instance'

test('attempts that failed and one that succeeded are a success', () => {
  const verdict = verdictOf({
    events: [event(build, 'Error', 'LibvirtError'), event(build, 'Success', null, 2)],
    operation: ended('done'),
  })
  assert.deepEqual([verdict.outcome, verdict.sentence], ['succeeded', 'create of vm1 succeeded'])
  assert.deepEqual(
    verdict.also.map(({ code }) => code),
    ['Driver.Failed'],
  )
})

test('exhausted retries are told by what the hosts said', () => {
  const verdict = verdictOf({
    events: [
      event(build, 'Error', 'Binding failed for port, please check neutron logs for more information.'),
    ],
    operation: ended('failed', 'build'),
    fault: {
      code: 500,
      message:
        'Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance 2a65.',
    },
  })
  assert.deepEqual([verdict.cause?.code, verdict.step], ['Port.BindingFailed', build])
  assert.ok(verdict.also.some(({ code }) => code === 'Schedule.RetriesExhausted'))
})

test('a server deleted in the middle supersedes its action', () => {
  const { outcome, cause, isOver } = verdictOf({ operation: ended('superseded', 'build') })
  assert.deepEqual([outcome, cause?.code, isOver], ['failed', 'Operation.Superseded', true])
})

test('what is being undone has failed and is not over', () => {
  const verdict = verdictOf({
    events: [event(build, 'Error', "The server's host does not answer. Try again later.")],
    operation: ended('undoing'),
  })
  assert.deepEqual(
    [verdict.outcome, verdict.isOver, verdict.cause?.code],
    ['failed', false, 'Host.Unreachable'],
  )
})

test('an operation somebody works at is running; one that nobody does is lost', () => {
  const events = [event(build, null)]
  const held = verdictOf({ events, operation: { state: 'running', step: 'build', isHeld: true } })
  assert.deepEqual([held.outcome, held.step, held.cause], ['running', build, null])
  const waiting = verdictOf({ operation: { state: 'accepted', step: null, isHeld: false } })
  assert.equal(waiting.outcome, 'running')
  const left = verdictOf({ operation: { state: 'running', step: 'build', isHeld: false } })
  assert.deepEqual([left.outcome, left.isOver, left.cause?.code], ['lost', false, 'Operation.Lost'])
})

test('an interruption that was recovered stands beside the success', () => {
  const { outcome, also } = verdictOf({
    events: [
      event(
        'conductor_recover_operation',
        'Success',
        'Found create unfinished at step build after a restart; it is taken up again there.',
      ),
      event(build, 'Success'),
    ],
    operation: ended('done'),
  })
  assert.deepEqual([outcome, also[0]?.code], ['succeeded', 'Operation.Interrupted'])
})

test('actions without an operation are told by the last event of each name', () => {
  assert.equal(verdictOf({ action: 'lock', events: [event('api_lock', 'Success')] }).outcome, 'succeeded')
  const failed = verdictOf({
    action: 'stop',
    events: [event('compute_stop_instance', 'Error', 'Failed to power off instance: timed out')],
  })
  assert.deepEqual([failed.outcome, failed.cause?.code], ['failed', 'Driver.PowerOffFailed'])
  assert.equal(
    verdictOf({ action: 'stop', events: [event('compute_stop_instance', null)] }).outcome,
    'running',
  )
  assert.equal(verdictOf({}).outcome, 'unknown')
})

test('the bare class of a foreign exception, which is all an owner reads, is a cause', () => {
  for (const [details, code] of [
    ['LibvirtError', 'Driver.Failed'],
    ['TypeError', 'Bug.Unexpected'],
    ['SomethingFailed', 'Driver.Spawn'],
  ] as const) {
    const { cause } = verdictOf({ events: [event(build, 'Error', details)], operation: ended('failed') })
    assert.equal(cause?.code, code, details)
  }
})
