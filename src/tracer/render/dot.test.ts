import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { failedResize, hostile, hostileTexts, trace } from '../../../test/support/traces.ts'
import { renderDot } from './dot.ts'

/** The graph's text with every quoted string taken out: what Graphviz reads as its own words. */
const grammar = (dot: string): string => dot.replace(/"(?:\\.|[^"\\])*"/gs, '""')

test('the failed path is red, proven edges are solid, inferred ones dashed, orphans have none', () => {
  const dot = renderDot(failedResize())
  assert.match(dot, /c1 \[label="nova-api on controller\\nPOST .*color="#b3261e"/)
  assert.match(dot, /c1 -> c2 \[style=solid, color="#b3261e"/)
  assert.match(dot, /c3 -> c4 \[style=dashed\]/)
  assert.match(dot, /c5 \[label="neutron-server.*style="rounded,dotted"\]/)
  assert.doesNotMatch(dot, /-> c5/)
})

test('whatever logs say stays inside its quotes', () => {
  const expected = grammar(renderDot(hostile('word')))
  const texts = fc.oneof(
    fc.constantFrom(...hostileTexts),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\\', '\\"', '"]; c1 -> c9 [x="', '\\N\\G'),
  )
  fc.assert(fc.property(texts, text => assert.equal(grammar(renderDot(hostile(`word ${text}`))), expected)))
})

test('a trace without calls is an empty graph', () => {
  assert.match(renderDot(trace()), /^digraph trace \{\n[\s\S]*\n\}\n$/)
})
