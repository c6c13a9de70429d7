// The data directory: made private, held by one process at a time, with the passwords that belong to it.
import { accessSync, constants, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { randomWord } from '../base/ids.ts'
import { readJson } from '../base/json.ts'
import { StartError } from './start-error.ts'

export interface Passwords {
  readonly admin: string
  readonly demo: string
  readonly service: string
}

export interface DataFolder {
  readonly path: string
  readonly passwords: Passwords
  release(): void
}

/** Opens the folder, makes it when it is not there, and takes it for this process. */
export function openDataFolder(given: string): DataFolder {
  const path = resolve(given)
  try {
    makeFolder(path)
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new StartError(
      `the data directory ${path} cannot be written (${reasonOf(cause)}); choose another with --data`,
      { cause },
    )
  }
  const lock = takeLock(path)
  return { path, passwords: readPasswords(path), release: () => lock.close() }
}

// Node's own way to make parents goes round for ever where the system answers ENOENT below something that is there:
// below /proc, below a link that leads nowhere.
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException // the file system's errors
    if (code === 'EEXIST' && statSync(path).isDirectory()) return
    if (code !== 'ENOENT' || lstatSync(dirname(path), { throwIfNoEntry: false })) throw cause
    makeFolder(dirname(path))
    mkdirSync(path, { mode: 0o700 })
  }
}

// The operating system frees SQLite's file lock when the process ends, however it ends: no stale lock files.
function takeLock(path: string): DatabaseSync {
  try {
    const lock = new DatabaseSync(join(path, '.lock'), { timeout: 0 })
    lock.exec('pragma locking_mode = exclusive; begin exclusive')
    return lock
  } catch (cause) {
    if (reasonOf(cause).includes('locked'))
      throw new StartError(
        `another faultline is running on ${path}; stop it first, or choose another directory with --data`,
        { cause },
      )
    throw new StartError(`the data directory ${path} cannot be locked (${reasonOf(cause)})`, { cause })
  }
}

function readPasswords(path: string): Passwords {
  const file = join(path, 'passwords.json')
  try {
    return readJson(readFileSync(file, 'utf8'))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new StartError(`${file} cannot be read (${reasonOf(cause)})`, { cause })
  }
  const made = { admin: randomWord(20), demo: randomWord(20), service: randomWord(32) }
  writeFileSync(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  return made
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
