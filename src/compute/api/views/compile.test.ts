import assert from 'node:assert/strict'
import { test } from 'node:test'
import { computeVersion } from '../../../model/microversions.ts'
import { compileView } from './compile.ts'

const view = compileView<{ readonly n: number }, string, 'secret' | 'other'>([
  { key: 'always', value: ({ n }) => n },
  { key: 'young', since: 'serverTags', value: (_subject, context) => context },
  { key: 'old', until: 'serverTags', value: () => 'old' },
  { key: 'hidden', policy: 'secret', value: () => 's' },
  { key: 'both', since: 'serverTags', policy: 'other', value: () => 'b' },
  { key: 'maybe', value: ({ n }) => (n > 1 ? n : undefined) },
])

test('a field lives from one feature to another', () => {
  assert.deepEqual(view(computeVersion(25))({ n: 1 }, 'c'), { always: 1, old: 'old' })
  assert.deepEqual(view(computeVersion(26))({ n: 1 }, 'c'), { always: 1, young: 'c' })
})

test('flags show what policy allows, each on its own', () => {
  assert.deepEqual(view(computeVersion(25), { secret: true })({ n: 1 }, 'c'), {
    always: 1,
    old: 'old',
    hidden: 's',
  })
  assert.deepEqual(view(computeVersion(26), { other: true, secret: false })({ n: 1 }, 'c'), {
    always: 1,
    young: 'c',
    both: 'b',
  })
})

test('an undefined value leaves the key out', () => {
  assert.deepEqual(Object.keys(view(computeVersion(25))({ n: 2 }, 'c')), ['always', 'old', 'maybe'])
})

test('a view is compiled once for each version and set of flags', () => {
  assert.equal(view(computeVersion(30)), view(computeVersion(30), { secret: false }))
  assert.notEqual(view(computeVersion(30)), view(computeVersion(30), { secret: true }))
  assert.notEqual(view(computeVersion(30)), view(computeVersion(31)))
})
