// The request a name, a server or `last` means, where only logs can tell: the newest that changed something.
import { limits } from '../model/limits.ts'
import { type Group, groupRecords } from './correlate/groups.ts'
import { inOrder } from './gather.ts'
import type { Handle } from './handle.ts'
import type { LogRecord } from './record.ts'
import type { Source, Window } from './source.ts'

/** Its local id; null when no request of that kind is in the logs. */
export async function newestRequest(
  handle: Exclude<Handle, { kind: 'request' }>,
  sources: readonly Source[],
  window: Window | null,
): Promise<string | null> {
  const found = async (text: string): Promise<readonly LogRecord[]> =>
    (await Promise.all(sources.map(source => source.find(new Set([text]), window)))).flatMap(
      ({ records }) => records,
    )
  switch (handle.kind) {
    case 'server':
      return newestIn(await found(handle.id), changes)
    case 'name':
      return newestNamed(await found(handle.name), found)
    case 'last':
      return newestIn(await recent(sources), changes)
    case 'last-failed':
      return newestIn(await recent(sources), failed)
  }
}

/** The newest records that tell of requests, of all sources. */
export const recent = async (sources: readonly Source[]): Promise<readonly LogRecord[]> =>
  (await Promise.all(sources.map(source => source.recent(limits.pageItemsMax)))).flat()

/** Lines that say a name mostly say an id as well: of those, the newest server's newest request. */
async function newestNamed(
  records: readonly LogRecord[],
  found: (text: string) => Promise<readonly LogRecord[]>,
): Promise<string | null> {
  const server = inOrder(records).findLast(({ serverId }) => serverId !== null)?.serverId
  return server == null ? newestIn(records, changes) : newestIn(await found(server), changes)
}

function newestIn(records: readonly LogRecord[], isWanted: (group: Group) => boolean): string | null {
  const groups = groupRecords(inOrder(records))
  return (groups.findLast(isWanted) ?? null)?.localId ?? null
}

/** It asked for a change, or something was done for it beyond the answer. */
const changes = ({ entry, nodes }: Group): boolean =>
  entry.access === null ? nodes.some(({ records }) => records.some(isUsers)) : entry.access.method !== 'GET'

const failed = (group: Group): boolean =>
  group.nodes.some(
    ({ status, records }) =>
      (status ?? 0) >= 400 || records.some(({ level }) => level === 'ERROR' || level === 'WARNING'),
  ) && changes(group)

/** Periodic tasks have ids of their own and no user. */
const isUsers = ({ userId }: LogRecord): boolean => userId !== null
