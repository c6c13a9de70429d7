import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { createSeal } from './seal.ts'

const seal = createSeal(randomBytes(32))

test('what is sealed can be opened again, by the same key and for the same row only', () => {
  for (const text of ['', 'secret', 'ü'.repeat(5000)]) {
    const sealed = seal.close(text, 'row')
    assert.equal(seal.open(sealed, 'row'), text)
    assert.notEqual(seal.close(text, 'row'), sealed)
    assert.throws(() => seal.open(sealed, 'other'))
    assert.throws(() => createSeal(randomBytes(32)).open(sealed, 'row'))
    assert.throws(() => seal.open(`A${sealed.slice(1)}B`, 'row'))
  }
})
