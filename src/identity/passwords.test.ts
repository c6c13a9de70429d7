import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashPassword, verifyPassword } from './passwords.ts'

test('a password is recognised, anything else is not', async () => {
  const hash = await hashPassword('Ünïcode pass')
  assert.match(hash, /^\$scrypt\$ln=14,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/)
  assert.equal(await verifyPassword('Ünïcode pass', hash), true)
  assert.equal(await verifyPassword('Unicode pass', hash), false)
  assert.equal(await verifyPassword('', hash), false)
})

test('the same password hashes differently each time', async () => {
  assert.notEqual(await hashPassword('same'), await hashPassword('same'))
})

test('hashes made with other parameters are still understood', async () => {
  // scrypt('old', 16 zero bytes, N = 2^4, r = 1, p = 1)
  const { scryptSync } = await import('node:crypto')
  const salt = Buffer.alloc(16)
  const hash = scryptSync('old', salt, 32, { N: 16, r: 1, p: 1 }).toString('base64url')
  const text = `$scrypt$ln=4,r=1,p=1$${salt.toString('base64url')}$${hash}`
  assert.equal(await verifyPassword('old', text), true)
  assert.equal(await verifyPassword('new', text), false)
})

test('nobody has no password, and finding that out takes as long', async () => {
  const hash = await hashPassword('x')
  const time = async (stored: string | null) => {
    const times: number[] = []
    for (let i = 0; i < 5; i++) {
      const start = performance.now()
      assert.equal(await verifyPassword('wrong', stored), false)
      times.push(performance.now() - start)
    }
    return Math.min(...times)
  }
  const [somebody, nobody] = [await time(hash), await time(null)]
  assert.ok(nobody > somebody / 3 && somebody > nobody / 3, `${nobody} ms against ${somebody} ms`)
})
