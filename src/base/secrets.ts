// Names under which requests and replies carry what no log may hold.

export const secretNames: ReadonlySet<string> = new Set([
  'password',
  'original_password',
  'adminPass',
  'admin_pass',
  'user_data',
  'OS-EXT-SRV-ATTR:user_data',
  'private_key',
  'secret',
  'blob',
  'auth_token',
])

/** True when a value with such a name stands anywhere in `value`. */
export function holdsSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, inner]) => secretNames.has(name) || holdsSecret(inner))
}
