// Which records are the request's own: said under its ids. What stands beside them at the same time belongs when it is
// about a thing the request's own failure names, and nobody else's request for a server.
import type { Evidence } from '../evidence.ts'
import type { LogRecord } from '../record.ts'

export function ownIn({ calls }: Evidence): (record: LogRecord) => boolean {
  const ids = new Set(calls.flatMap(({ call }) => [call.localId, call.globalId]).filter(id => id !== null))
  if (ids.size === 0) return () => true
  return ({ localId, globalId }) =>
    (localId !== null && ids.has(localId)) || (globalId !== null && ids.has(globalId))
}

/** `told`: the own records that something was found in. */
export function besideOf({ serverId }: Evidence, told: readonly LogRecord[]): (record: LogRecord) => boolean {
  const things = new Set(
    told.flatMap(record => [...uuidsIn(record.message), ...record.traceback.flatMap(uuidsIn)]),
  )
  if (serverId !== null) things.add(serverId)
  return record =>
    (record.userId === null || !record.service.startsWith('nova')) &&
    ((record.serverId !== null && things.has(record.serverId)) ||
      uuidsIn(record.message).some(id => things.has(id)))
}

const uuid = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g
const uuidsIn = (text: string): string[] => text.match(uuid) ?? []
