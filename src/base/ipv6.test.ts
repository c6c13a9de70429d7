import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalIpv6 } from './ipv6.ts'

// Right sides from Python: str(netaddr.IPAddress(left)).
const cases = [
  ['0000:0000:0000:0000:0000:babe:220.12.22.2', '::babe:dc0c:1602'],
  ['2001:DB8::0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['::', '::'],
  ['::1', '::1'],
  ['::ffff:102:304', '::ffff:1.2.3.4'],
  ['::1.2.3.4', '::1.2.3.4'],
  ['fe80::', 'fe80::'],
  ['::5', '::5'],
  ['::1:5', '::0.1.0.5'],
] as const

test('addresses are told as netaddr tells them', () => {
  for (const [text, canonical] of cases) assert.equal(canonicalIpv6(text), canonical)
})
