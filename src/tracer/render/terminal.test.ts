import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  at,
  event,
  failedResize,
  foreignLogs,
  hostile,
  hostileTexts,
  manyHosts,
  requestId,
  stories,
  trace,
} from '../../../test/support/traces.ts'
import { displayWidth } from '../../base/width.ts'
import type { Trace } from '../../model/trace.ts'
import { renderTerminal, type TerminalOptions } from './terminal.ts'

const plain: TerminalOptions = { width: 80, colour: false, isUtf8: true, full: false }
const shown = (of: Trace, options: Partial<TerminalOptions> = {}) =>
  renderTerminal(of, { ...plain, ...options })
const golden = (name: string) => join(import.meta.dirname, 'golden', `${name}.txt`)
const asItIs = { serializers: [(text: string) => text] }

for (const [name, story] of Object.entries(stories))
  test(`the view of ${name} is the recorded one`, t => {
    t.assert.fileSnapshot(shown(story()), golden(`${name}.80`), asItIs)
  })

for (const width of [120, 80, 60])
  for (const colour of [true, false])
    for (const isUtf8 of [true, false])
      test(`a failed resize at ${width} columns, ${colour ? 'in' : 'without'} colour, ${isUtf8 ? 'UTF-8' : 'ASCII'}`, t => {
        const name = `failedResize.${width}${colour ? '.colour' : ''}${isUtf8 ? '' : '.ascii'}`
        t.assert.fileSnapshot(shown(failedResize(), { width, colour, isUtf8 }), golden(name), asItIs)
      })

test('the verdict comes first: outcome, sentence, cause, whose fault and what to do, in the first twelve lines', () => {
  const head = shown(failedResize()).split('\n').slice(0, 12).join('\n')
  for (const said of [
    /^✗ FAILED {2}resize of vm1\n/,
    /found no valid host/,
    /NoHost\.Capacity\.Ram/,
    /the cloud's capacity/,
    /Choose a smaller flavor/,
  ])
    assert.match(head, said)
})

test('no line is wider than the terminal, and the id that was asked for is always whole', () => {
  for (const story of Object.values(stories))
    for (const width of [52, 60, 80, 120])
      for (const full of [false, true]) {
        const text = shown(story(), { width, full })
        for (const line of text.split('\n'))
          assert.ok(displayWidth(line) <= width, `${displayWidth(line)} > ${width}: ${line}`)
        assert.ok(text.includes(requestId), `${width}`)
      }
})

test('into a file or a pipe nothing is cut and no sentence is broken', () => {
  const of = failedResize()
  const text = shown(of, { width: 0 })
  for (const said of [
    of.verdict.sentence,
    of.verdict.next,
    ...of.calls.map(call => call.operation),
    ...of.gaps.map(gap => gap.text),
  ])
    assert.ok(text.includes(said), said)
})

test('the failed path has a sign as well as a colour', () => {
  const lines = shown(failedResize()).split('\n')
  const calls = lines.slice(lines.findIndex(line => line.startsWith('Calls')))
  assert.deepEqual(
    calls.slice(1, 6).map(line => line[0]),
    ['✗', '✗', '✗', ' ', '?'],
  )
  assert.ok(shown(failedResize(), { colour: true }).includes('\u001b[1;31m✗ \u001b[0m'))
})

test('a pending event says what it waits for', () => {
  const text = shown(stories.running())
  assert.match(text, /… compute__do_build_and_run_instance on host-1 +pending/)
  assert.match(text, /waits for network-vif-plugged of port/)
})

test('every host of a few is listed once; many are told by cause, and the counts add up', () => {
  const few = shown(failedResize())
  for (const host of ['compute1', 'compute2', 'compute3'])
    assert.equal(few.match(new RegExp(`^✗ ${host} `, 'gm'))?.length, 1)
  const many = shown(manyHosts())
  const counts = [...many.matchAll(/^[✗✓] (\d+) /gm)].map(found => Number(found[1]))
  assert.deepEqual(counts, [27, 12, 1])
  assert.match(many, /27 have too little memory: need 2048 MB, have 0 to 416 MB/)
  const all = shown(manyHosts(), { full: true })
  for (const { host } of manyHosts().placement[0]?.hosts ?? []) assert.ok(all.includes(host ?? ''), `${host}`)
})

test('hosts a viewer may not know are counted by cause', () => {
  const of = failedResize()
  const hidden = of.placement.map(one => ({
    ...one,
    hosts: one.hosts.map(host => ({ ...host, host: null })),
  }))
  const text = shown({ ...of, view: 'owner', placement: hidden })
  assert.match(text, /✗ 2 have too little memory: need 2048 MB, have 0 to 512 MB/)
  assert.match(text, /✗ 1 is the server's current host/)
})

test('logs that name no hosts show how many each filter left', () => {
  assert.match(shown(foreignLogs()), /✗ RamFilter +6 -> 0 hosts/)
})

test('a traceback is shortened to its end, unless all is asked for', () => {
  const frames = /step_\d+/g
  const short = shown(failedResize())
  assert.ok((short.match(frames) ?? []).length < 12)
  assert.match(short, /lines above/)
  assert.equal((shown(failedResize(), { full: true }).match(frames) ?? []).length, 12)
})

test('calls that repeat are one line, unless all is asked for', () => {
  assert.match(shown(stories.succeededCreate()), /neutron-server: GET .*×5/)
  assert.equal(shown(stories.succeededCreate(), { full: true }).match(/neutron-server: GET/g)?.length, 5)
})

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours start with one
const colours = /\u001b\[(?:[012]|3[123]|1;3[123])m/g
// C0 but newline, DEL, C1; marks and isolates that turn the direction; line and paragraph separators; lone surrogates.
const steering = /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u

test('whatever logs say, nothing but letters, newlines and our own colours reaches the terminal', () => {
  const texts = fc.oneof(
    fc.constantFrom(...hostileTexts),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
  )
  fc.assert(
    fc.property(
      texts,
      fc.constantFrom(0, 60, 80),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      (text, width, colour, isUtf8, full) => {
        const out = shown(hostile(text), { width, colour, isUtf8, full })
        assert.doesNotMatch(colour ? out.replace(colours, '') : out, steering)
        if (!isUtf8) assert.match(out.replace(colours, ''), /^[\n -~]*$/)
        if (width > 0)
          for (const line of out.replace(colours, '').split('\n'))
            assert.ok(displayWidth(line) <= width, line)
      },
    ),
  )
})

test('a colour written into a log is text, and is not ours', () => {
  const of = trace({
    action: { ...failedResize().action!, events: [event('\u001b[31mred', { startedAt: at(0) })] },
  })
  const text = shown(of, { colour: true })
  assert.ok(text.includes('\\x1b[31mred'))
})

test('calls that are each other’s parents are shown all the same', () => {
  const [first, second] = failedResize().calls
  assert.ok(first && second)
  const text = shown(
    trace({
      calls: [
        { ...first, parent: second.id },
        { ...second, parent: first.id },
      ],
    }),
  )
  assert.match(text, /nova-conductor/)
  assert.match(text, /nova-api/)
})
