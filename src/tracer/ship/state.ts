// How far each file has been shipped, in one file per target: what has arrived at one server is not at another. Written
// anew and renamed, so that a crash leaves the old one or the new one.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../../base/json.ts'
import { limits } from '../../model/limits.ts'
import { hash, type KnownFile } from './identity.ts'

export class ShipState {
  readonly path: string
  /** The one used last at the end. */
  private readonly files = new Map<string, KnownFile>()

  /** Throws when the folder cannot be written, or when what is there is no state of ours. */
  constructor(folder: string, target: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.path = join(folder, `shipped-${hash(target).slice(0, 12)}.json`)
    for (const file of readFiles(this.path)) this.files.set(file.id, file)
  }

  get known(): readonly KnownFile[] {
    return [...this.files.values()]
  }

  get(id: string): KnownFile | undefined {
    return this.files.get(id)
  }

  set(file: KnownFile): void {
    this.files.delete(file.id)
    this.files.set(file.id, file)
    for (const oldest of this.files.keys()) {
      if (this.files.size <= limits.shipFilesMax) break
      this.files.delete(oldest)
    }
  }

  /** On the disk when it returns. */
  save(): void {
    const temporary = `${this.path}.new`
    const file = openSync(temporary, 'w', 0o600)
    try {
      writeFileSync(file, JSON.stringify({ version: 1, files: this.known }))
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, this.path)
  }
}

function readFiles(path: string): readonly KnownFile[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  const value: unknown = JSON.parse(text)
  if (!isObject(value) || value.version !== 1 || !Array.isArray(value.files))
    throw new Error(`${path} is not a state of this version; move it away to ship everything again`)
  return value.files as readonly KnownFile[] // `save` wrote them
}
