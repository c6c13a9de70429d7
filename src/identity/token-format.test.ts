import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { authMethods, newAuditId, readToken, type TokenPayload, writeToken } from './token-format.ts'

const key = randomBytes(32)
const hexId = fc.stringMatching(/^[0-9a-f]{32}$/)
const id = fc.oneof(hexId, fc.stringMatching(/^[a-zA-Z0-9-]{1,64}$/))

const payloads: fc.Arbitrary<TokenPayload> = fc.record(
  {
    userId: hexId,
    methods: fc.subarray([...authMethods], { minLength: 1 }),
    scope: fc.oneof(
      fc.constant({ kind: 'none' as const }),
      fc.constant({ kind: 'system' as const }),
      id.map(id => ({ kind: 'project' as const, id })),
      id.map(id => ({ kind: 'domain' as const, id })),
    ),
    issuedAt: fc.integer({ min: 0, max: 2 ** 45 }),
    expiresAt: fc.integer({ min: 0, max: 2 ** 45 }),
    auditId: fc.constant(0).map(newAuditId),
    chainId: fc.option(fc.constant(0).map(newAuditId)),
    credentialId: fc.option(hexId),
  },
  { noNullPrototype: true },
)

test('a token reads back as what was written, in less than 255 URL-safe characters', () => {
  fc.assert(
    fc.property(payloads, payload => {
      const token = writeToken(payload, key)
      assert.match(token, /^[A-Za-z0-9_-]{1,254}$/)
      assert.deepEqual(readToken(token, key), payload)
    }),
  )
})

test('a token with any character changed, added or taken away is not one', () => {
  const token = writeToken(fc.sample(payloads, 1)[0]!, key)
  for (let at = 0; at < token.length; at++) {
    const other = token[at] === 'A' ? 'B' : 'A'
    assert.equal(readToken(token.slice(0, at) + other + token.slice(at + 1), key), null, `at ${at}`)
    assert.equal(readToken(token.slice(0, at) + token.slice(at + 1), key), null)
    assert.equal(readToken(`${token.slice(0, at)}!${token.slice(at)}`, key), null)
  }
  for (const text of ['', 'flt1_', `${token}=`, `${token}A`, token.toLowerCase()])
    assert.equal(readToken(text, key), null)
})

test('a token signed with another key is not one', () => {
  assert.equal(readToken(writeToken(fc.sample(payloads, 1)[0]!, randomBytes(32)), key), null)
})
