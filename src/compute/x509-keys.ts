// Key pairs of type x509: a certificate that its own key signs, for machines that take certificates instead of SSH keys
// (nova/crypto.py, generate_winrm_x509_cert). Node signs but builds no certificates, so the DER is written here.
import { generateKeyPair as makeKeyPair, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { Instant } from '../base/time.ts'
import { x509Fingerprint } from './ssh-keys.ts'

const generateKeyPair = promisify(makeKeyPair)

export interface X509KeyPair {
  /** The certificate, PEM. */
  readonly publicKey: string
  /** PKCS#8 PEM. */
  readonly privateKey: string
  readonly fingerprint: string
}

const lifetimeDays = 3650
const msPerDay = 86_400_000

/** A new 2048 bit RSA key and its certificate for `userId`, valid from now on for ten years. */
export async function generateX509KeyPair(userId: string, now: Instant): Promise<X509KeyPair> {
  const pair = await generateKeyPair('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const name = sequence(set(sequence(oid('2.5.4.3'), utf8(userId))))
  const content = sequence(
    tagged(0, integer(Buffer.from([2]))), // version 3
    integer(serialNumber()),
    signatureAlgorithm,
    name,
    sequence(time(now), time(now + lifetimeDays * msPerDay)),
    name,
    pair.publicKey,
    tagged(3, sequence(clientAuthentication, userPrincipalName(`${userId}@localhost`))),
  )
  const signature = sign('sha256', content, pair.privateKey)
  const der = sequence(content, signatureAlgorithm, bitString(signature))
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  const publicKey = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
  return { publicKey, privateKey: pair.privateKey, fingerprint: x509Fingerprint(publicKey)! } // just made
}

/** Positive, and not shortened by a leading zero. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40 // there are sixteen
  return bytes
}

// DER (X.690 §10): a tag, the length, the content.

function element(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  const length = body.length.toString(16)
  const bytes = Buffer.from(length.padStart(length.length + (length.length % 2), '0'), 'hex')
  const head = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | bytes.length, ...bytes]
  return Buffer.concat([Buffer.from(head), body])
}

const sequence = (...items: readonly Uint8Array[]) => element(0x30, ...items)
const set = (...items: readonly Uint8Array[]) => element(0x31, ...items)
const integer = (bytes: Uint8Array) => element(0x02, bytes)
const utf8 = (text: string) => element(0x0c, Buffer.from(text))
const octets = (bytes: Uint8Array) => element(0x04, bytes)
const bitString = (bytes: Uint8Array) => element(0x03, Buffer.from([0]), bytes)
/** Context-specific and constructed. */
const tagged = (number: number, ...content: readonly Uint8Array[]) => element(0xa0 | number, ...content)

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
function time(at: Instant): Buffer {
  const digits = new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)
  return digits < '2050'
    ? element(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : element(0x18, Buffer.from(`${digits}Z`))
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

const base128 = (value: number): number[] =>
  value < 0x80 ? [value] : [...base128(value >> 7).map(part => part | 0x80), value & 0x7f]

const sha256WithRsa = '1.2.840.113549.1.1.11'
const signatureAlgorithm = sequence(oid(sha256WithRsa), Buffer.from([0x05, 0x00]))
const clientAuthentication = sequence(oid('2.5.29.37'), octets(sequence(oid('1.3.6.1.5.5.7.3.2'))))
/** Who may log in with it: Windows looks for this name. */
const userPrincipalName = (name: string) =>
  sequence(
    oid('2.5.29.17'),
    octets(sequence(tagged(0, oid('1.3.6.1.4.1.311.20.2.3'), tagged(0, utf8(name))))),
  )
