// A source whose records fit in memory: notifications, what a broker holds. Files of logs do not; see log-files.ts.
import type { Gap } from '../../model/trace.ts'
import { inOrder } from '../gather.ts'
import type { LogRecord } from '../record.ts'
import type { Coverage, Source } from '../source.ts'

export function heldSource(name: string, records: readonly LogRecord[], gaps: readonly Gap[]): Source {
  const ordered = inOrder(records)
  const texts = new Map(ordered.map(record => [record, textOf(record)]))
  return {
    name,
    find: async wanted => ({
      records: ordered.filter(record =>
        [...wanted].some(text => texts.get(record)?.includes(text.toLowerCase())),
      ),
      gaps,
    }),
    coverage: () => coverageOf(ordered),
    recent: async limit => ordered.slice(-limit).reverse(),
    close: async () => {},
  }
}

const textOf = ({ globalId, localId, serverId, message, access, traceback }: LogRecord): string =>
  [globalId, localId, serverId, message, access?.path, ...traceback].join('\n').toLowerCase()

export function coverageOf(records: readonly LogRecord[]): readonly Coverage[] {
  const parts = new Map<string, Coverage>()
  for (const { service, host, at, level } of records) {
    const key = `${service}\n${host ?? ''}`
    const known = parts.get(key)
    parts.set(key, {
      service,
      host,
      from: at === null ? (known?.from ?? null) : Math.min(known?.from ?? at, at),
      to: at === null ? (known?.to ?? null) : Math.max(known?.to ?? at, at),
      hasDebug: level === 'DEBUG' || known?.hasDebug === true,
    })
  }
  return [...parts.values()]
}
