// Which images a simulated host has: a file of ids, so that the next process still has them.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { readJson } from '../../../base/json.ts'

export interface ImageCacheFile {
  has(imageId: string): boolean
  /** False when it was there already. */
  add(imageId: string): boolean
}

/** The images listed in `file`; a write replaces the file at once. */
export function imageCacheFile(file: string): ImageCacheFile {
  mkdirSync(dirname(file), { recursive: true })
  const known = new Set(existsSync(file) ? readJson<string[]>(readFileSync(file, 'utf8')) : [])
  return {
    has: imageId => known.has(imageId),
    add(imageId) {
      if (known.has(imageId)) return false
      writeFileSync(`${file}.new`, JSON.stringify([...known, imageId]), { mode: 0o600 })
      renameSync(`${file}.new`, file)
      known.add(imageId)
      return true
    },
  }
}
