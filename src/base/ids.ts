// Identifiers. Everything random goes through these functions, so that one file says what an id looks like.
import { randomBytes, randomInt, randomUUID } from 'node:crypto'

declare const brand: unique symbol
type Branded<T extends string> = string & { readonly [brand]: T }

export type ServerId = Branded<'server'>
export type ProjectId = Branded<'project'>
export type UserId = Branded<'user'>
/** `req-` + lower-case UUID; made by one service for one HTTP request. */
export type RequestId = Branded<'request'>

/** A random UUIDv4, lower-case with dashes (36 characters). */
export const newUuid = (): string => randomUUID()

/** A UUIDv4 without dashes (32 hex characters), as identity uses for users, projects and roles. */
export const newHexId = (): string => randomUUID().replaceAll('-', '')

/** A new local request id. */
export const newRequestId = (): RequestId => `req-${randomUUID()}` as RequestId // the brand is given here only

/** nova/oslo.context: lower-case hex only, UUID version not checked. Anything else is ignored silently. */
const requestIdPattern = /^req-[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/
export const isRequestId = (text: string): text is RequestId => requestIdPattern.test(text)

const uuidPattern = /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/
/** oslo.utils is_uuid_like: dashes optional, any version, any case. */
export const isUuidLike = (text: string): boolean => uuidPattern.test(text)

/** URL-safe random text carrying `bytes` bytes of entropy. */
export const randomText = (bytes: number): string => randomBytes(bytes).toString('base64url')

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Random letters and digits, about 6 bits each: nothing a shell or an option parser could take for something else. */
export const randomWord = (length: number): string =>
  Array.from({ length }, () => letters[randomInt(letters.length)]).join('')
