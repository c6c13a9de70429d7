// The rules as a table: each is proven by its own example, and every cause of the catalogue is told by something.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { readRoot } from '../../../../test/support/sources.ts'
import { hostCauses } from '../../../model/causes/hosts.ts'
import { causes } from '../../../model/causes.ts'
import { endings } from '../endings.ts'
import { findIn } from '../findings.ts'
import { hostLines, hostRefusal } from '../placement/host-lines.ts'
import { readSum } from '../placement/own-sum.ts'
import { rules } from './table.ts'

const speaker = (where: readonly string[] | undefined) => ({
  service: where?.[0] ?? 'nova-api',
  logger: null,
})

for (const { cause, example, where } of rules)
  test(`${cause} is found in: ${example}`, () => {
    const [first] = findIn([example], speaker(where))
    assert.equal(first?.cause, cause)
    assert.doesNotMatch(first.found, /\{\w+\}|undefined|\n/)
    assert.notEqual(first.found, '')
  })

test('lines about one host are read, with their numbers', () => {
  for (const { example, code, unit, match } of hostLines) {
    const read = hostRefusal(example)
    assert.deepEqual([read?.host, read?.refusal.code], ['compute1', code], example)
    assert.equal(read?.refusal.need !== null, unit !== undefined, example)
    assert.match(example, match)
  }
})

test('every ending matches its own example', () => {
  for (const { match, example } of endings) assert.match(example, match)
})

/** Told by what became of the request, not by a text. */
const byOutcome = ['Operation.Lost', 'Operation.Superseded']

test('every cause is told by a rule, by a line about a host, by our own sums, or by the outcome', () => {
  const read = Object.values(hostCauses).flatMap(({ one }) =>
    (readSum(`0 of 1 hosts can take it: host-1 ${one}`)?.hosts ?? []).map(({ first }) => first?.code),
  )
  const toldCauses = new Set<string | undefined>([...rules.map(({ cause }) => cause), ...read, ...byOutcome])
  assert.deepEqual(
    Object.keys(causes).filter(code => !toldCauses.has(code)),
    [],
  )
})

test('every cause is documented, and every documented cause exists', () => {
  const documented = [...readRoot('docs/causes.md').matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name)
  assert.deepEqual(documented.sort(), Object.keys(causes).sort())
})

test('what owners read of causes names nobody and says what to do', () => {
  for (const [code, { sentence, remedy }] of Object.entries(causes)) {
    assert.match(sentence, /\.$/, code)
    assert.match(remedy, /\.$/, code)
  }
})

test('a rule looks at a text in time that grows with its length alone', () => {
  // V8's other engine takes only what it can do in linear time: no back references, no look-around.
  setFlagsFromString('--enable-experimental-regexp-engine')
  const patterns = [...rules, ...hostLines, ...endings].map(({ match }) => match)
  for (const { source } of patterns) {
    // It takes no large bounds either, which only shorten the work.
    assert.doesNotThrow(() => new RegExp(source.replace(/\{\d+(?:,\d+)?\}/g, '*'), 'l'), source)
    assert.doesNotMatch(source, /[*+]\)[*+{]/, 'no repetition of a repetition')
    assert.doesNotMatch(source, /\.\*|\.\+/, 'a bound says how far it looks')
  }
})

test('texts made to be slow are not', () => {
  const texts = [...rules, ...hostLines].map(({ example }) => example.slice(0, -1).repeat(200).slice(0, 4000))
  const started = process.hrtime.bigint()
  for (const text of texts) findIn([text], null)
  const ms = Number(process.hrtime.bigint() - started) / 1e6
  assert.ok(ms / texts.length < 50, `${ms / texts.length} ms a text`)
})
