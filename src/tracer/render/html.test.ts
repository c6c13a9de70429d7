import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  failedResize,
  hostile,
  hostileTexts,
  manyHosts,
  running,
  stories,
} from '../../../test/support/traces.ts'
import { renderHtml } from './html.ts'

/** Tags of a page in order, each with the names of its attributes: what a browser makes elements of. */
function elements(page: string): string[] {
  const withoutStyle = page.replace(/<style>[\s\S]*?<\/style>/, '<style></style>')
  return [...withoutStyle.matchAll(/<(?:"[^"]*"|'[^']*'|[^'">])*>/g)].map(([tag]) =>
    tag.replace(/="[^"]*"/g, '').replace(/\s+/g, ' '),
  )
}

test('whatever logs say stays text: the page has the elements it has with harmless words, and no other', () => {
  const texts = fc.oneof(
    fc.constantFrom(...hostileTexts),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(fc.constantFrom('<', '>', '"', "'", '&', '/', '=', 'script', '!--', '`', '\n', ' '), {
        maxLength: 20,
      })
      .map(parts => parts.join('')),
  )
  const expected = elements(renderHtml(hostile('word')))
  fc.assert(
    fc.property(texts, text => {
      assert.deepEqual(elements(renderHtml(hostile(`word ${text}`))), expected)
    }),
  )
})

test('no control character and no mark that turns the direction of writing is in the page', () => {
  assert.doesNotMatch(renderHtml(hostile()), /(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u)
})

test('the page loads nothing, runs nothing and says so', () => {
  for (const story of Object.values(stories)) {
    const page = renderHtml(story())
    assert.match(
      page,
      /<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-[\w+/=]+&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;">/,
    )
    for (const tag of elements(page))
      assert.doesNotMatch(tag, /<(script|link|img|iframe|object|a)\b|\bon\w+|\b(src|href|style)\b(?!>)/)
  }
})

test('the page tells what the terminal tells: verdict, ids, calls, events, hosts, lines, gaps', () => {
  const of = failedResize()
  const page = renderHtml(of)
  const text = page.replaceAll('&#39;', "'").replaceAll('&amp;', '&')
  for (const said of [
    'FAILED',
    of.verdict.sentence,
    of.verdict.next,
    'NoHost.Capacity.Ram',
    of.request.localId ?? '',
    of.request.globalId ?? '',
    ...of.calls.map(call => call.operation),
    ...of.logs.map(log => log.message),
    ...of.gaps.map(gap => gap.text),
    'compute3',
  ])
    assert.ok(text.includes(said), said)
})

test('many hosts are counted by cause, and all of them are there to unfold', () => {
  const page = renderHtml(manyHosts())
  assert.match(page, /<li class="">27 have too little memory: need 2048 MB, have 0 to 416 MB/)
  assert.match(page, /<details><summary>All 40 hosts<\/summary>/)
})

test('what is pending says what it waits for', () => {
  assert.match(renderHtml(running()), /waits for network-vif-plugged/)
})
