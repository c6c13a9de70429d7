// Nova's documented requests and answers (fixtures/nova-api-samples): `<area>/[v2.N/]<name>.json`, where v2.N is the
// first microversion a sample is for, and a file beside the folders is for 2.1.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Json } from '../../../src/base/json.ts'

const folder = join(import.meta.dirname, '../fixtures/nova-api-samples')

export interface SampleFile {
  /** Below the folder, without `.json`: `servers/v2.47/server-get-resp`. */
  readonly path: string
  readonly area: string
  readonly minor: number
  readonly name: string
}

export const sampleFiles: readonly SampleFile[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.json'))
  .sort()
  .map(file => {
    const path = file.replaceAll('\\', '/').slice(0, -'.json'.length)
    const parts = path.split('/')
    const version = /^v2\.(\d+)$/.exec(parts[1] ?? '')
    return {
      path,
      area: parts[0] ?? '',
      minor: version ? Number(version[1]) : 1,
      name: parts.at(-1) ?? '',
    }
  })

const families = Map.groupBy(sampleFiles, ({ area, name }) => `${area}/${name}`)

/** All versions of a sample, oldest first; `sample` is `<area>/<name>`. */
export function versionsOfSample(sample: string): readonly SampleFile[] {
  const files = families.get(sample)
  if (!files) throw new Error(`there is no sample ${sample}`)
  return files.toSorted((a, b) => a.minor - b.minor)
}

export const readSample = ({ path }: SampleFile): Json =>
  JSON.parse(readFileSync(join(folder, `${path}.json`), 'utf8')) as Json
