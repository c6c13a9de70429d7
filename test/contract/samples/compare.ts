// What of an answer is not as in its sample: keys, types, and the form of what is written in strings. Values are free.
import { isObject } from '../../../src/base/json.ts'

/** Strings whose form is part of the contract, by name; the first that fits is a string's form. */
const forms: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  'request id': /^req-[0-9a-f-]{36}$/,
  'reservation id': /^r-[0-9a-z]{8}$/,
  'instance name': /^instance-[0-9a-f]{8}$/,
  'time with Z': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  'time with offset': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/,
  'time in microseconds': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/,
  'time in seconds': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  'time with a blank': /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?$/,
  mac: /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/,
  fingerprint: /^([0-9a-f]{2}:){15}[0-9a-f]{2}$/,
  cidr: /^[0-9a-f.:]+\/\d+$/,
  'ip address': /^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}$/,
  'host id': /^[0-9a-f]{56}$/,
  url: /^[a-z]+:\/\//,
  'path id': /^\?token=/,
  boolean: /^(True|False)$/,
}

/** Objects whose keys are data, and how deep that goes: `hosts` of a zone are hosts, then binaries. */
const maps: Readonly<Record<string, number>> = {
  metadata: 1,
  meta: 1,
  extra_specs: 1,
  addresses: 1,
  properties: 1,
  scheduler_hints: 1,
  hosts: 2,
  log: 1,
  cpu_pinning: 1,
}

/** What is null at some resources and not at others; a sample shows one of them. */
const nullable: ReadonlySet<string> = new Set([
  'OS-EXT-SRV-ATTR:kernel_id',
  'OS-EXT-STS:task_state',
  'OS-EXT-SRV-ATTR:ramdisk_id',
  'OS-EXT-SRV-ATTR:user_data',
  'description',
  'disabled_reason',
  'hypervisor_os',
  'internal_access_path',
  'key_name',
  'locked_reason',
  'pinned_availability_zone',
  'rx_rate',
  'tls_port',
  'trusted_image_certificates',
  'tx_rate',
  'updated_at',
  'uptime',
  'volumeType',
])

/** Strings that are free text however a sample writes them: names somebody chose. */
const free: ReadonlySet<string> = new Set([
  'name',
  'host',
  'display_name',
  'user_id',
  'tenant_id',
  'project_id',
  'hosts_not_run',
])

const formOf = (text: string): string => {
  for (const [name, form] of Object.entries(forms)) if (form.test(text)) return name
  return 'text'
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value

/** Each difference with its place; none when the answer is as the sample. `project` is the one in the answer's links. */
export const differences = (answer: unknown, sample: unknown, project: string): readonly string[] =>
  compare({ answer, sample, at: '', key: '', mapDepth: 0 }, project)

interface Pair {
  readonly answer: unknown
  readonly sample: unknown
  readonly at: string
  /** The last key on the way here; of a list, the list's. */
  readonly key: string
  /** For how many levels keys are data. */
  readonly mapDepth: number
}

function compare(pair: Pair, project: string): readonly string[] {
  const { answer, sample, at, key } = pair
  const [got, wanted] = [typeOf(answer), typeOf(sample)]
  if (got !== wanted) {
    const isNull = got === 'null' || wanted === 'null'
    return isNull && nullable.has(key) ? [] : [`${at} is ${got}, in the sample ${wanted}`]
  }
  if (Array.isArray(answer) && Array.isArray(sample)) return compareLists(pair, answer, sample, project)
  if (isObject(answer) && isObject(sample))
    return pair.mapDepth > 0
      ? compareMaps(pair, Object.entries(answer), Object.values(sample), project)
      : compareObjects(pair, answer, sample, project)
  if (typeof answer === 'string' && typeof sample === 'string') {
    if (key === 'href') return compareLinks(at, answer, sample, project)
    if (key === 'rel') return answer === sample ? [] : [`${at} is ${answer}, in the sample ${sample}`]
    const form = formOf(sample)
    if (form !== 'text' && !free.has(key) && formOf(answer) !== form)
      return [`${at} is ${formOf(answer)} (${answer.slice(0, 60)}), in the sample ${form}`]
  }
  return []
}

function compareObjects(
  { at }: Pair,
  answer: Record<string, unknown>,
  sample: Record<string, unknown>,
  project: string,
): readonly string[] {
  const missing = Object.keys(sample).filter(key => !Object.hasOwn(answer, key))
  const extra = Object.keys(answer).filter(key => !Object.hasOwn(sample, key))
  const both = Object.keys(answer).filter(key => Object.hasOwn(sample, key))
  return [
    ...missing.map(key => `${at}.${key} is missing`),
    ...extra.map(key => `${at}.${key} is not in the sample`),
    ...both.flatMap(key =>
      compare(
        { answer: answer[key], sample: sample[key], at: `${at}.${key}`, key, mapDepth: maps[key] ?? 0 },
        project,
      ),
    ),
  ]
}

// Any of the sample's values shows what a value looks like.
function compareMaps(
  { at, key, mapDepth }: Pair,
  answer: readonly (readonly [string, unknown])[],
  samples: readonly unknown[],
  project: string,
): readonly string[] {
  if (answer.length === 0 && samples.length > 0) return [`${at} is empty`]
  return answer.flatMap(([name, value]) =>
    nearest(
      samples.map(sample =>
        compare({ answer: value, sample, at: `${at}.${name}`, key, mapDepth: mapDepth - 1 }, project),
      ),
    ),
  )
}

// Every item is as some item of the sample; links stand in the sample's order.
function compareLists(
  { at, key }: Pair,
  answer: readonly unknown[],
  samples: readonly unknown[],
  project: string,
): readonly string[] {
  if (answer.length === 0 && samples.length > 0) return [`${at} is empty`]
  if (key.endsWith('links') && answer.length !== samples.length)
    return [`${at} has ${answer.length} links, in the sample ${samples.length}`]
  return answer.flatMap((item, index) =>
    nearest(
      samples
        .filter((_, place) => !key.endsWith('links') || place === index)
        .map(sample => compare({ answer: item, sample, at: `${at}[${index}]`, key, mapDepth: 0 }, project)),
    ),
  )
}

const nearest = (all: readonly (readonly string[])[]): readonly string[] =>
  all.toSorted((a, b) => a.length - b.length)[0] ?? []

const exampleProject = '6f70656e737461636b20342065766572'

/** A link without what differs between clouds: `v2.1/{project}/servers/{id}?limit&marker`. */
function plainLink(href: string, project: string): string {
  const url = new URL(href)
  const parts = url.pathname.split('/').filter(part => part !== '' && part !== 'compute' && part !== 'image')
  const plain = parts.map(part => {
    if (part === project || part === exampleProject) return '{project}'
    if (part === 'v2') return 'v2.1' // older samples
    return forms.uuid?.test(part) || /^\d+$/.test(part) ? '{id}' : part
  })
  const query = [...url.searchParams.keys()].sort()
  return `${plain.join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`
}

function compareLinks(at: string, answer: string, sample: string, project: string): readonly string[] {
  const [got, wanted] = [plainLink(answer, project), plainLink(sample, project)]
  return got === wanted ? [] : [`${at} leads to ${got}, in the sample to ${wanted}`]
}
