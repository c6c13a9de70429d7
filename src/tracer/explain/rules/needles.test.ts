import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needlesOf } from './needles.ts'
import { rules } from './table.ts'

test('of each alternative the literal that says most is asked for', () => {
  assert.deepEqual(needlesOf(/Failed to bind port (?<port>\S{1,60}) on host (?<host>\S{1,255})/), [
    'failed to bind port ',
  ])
  assert.deepEqual(needlesOf(/PortBindingFailed|vif_type=binding\[x\]|(?:a|b(?:c[)]))Unplugged/), [
    'portbindingfailed',
    'vif_type=binding[x]',
    'unplugged',
  ])
  assert.deepEqual(needlesOf(/(?<what>Quota|Limits?) (?:was )?(?:exceeded|reached)[^\n]{0,20}/), [
    'exceeded',
    'reached',
  ])
  // `s?` and `s{0,2}` may be missing, `s+` may not; what repeats is not one literal with what follows.
  assert.deepEqual(needlesOf(/volumes? gone|times{0,2}abc|pus+hed/), ['volume', 'time', 'pus'])
  assert.deepEqual(needlesOf(/\[instance: \S+\]/), ['[instance: '])
})

test('an expression that any text may match, has none', () => {
  for (const expression of [/\d+/, /.{9}x/i, /timed out|(?:a|b)/, /^ab$/, /(?:gone){0,2}/, /\u0041bcd/])
    assert.equal(needlesOf(expression), null)
})

test('every rule is found by its needles, and nearly all have some', () => {
  const withNeedles = rules.flatMap(rule => {
    const needles = needlesOf(rule.match)
    return needles ? [{ rule, needles }] : []
  })
  for (const { rule, needles } of withNeedles) {
    const match = rule.match.exec(rule.example)
    assert.ok(match && needles.some(needle => match[0].toLowerCase().includes(needle)), rule.example)
  }
  assert.ok(withNeedles.length > 0.9 * rules.length, `${withNeedles.length} of ${rules.length}`)
})
