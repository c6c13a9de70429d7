import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matches } from './extra-spec-operators.ts'

const rows: readonly (readonly [value: string, wanted: string, result: boolean])[] = [
  ['8', '= 4', true],
  ['8', '= 9', false],
  ['8', '== 8.0', true],
  ['8', '!= 8', false],
  ['8', '>= 8', true],
  ['8', '<= 7', false],
  ['text', '>= 8', false],
  ['8', '>=', false],
  ['b', 's== b', true],
  ['b', 's!= b', false],
  ['b', 's> a', true],
  ['b', 's>= b', true],
  ['b', 's< a', false],
  ['b', 's<= b', true],
  ['aes,avx', '<in> avx', true],
  ['aes,avx', '<in> sse', false],
  ['aes,avx', '<all-in> aes avx', true],
  ['aes,avx', '<all-in> aes sse', false],
  ['b', '<or> a <or> b', true],
  ['c', '<or> a <or> b', false],
  ['plain', 'plain', true],
  ['plain', 'other', false],
  ['two words', 'two words', true],
]

for (const [value, wanted, result] of rows)
  test(`'${value}' ${result ? 'is' : 'is not'} '${wanted}'`, () =>
    assert.equal(matches(value, wanted), result))
