import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userPattern } from './pattern.ts'

const matches = (pattern: string, text: string) => userPattern(pattern)?.(text)

test('a pattern is found anywhere, upper and lower case alike, with its classes as they are', () => {
  assert.equal(matches('WEB', 'my-web-1'), true)
  assert.equal(matches('^vm[A-Z]+$', 'VMabc'), true)
  assert.equal(matches('^\\S+$', 'a b'), false)
  assert.equal(matches('a\\.B', 'A.b'), true)
  assert.equal(matches('É', 'é'), true)
})

test('no pattern runs long', () => {
  assert.equal(matches('(a+)+$', `${'a'.repeat(10_000)}!`), false)
  assert.equal(matches('(x+x+)+y', 'x'.repeat(255)), false)
})

test('what is no pattern, or could run long, cannot be used', () => {
  for (const pattern of ['[', '(', 'a{1000000}', '(a)\\1', '(?=a)'])
    assert.equal(userPattern(pattern), null, pattern)
})
