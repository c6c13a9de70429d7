// Passwords and secrets, kept as salted scrypt hashes whose text says how they were made.
import { type BinaryLike, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { limits } from '../model/limits.ts'

const derive: (
  secret: BinaryLike,
  salt: BinaryLike,
  length: number,
  options: ScryptOptions,
) => Promise<Buffer> = promisify(scrypt)

const saltBytes = 16
const hashBytes = 32
const blockSize = 8
const parallelization = 1

/** `$scrypt$ln=14,r=8,p=1$<salt>$<hash>`, both parts base64url. Runs in the thread pool. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const cost = limits.passwordHashCostLog2
  const hash = await scryptOf(password, salt, hashBytes, cost, blockSize, parallelization)
  return `$scrypt$ln=${cost},r=${blockSize},p=${parallelization}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

const stored = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/

// Nothing hashes to zeros; verifying against it takes as long as verifying against a real one.
const nobodysHash = `$scrypt$ln=${limits.passwordHashCostLog2},r=${blockSize},p=${parallelization}$${Buffer.alloc(saltBytes).toString('base64url')}$${Buffer.alloc(hashBytes).toString('base64url')}`

/**
 * True when `password` is what was hashed. With null (no such user, or one without a password) the same work is done
 * for nothing, so that the time taken does not tell.
 */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const match = stored.exec(hash ?? nobodysHash)
  if (!match) throw new Error('a stored password hash is damaged')
  const [, cost, r, p, salt, expected] = match
  const wanted = Buffer.from(expected!, 'base64url') // the pattern has five groups
  const actual = await scryptOf(
    password,
    Buffer.from(salt!, 'base64url'),
    wanted.length,
    Number(cost),
    Number(r),
    Number(p),
  )
  return timingSafeEqual(actual, wanted) && hash !== null
}

const scryptOf = (password: string, salt: Buffer, length: number, costLog2: number, r: number, p: number) =>
  derive(password, salt, length, { N: 2 ** costLog2, r, p, maxmem: 2 * 128 * r * 2 ** costLog2 })
