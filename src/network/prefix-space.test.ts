import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Cidr, contains, formatCidr, overlaps } from './addresses.ts'
import { covers, freePrefixes, mergePrefixes, readPrefixes, takeAny, writePrefixes } from './prefix-space.ts'

const texts = (cidrs: readonly Cidr[]) => cidrs.map(formatCidr)

test('prefixes that touch or lie in each other become one', () => {
  const merged = mergePrefixes(readPrefixes(['10.0.1.0/24', '10.0.0.0/24', '10.0.0.128/25', '10.0.4.0/24']))
  assert.deepEqual(writePrefixes(merged), ['10.0.0.0/23', '10.0.4.0/24'])
  const all = readPrefixes(['0.0.0.0/1', '128.0.0.0/1'])
  assert.deepEqual(writePrefixes(mergePrefixes(all)), ['0.0.0.0/0'])
  const six = readPrefixes(['2001:db8:1::/48', '2001:db8::/48'])
  assert.deepEqual(writePrefixes(mergePrefixes(six)), ['2001:db8::/47'])
})

test('what is free is told in pieces, the smallest first, and the smallest that fits is cut', () => {
  const free = freePrefixes(readPrefixes(['10.0.0.0/22']), readPrefixes(['10.0.1.0/25', '10.0.3.0/24']))
  assert.deepEqual(texts(free), ['10.0.1.128/25', '10.0.0.0/24', '10.0.2.0/24'])
  assert.equal(formatCidr(takeAny(free, 26)!), '10.0.1.128/26') // there is room
  assert.equal(formatCidr(takeAny(free, 24)!), '10.0.0.0/24') // likewise
  assert.equal(takeAny(free, 23), undefined)
  assert.deepEqual(freePrefixes(readPrefixes(['10.0.0.0/24']), readPrefixes(['10.0.0.0/16'])), [])
})

test('a set covers another when no address is missing', () => {
  const halves = readPrefixes(['10.0.0.0/25', '10.0.0.128/25'])
  assert.ok(covers(halves, readPrefixes(['10.0.0.0/24'])))
  assert.ok(!covers(halves, readPrefixes(['10.0.0.0/23'])))
})

test('whatever is cut is in the pool and over nothing that was cut before', () => {
  const sizes = fc.array(fc.integer({ min: 20, max: 30 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(sizes, lengths => {
      const pool = readPrefixes(['10.0.0.0/20', '10.9.0.0/22'])
      const taken: Cidr[] = []
      for (const bits of lengths) {
        const cut = takeAny(freePrefixes(pool, taken), bits)
        if (!cut) continue
        assert.equal(cut.bits, bits)
        assert.ok(pool.some(one => contains(one, { version: 4, value: cut.first }) && cut.last <= one.last))
        assert.ok(!taken.some(one => overlaps(one, cut)))
        taken.push(cut)
      }
      const size = (cidrs: readonly Cidr[]) =>
        cidrs.reduce((sum, { first, last }) => sum + last - first + 1n, 0n)
      assert.equal(size(freePrefixes(pool, taken)), size(pool) - size(taken))
    }),
  )
})
