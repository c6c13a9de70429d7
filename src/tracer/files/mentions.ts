import type { LogRecord } from '../record.ts'

/** Whether one of the texts stands in what is kept of a record. */
export function mentions(record: LogRecord, texts: ReadonlySet<string>): boolean {
  const { globalId, localId, serverId, userId, projectId } = record
  for (const id of [localId, globalId, serverId, userId, projectId])
    if (id !== null && texts.has(id)) return true
  for (const text of texts)
    if (
      record.message.includes(text) ||
      record.access?.path.includes(text) ||
      record.traceback.some(line => line.includes(text))
    )
      return true
  return false
}
