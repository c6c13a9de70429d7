// What the tests of log files share: folders that go away, lines, and the plain way to find records in them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { mentions } from '../../src/tracer/files/mentions.ts'
import { RecordReader } from '../../src/tracer/parse/reader.ts'
import type { LogRecord } from '../../src/tracer/record.ts'

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-logs-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export const uuidOf = (number: number): string =>
  `${number.toString(16).padStart(8, '0')}-5c1d-4f0e-9a3b-${(number * 7919).toString(16).padStart(12, '0')}`

const start = Date.UTC(2026, 10, 23, 9, 30)
export const timeOf = (ms: number): number => start + ms

/** A line in oslo.log's default form, `ms` after half past nine. */
export function logLine(
  ms: number,
  text: string,
  {
    request = 1,
    process = 4242,
    level = 'INFO',
  }: { request?: number; process?: number; level?: string } = {},
): string {
  const at = new Date(timeOf(ms)).toISOString().replace('T', ' ').slice(0, 23)
  const ids = `None req-${uuidOf(request)} 92c6d931b85b4254a3f356867acdfa6c 6cb7d311c5094af8b581cca07da233ff`
  return `${at} ${process} ${level} nova.compute.manager [${ids} - - default default] ${text}`
}

/** A line of a traceback as oslo.log prefixes it. */
export const traceLine = (ms: number, text: string, process = 4242): string =>
  `${new Date(timeOf(ms)).toISOString().replace('T', ' ').slice(0, 23)} ${process} ERROR nova.compute.manager ${text}`

/** Every line through one reader; the records in whose first line, or in whose text, one of the texts stands. */
export function findPlainly(file: string, content: string, texts: ReadonlySet<string>): LogRecord[] {
  const reader = new RecordReader({ file })
  const lines = content.split('\n')
  if (lines.at(-1) === '') lines.pop()
  const heads = new Set<number>()
  const records: LogRecord[] = []
  let offset = 0
  for (const line of lines) {
    const length = Buffer.byteLength(line)
    if ([...texts].some(text => line.includes(text))) heads.add(offset)
    records.push(...reader.push(line, offset, length))
    offset += length + 1
  }
  records.push(...reader.end())
  return inOrder(records.filter(record => heads.has(record.place.offset) || mentions(record, texts)))
}

export const inOrder = (records: readonly LogRecord[]): LogRecord[] =>
  [...records].sort((a, b) => a.place.file.localeCompare(b.place.file) || a.place.offset - b.place.offset)
