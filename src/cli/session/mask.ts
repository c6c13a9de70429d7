// What `--debug` must not show: tokens become {SHA256}digest as keystoneauth prints them, secrets become ***.
import { createHash } from 'node:crypto'
import { secretNames } from '../../base/secrets.ts'

const tokenHeaders = new Set(['x-auth-token', 'x-subject-token', 'authorization', 'set-cookie'])

export const maskHeader = (name: string, value: string): string =>
  tokenHeaders.has(name.toLowerCase()) ? `{SHA256}${createHash('sha256').update(value).digest('hex')}` : value

/** A copy of a JSON value with every secret replaced. */
export function maskSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskSecrets)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (secretNames.has(key) && typeof inner !== 'object') return [key, inner === null ? null : '***']
      // A password method holds a user object: only its texts are secret, deeper down.
      // The token method names the token by its id: {"token": {"id": "…"}}.
      if (key === 'token' && isTokenMethod(inner)) return [key, { ...inner, id: '***' }]
      return [key, maskSecrets(inner)]
    }),
  )
}

const isTokenMethod = (value: unknown): value is { readonly id: string } =>
  typeof value === 'object' && value !== null && 'id' in value && Object.keys(value).length === 1
