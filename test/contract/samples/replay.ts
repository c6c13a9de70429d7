// Sends the samples of a row to a cloud, at every microversion that tells them apart, and says what is not as documented.
import { isObject, type Json } from '../../../src/base/json.ts'
import type { Answer } from '../../support/one-service.ts'
import { differences } from './compare.ts'
import { examples } from './examples.ts'
import { excluded } from './excluded.ts'
import { readSample, type SampleFile, versionsOfSample } from './files.ts'
import { type SampleRow, valueAt } from './rows.ts'
import type { Stage } from './stage.ts'

const newest = 104

export const nameOf = (row: SampleRow): string =>
  `${row.method} ${row.request ?? row.response ?? String(row.path)}${row.variant ? ` (${row.variant})` : ''}`

/** What is sent, and what is answered, at one microversion. */
export interface Replay {
  readonly minor: number
  readonly request: SampleFile | undefined
  readonly response: SampleFile | undefined
}

/**
 * The microversions a row is replayed at: where a sample, or a change nobody made a sample of, begins, and the last
 * before the next one. In between, the answer must be the older sample's.
 */
export function replaysOf(row: SampleRow): readonly Replay[] {
  const versions = (sample: string | undefined) =>
    sample === undefined
      ? undefined
      : versionsOfSample(sample).filter(({ path, minor }) => !excluded.has(path) && !row.not?.includes(minor))
  const [requests, responses] = [versions(row.request), versions(row.response)]
  const files = [requests ?? [], responses ?? []]
  const first = row.since ?? Math.max(...files.map(([oldest]) => oldest?.minor ?? 1))
  const last = row.until ?? newest
  const tables = [row.changes, row.before, row.status, row.as].flatMap(table =>
    typeof table === 'object' ? [table] : [],
  )
  const starts = [
    first,
    ...files.flat().map(({ minor }) => minor),
    ...tables.flatMap(table => Object.keys(table).map(Number)),
  ]
  const points = [...new Set(starts)].filter(minor => minor >= first && minor <= last).sort((a, b) => a - b)
  const minors = points.flatMap((start, index) => [start, (points[index + 1] ?? last + 1) - 1])
  const at = (all: readonly SampleFile[] | undefined, minor: number) =>
    all?.findLast(file => file.minor <= minor) ?? all?.[0]
  return [...new Set(minors)].map(minor => ({
    minor,
    request: at(requests, minor),
    response: at(responses, minor),
  }))
}

/** Each difference, with its microversion; none when all is as documented. */
export async function replay(stage: Stage, row: SampleRow): Promise<readonly string[]> {
  const found: string[] = []
  for (const one of replaysOf(row))
    found.push(...(await replayAt(stage, row, one)).map(text => `2.${one.minor}: ${text}`))
  return found
}

async function replayAt(stage: Stage, row: SampleRow, one: Replay): Promise<readonly string[]> {
  const { cloud } = stage
  const as = valueAt(row.as ?? 'admin', one.minor)
  const project = cloud.projectId[as]
  const path = typeof row.path === 'string' ? row.path : await row.path(stage, one.minor)
  const put = (await row.put?.(stage, one.minor)) ?? {}
  const sample = one.request ? await real(stage, readSample(one.request), put) : row.body
  const body = row.mend ? await row.mend(sample as never, stage, one.minor) : sample
  const answer = await cloud.ask(row.method, `/compute/v2.1/${project}${path}`, {
    as,
    version: `2.${one.minor}`,
    ...(body === undefined ? {} : { body }),
  })
  if (!row.busy) await cloud.settled()
  const found = judge(row, one, answer, project)
  await row.after?.(stage, one.minor)
  return found
}

function judge(row: SampleRow, one: Replay, answer: Answer, project: string): readonly string[] {
  const status = valueAt(row.status, one.minor)
  if (answer.status !== status) return [`answered ${answer.status}, not ${status}: ${answer.text}`]
  if (status >= 400) return refusal(answer)
  if (!one.response) return answer.text === '' ? [] : [`answered a body: ${answer.text}`]
  const found = differences(answer.body, documented(row, one), project)
  const empty = new Set(row.lacks?.map(key => `${key} is empty`))
  return found.filter(text => !empty.has(text.slice(text.lastIndexOf('.') + 1)))
}

/** A refusal is one object that says its code and why. */
const refusal = ({ status, body }: Answer): readonly string[] => {
  const [fault] = isObject(body) ? Object.values(body) : []
  const isFault = isObject(fault) && fault.code === status && typeof fault.message === 'string'
  return isFault ? [] : [`refused with ${JSON.stringify(body)}`]
}

/** The sample as it is at a microversion. */
function documented(row: SampleRow, { response, minor }: Replay): unknown {
  if (!response) return undefined
  let text = JSON.stringify(readSample(response))
  for (const [name, here] of Object.entries(row.called ?? {})) text = text.replaceAll(name, here)
  let sample = JSON.parse(text) as unknown
  for (const [since, change] of Object.entries(row.changes ?? {}))
    if (Number(since) > response.minor && Number(since) <= minor) sample = change(sample as never)
  for (const [until, change] of Object.entries(row.before ?? {}).toReversed())
    if (Number(until) > minor && Number(until) <= response.minor) sample = change(sample as never)
  return row.amend ? row.amend(sample as never) : sample
}

/** A request with the names of this cloud. */
async function real(stage: Stage, value: Json, put: Readonly<Record<string, unknown>>): Promise<unknown> {
  if (typeof value === 'string') return Object.hasOwn(examples, value) ? examples[value]!(stage) : value
  if (Array.isArray(value)) return Promise.all(value.map(item => real(stage, item, put)))
  if (!isObject(value)) return value
  const entries = Object.entries(value as Record<string, Json>).map(async ([key, item]) => [
    key,
    Object.hasOwn(put, key) ? put[key] : await real(stage, item, put),
  ])
  return Object.fromEntries(await Promise.all(entries))
}
