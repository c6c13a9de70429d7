import { CliError } from '../errors.ts'

/** What the user is told of a file that is not there or may not be read; other errors as they are. */
export function readableError(error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException // whatever it is, its members are only looked at
  if (code !== 'ENOENT' && code !== 'EACCES') return error
  const why = code === 'ENOENT' ? 'there is no such file' : 'not allowed'
  return new CliError(`cannot read ${path ?? 'the logs'}: ${why}`, { cause: error })
}
