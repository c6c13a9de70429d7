// The brackets between logger and message: whose request it is, and which server.
// oslo.log: logging_context_format_string and logging_user_identity_format, as they were in each release.

export interface Ids {
  readonly globalId: string | null
  readonly localId: string | null
  readonly userId: string | null
  readonly projectId: string | null
}

export const noIds: Ids = { globalId: null, localId: null, userId: null, projectId: null }

const known = (word: string | undefined): string | null =>
  word === undefined || word === '' || word === '-' || word === 'None' ? null : word

const idPattern = /^[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$/

/**
 * Reads what stands between the brackets: `-`, `None req-… user project - - default default`, `req-… user project`.
 * Null when it is no context: part of the message.
 */
export function readContext(inner: string): Ids | null {
  if (inner === '-') return noIds
  const isLocalFirst = inner.startsWith('req-')
  if (!isLocalFirst && !inner.startsWith('None ') && !inner.startsWith('- ')) return null
  const words = inner.split(' ', 12)
  const [first = '', second = ''] = words
  const hasBoth = second.startsWith('req-')
  if (hasBoth) return { globalId: known(first), localId: second, ...identity(words, 2) }
  if (isLocalFirst) return { globalId: null, localId: first, ...identity(words, 1) }
  // `[None - - - - - -]`: a context whose ids are empty.
  return known(second) === null ? noIds : null
}

/**
 * User and project as oslo.log orders them. DevStack writes two names, the project's first
 * (devstack/functions, setup_systemd_logging).
 */
function identity(words: readonly string[], at: number): { userId: string | null; projectId: string | null } {
  const user = known(words[at])
  const project = known(words[at + 1])
  const isDevstack =
    at === 2 && words.length === 4 && user !== null && project !== null && !idPattern.test(user)
  return isDevstack ? { userId: project, projectId: user } : { userId: user, projectId: project }
}
