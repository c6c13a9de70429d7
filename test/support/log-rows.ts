// Tables of log lines and the records they become, for the tests of each format.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FileHint, RecordReader, startsRecord } from '../../src/tracer/parse/reader.ts'
import type { LogRecord } from '../../src/tracer/record.ts'

export const local = 'req-f475ad32-4c0a-421f-a77c-0dd30e99339b'
export const global = 'req-2e5c4b19-a26f-4db3-9fda-c311aaaa113a'
export const user = '92c6d931b85b4254a3f356867acdfa6c'
export const project = '6cb7d311c5094af8b581cca07da233ff'
export const server = '2a6513a3-9864-4f44-b27a-8554e4436f0d'
export const who = { userId: user, projectId: project }
export const instant = Date.UTC(2026, 10, 23, 9, 30, 40)
export const at = instant + 234
export const rest = `[None ${local} ${user} ${project} - - default default]`
export const compute = { at, level: 'INFO', logger: 'nova.compute.manager', service: 'nova-compute' }
export const plain = { ...compute, localId: local, ...who, message: 'Took 0.80 seconds' }

export const line = `2026-11-23 09:30:40.234 7 INFO nova.compute.manager ${rest} Took 0.80 seconds`

export interface LogRow {
  readonly name: string
  readonly line: string
  readonly hint?: Partial<FileHint>
  readonly is: Partial<LogRecord>
}

/** A test for each row: what the row does not name does not matter to it. */
export function checkRows(rows: readonly LogRow[]): void {
  for (const { name, line, hint, is } of rows)
    test(name, () => {
      const reader = new RecordReader({ file: 'all', ...hint }, { now: () => Date.UTC(2027, 0, 2) })
      const records = [...reader.push(line, 5, line.length + 1), ...reader.end()]
      const [record] = records
      assert.ok(record)
      assert.equal(records.length, 1)
      // Only what the row names.
      const names = Object.keys(is) as (keyof LogRecord)[] // a part of a record has names of a record
      const seen = Object.fromEntries(names.map(name => [name, record[name]]))
      assert.deepEqual(seen, is)
      assert.deepEqual(record.place, { file: hint?.file ?? 'all', offset: 5, length: line.length + 1 })
      assert.equal(startsRecord(line), true)
    })
}
