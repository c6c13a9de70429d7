// What a token says: who, for what scope, how and when they logged in. Ids only, in about 100 bytes, signed with the
// database's own key; everything else is read when the token is checked.
//   `flt1_` + base64url( payload, HMAC-SHA256 of prefix and payload ) : at most 254 characters, safe in URLs.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Instant } from '../base/time.ts'

export const authMethods = ['password', 'token', 'application_credential'] as const
export type AuthMethod = (typeof authMethods)[number]

export type Scope =
  | { readonly kind: 'none' }
  | { readonly kind: 'project' | 'domain'; readonly id: string }
  | { readonly kind: 'system' }

export interface TokenPayload {
  readonly userId: string
  readonly methods: readonly AuthMethod[]
  readonly scope: Scope
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  /** 22 characters of base64url; names this token in revocations. */
  readonly auditId: string
  /** Audit id of the first token in a chain of rescopings; null for that first one. */
  readonly chainId: string | null
  readonly credentialId: string | null
}

const prefix = 'flt1_'
const macBytes = 32
const auditBytes = 16
const scopeKinds = ['none', 'project', 'domain', 'system'] as const

export const newAuditId = (): string => randomBytes(auditBytes).toString('base64url')

export function writeToken(payload: TokenPayload, key: Buffer): string {
  const { scope } = payload
  const body = Buffer.concat([
    Buffer.from([
      payload.methods.reduce((bits, method) => bits | (1 << authMethods.indexOf(method)), 0),
      scopeKinds.indexOf(scope.kind),
    ]),
    time(payload.issuedAt),
    time(payload.expiresAt),
    Buffer.from(payload.auditId, 'base64url'),
    packed(payload.userId),
    packed('id' in scope ? scope.id : ''),
    packed(payload.credentialId ?? ''),
    payload.chainId === null ? Buffer.alloc(0) : Buffer.from(payload.chainId, 'base64url'),
  ])
  return prefix + Buffer.concat([body, mac(body, key)]).toString('base64url')
}

/** The payload of a token made with `key`; null for everything else. Does not look at the time. */
export function readToken(token: string, key: Buffer): TokenPayload | null {
  if (!token.startsWith(prefix)) return null
  const text = token.slice(prefix.length)
  const bytes = Buffer.from(text, 'base64url')
  // Decoding forgives characters and bits that do not belong; a token has one spelling.
  if (bytes.length <= macBytes || bytes.toString('base64url') !== text) return null
  const body = bytes.subarray(0, -macBytes)
  if (!timingSafeEqual(mac(body, key), bytes.subarray(-macBytes))) return null
  return unpack(body)
}

// Signed, so written by writeToken: no bounds to check.
function unpack(body: Buffer): TokenPayload {
  let at = 14
  const take = (length: number): Buffer => {
    at += length
    return body.subarray(at - length, at)
  }
  const takeId = (): string => {
    const length = take(1)[0]!
    return length === hexId ? take(16).toString('hex') : take(length).toString()
  }
  const kind = scopeKinds[body[1]!]!
  const auditId = take(auditBytes).toString('base64url')
  const userId = takeId()
  const scopeId = takeId()
  const credentialId = takeId()
  return {
    userId,
    methods: authMethods.filter((_, index) => body[0]! & (1 << index)),
    scope: kind === 'project' || kind === 'domain' ? { kind, id: scopeId } : { kind },
    issuedAt: body.readUIntBE(2, 6),
    expiresAt: body.readUIntBE(8, 6),
    auditId,
    chainId: at < body.length ? take(auditBytes).toString('base64url') : null,
    credentialId: credentialId === '' ? null : credentialId,
  }
}

const mac = (body: Buffer, key: Buffer) => createHmac('sha256', key).update(prefix).update(body).digest()

function time(at: Instant): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(at, 0, 6)
  return bytes
}

/** Marks an id of 32 hex digits, written in half the room; ids are never this long otherwise (at most 64). */
const hexId = 255

function packed(id: string): Buffer {
  if (/^[0-9a-f]{32}$/.test(id)) return Buffer.concat([Buffer.from([hexId]), Buffer.from(id, 'hex')])
  const text = Buffer.from(id)
  return Buffer.concat([Buffer.from([text.length]), text])
}
