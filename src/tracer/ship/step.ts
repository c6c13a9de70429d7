// What a duration is of, in few enough words to count by: ids, names and numbers are left out.
import type { LogRecord } from '../record.ts'

export interface Step {
  readonly step: string
  readonly tookMs: number | null
}

/** Of a request line the method and the path; of Nova's `Took 0.80 seconds to …` lines the rest of the sentence. */
export function stepOf({ access, message }: Pick<LogRecord, 'access' | 'message'>): Step | null {
  if (access) return { step: `${access.method} ${pathTemplate(access.path)}`, tookMs: access.durationMs }
  const took = tookPattern.exec(message)
  return took ? { step: withoutNames(took[2] ?? ''), tookMs: Math.round(Number(took[1]) * 1000) } : null
}

// nova/compute/manager.py: "Took %0.2f seconds to build instance.", "Took %(time).2f seconds for
// pre_live_migration on destination host %(dest)s."
const tookPattern = /^Took (\d{1,9}(?:\.\d{1,9})?) seconds (?:to|for) ([^\n]{1,300})/

const withoutNames = (sentence: string): string =>
  sentence
    .replace(/\.$/, '')
    .replace(uuidAnywhere, '{id}')
    .replace(/\b(host|node) [\w.-]+$/, '$1')
    .replace(/\b\d+\b/g, '{n}')

const uuidAnywhere = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi

/** `/v2.1/servers/2a65…/action?x=1` → `/v2.1/servers/{id}/action` */
export function pathTemplate(path: string): string {
  const [plain = ''] = path.split('?', 1)
  const words = plain.split('/').slice(0, segmentsMax)
  return words
    .map((word, at) => {
      if (idPattern.test(word)) return '{id}'
      const before = words[at - 1]
      return before !== undefined && named.has(before) && word !== '' && !verbs.has(word) ? '{name}' : word
    })
    .join('/')
}

const segmentsMax = 12
const idPattern =
  /^(?:req-)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$|^[0-9a-f]{32}$|^[0-9a-f]{64}$|^\d+$/i

/** Collections whose members go by names. */
const named = new Set([
  'allocations',
  'extra_specs',
  'flavors',
  'images',
  'metadata',
  'os-aggregates',
  'os-availability-zone',
  'os-extra_specs',
  'os-hosts',
  'os-hypervisors',
  'os-keypairs',
  'os-quota-class-sets',
  'os-quota-sets',
  'properties',
  'quotas',
  'resource_classes',
  'tags',
  'traits',
])
/** What stands there and is no name. */
const verbs = new Set(['detail', 'statistics', 'default', 'defaults'])
