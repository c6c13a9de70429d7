// An ed25519 key pair in OpenSSH's formats (PROTOCOL.key in OpenSSH's sources), made here: the private half never
// leaves this machine.
import { generateKeyPairSync, randomBytes } from 'node:crypto'

export interface SshKey {
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicKey: string
  /** PEM, ending in a newline. */
  readonly privateKey: string
}

const type = 'ssh-ed25519'
const blockSize = 8 // of the "none" cipher
const lineLength = 70

export function createSshKey(comment: string): SshKey {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const seed = Buffer.from(d!, 'base64url') // an ed25519 JWK has both
  const point = Buffer.from(x!, 'base64url')
  const publicBlob = Buffer.concat([field(type), field(point)])
  return {
    publicKey: `${type} ${publicBlob.toString('base64')} ${comment}`,
    privateKey: pem(privateBlob(seed, point, publicBlob, comment)),
  }
}

function privateBlob(seed: Buffer, point: Buffer, publicBlob: Buffer, comment: string): Buffer {
  const check = randomBytes(4) // twice the same: how a reader sees that it decrypted well
  const secret = Buffer.concat([
    check,
    check,
    field(type),
    field(point),
    field(Buffer.concat([seed, point])),
    field(comment),
  ])
  const padding = Buffer.from(
    Array.from({ length: (blockSize - (secret.length % blockSize)) % blockSize }, (_, at) => at + 1),
  )
  return Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'), // cipher
    field('none'), // key derivation
    field(''), // its options
    uint32(1), // number of keys
    field(publicBlob),
    field(Buffer.concat([secret, padding])),
  ])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function field(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint32(bytes.length), bytes])
}

const pem = (blob: Buffer): string =>
  [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    ...(blob.toString('base64').match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? []),
    '-----END OPENSSH PRIVATE KEY-----',
    '',
  ].join('\n')
