// SSH and X.509 public keys: reading what users bring, making pairs for those who bring none, fingerprints.
import { createHash, type KeyObject, generateKeyPair as makeKeyPair, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'

const generateKeyPair = promisify(makeKeyPair)

/** Fields of each key type after its name: `n` counts length-prefixed fields, `size` fixes the last one's bytes. */
const keyTypes: Readonly<Record<string, { readonly fields: number; readonly size?: number }>> = {
  'ssh-rsa': { fields: 2 },
  'ssh-dss': { fields: 4 },
  'ssh-ed25519': { fields: 1, size: 32 },
  'ecdsa-sha2-nistp256': { fields: 2, size: 65 },
  'ecdsa-sha2-nistp384': { fields: 2, size: 97 },
  'ecdsa-sha2-nistp521': { fields: 2, size: 133 },
  'sk-ssh-ed25519@openssh.com': { fields: 2 },
  'sk-ecdsa-sha2-nistp256@openssh.com': { fields: 3 },
}

/** MD5 of an OpenSSH public key's blob, `aa:bb:…`; undefined when the text is no such key. */
export function sshFingerprint(publicKey: string): string | undefined {
  const [type = '', encoded = ''] = publicKey.trim().split(/\s+/)
  const known = keyTypes[type]
  if (!known || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return undefined
  const blob = Buffer.from(encoded, 'base64')
  const fields = readFields(blob)
  if (fields?.[0]?.toString('latin1') !== type || fields.length !== known.fields + 1) return undefined
  if (fields.some(field => field.length === 0)) return undefined
  if (known.size !== undefined && fields.at(-1)?.length !== known.size) return undefined
  return colons(createHash('md5').update(blob).digest('hex'))
}

// RFC 4253 §6.6: the blob is a row of fields, each with its length in four bytes before it.
function readFields(blob: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = []
  let at = 0
  while (at < blob.length) {
    if (at + 4 > blob.length) return undefined
    const length = blob.readUInt32BE(at)
    at += 4
    if (at + length > blob.length) return undefined
    fields.push(blob.subarray(at, at + length))
    at += length
  }
  return fields
}

const colons = (hex: string): string => hex.match(/../g)!.join(':') // a digest is never empty

/** SHA-1 of a PEM certificate, `aa:bb:…`; undefined when the text is no certificate. */
export function x509Fingerprint(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).fingerprint.toLowerCase()
  } catch {
    return undefined
  }
}

export interface SshKeyPair {
  /** `ssh-rsa … Generated-by-Nova`, as Nova marks the keys it makes. */
  readonly publicKey: string
  /** PKCS#1 PEM. */
  readonly privateKey: string
  readonly fingerprint: string
}

/** A new 2048 bit RSA pair. */
export async function generateSshKeyPair(): Promise<SshKeyPair> {
  const pair = await generateKeyPair('rsa', { modulusLength: 2048 })
  const publicKey = `${opensshRsa(pair.publicKey)} Generated-by-Nova`
  return {
    publicKey,
    privateKey: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    fingerprint: sshFingerprint(publicKey)!, // just made
  }
}

function opensshRsa(key: KeyObject): string {
  const { e, n } = key.export({ format: 'jwk' })
  const fields = [Buffer.from('ssh-rsa'), positive(e!), positive(n!)] // an RSA key has both
  const blob = Buffer.concat(
    fields.flatMap(field => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(field.length)
      return [length, field]
    }),
  )
  return `ssh-rsa ${blob.toString('base64')}`
}

// RFC 4251 §5, mpint: a leading zero byte keeps a set high bit from meaning "negative".
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url')
  return bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes // numbers of a key are not empty
}
