import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Timers } from '../../base/time.ts'
import { Log, type LogSink } from '../../platform/journal/log.ts'
import { type PeriodicTask, startPeriodic } from './periodic.ts'

/** Ticks by hand, and what was logged. */
function byHand() {
  const ticks: (() => void)[] = []
  const timers: Timers = {
    every(_ms, tick) {
      ticks.push(tick)
      return () => ticks.splice(ticks.indexOf(tick), 1)
    },
  }
  const lines: string[] = []
  const sink: LogSink = { format: 'text', level: 'INFO', write: line => lines.push(line) }
  const tick = () => {
    for (const one of ticks) one()
  }
  return { timers, ticks, tick, lines, log: new Log(sink, 'nova.compute.manager') }
}

/** A task whose rounds end when they are told to. */
function heldTask() {
  const rounds: { readonly signal: AbortSignal; end(error?: Error): void }[] = []
  const task: PeriodicTask = {
    name: 'held',
    everyMs: 1000,
    run: signal =>
      new Promise((resolve, reject) => {
        rounds.push({ signal, end: error => (error ? reject(error) : resolve()) })
      }),
  }
  return { task, rounds }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

test('a task that takes longer than its interval is not begun beside itself', async () => {
  const { timers, tick, log } = byHand()
  const { task, rounds } = heldTask()
  const periodic = startPeriodic([task], timers, log)
  tick()
  tick()
  await turn()
  assert.equal(rounds.length, 1)
  const joined = periodic.run('held')
  rounds[0]?.end()
  await joined
  assert.equal(rounds.length, 1)
  tick()
  await turn()
  assert.equal(rounds.length, 2)
})

test('a round that fails is logged, and the next one is tried', async () => {
  const { timers, tick, lines, log } = byHand()
  const { task, rounds } = heldTask()
  const periodic = startPeriodic([task], timers, log)
  const first = periodic.run('held')
  await turn()
  rounds[0]?.end(new Error('the database is away'))
  await first
  assert.match(lines.join('\n'), /ERROR nova.compute.manager .*periodic task held.*/)
  assert.match(lines.join('\n'), /the database is away/)
  tick()
  await turn()
  assert.equal(rounds.length, 2)
})

test('draining waits for the round that runs, tells it to end, and lets none begin', async () => {
  const { timers, ticks, log } = byHand()
  const { task, rounds } = heldTask()
  const periodic = startPeriodic([task], timers, log)
  void periodic.run('held')
  await turn()
  let isDrained = false
  const drained = periodic.drain(60_000).then(() => {
    isDrained = true
  })
  await turn()
  assert.deepEqual([isDrained, ticks.length, rounds[0]?.signal.aborted], [false, 0, true])
  rounds[0]?.end()
  await drained
  await periodic.run('held')
  assert.equal(rounds.length, 1)
})

test('draining gives up on a round that does not end', async () => {
  const { timers, log } = byHand()
  const { task } = heldTask()
  const periodic = startPeriodic([task], timers, log)
  void periodic.run('held')
  await periodic.drain(1)
})
