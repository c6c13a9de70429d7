// AggregatePayload 1.1 and AggregateCachePayload 1.0, and what the unversioned twins say.
import { type NovaObject, payload } from './encode.ts'

export interface AggregateFacts {
  /** Null before the aggregate is made (`aggregate.create.start`). */
  readonly id: number | null
  readonly uuid: string
  readonly name: string
  readonly metadata: Readonly<Record<string, string>>
  /** Null before the aggregate is made. */
  readonly hosts: readonly string[] | null
}

/** What is being changed; unversioned payloads name it. */
export interface AggregateChange {
  readonly host?: string
  /** Keys set, or null to remove. */
  readonly metadata?: Readonly<Record<string, string | null>>
}

/** How caching images on one host of an aggregate went. */
export interface CacheProgress {
  readonly host: string
  readonly cached: readonly string[]
  readonly failed: readonly string[]
  /** This host is number `index` of `total`, counted from 1. */
  readonly index: number
  readonly total: number
}

export const aggregatePayload = (aggregate: AggregateFacts): NovaObject =>
  payload('AggregatePayload', {
    id: aggregate.id,
    uuid: aggregate.uuid,
    name: aggregate.name,
    hosts: aggregate.hosts,
    metadata: aggregate.metadata,
  })

export const aggregateCachePayload = (
  aggregate: Pick<AggregateFacts, 'id' | 'uuid' | 'name'>,
  progress: CacheProgress,
): NovaObject =>
  payload('AggregateCachePayload', {
    id: aggregate.id,
    uuid: aggregate.uuid,
    name: aggregate.name,
    host: progress.host,
    images_cached: progress.cached,
    images_failed: progress.failed,
    index: progress.index,
    total: progress.total,
  })

/** nova/objects/aggregate.py and nova/compute/api.py: each action has keys of its own, and `end` knows the name. */
export function legacyAggregate(
  action: string,
  phase: 'start' | 'end',
  aggregate: AggregateFacts,
  change: AggregateChange,
): object {
  const { id, name, metadata } = aggregate
  switch (action) {
    case 'create':
      return {
        name,
        ...(Object.keys(metadata).length > 0 ? { meta_data: metadata } : {}),
        ...(id === null ? {} : { aggregate_id: id }),
      }
    case 'add_host':
    case 'remove_host':
      return { aggregate_id: id, host_name: change.host, ...(phase === 'end' ? { name } : {}) }
    default:
      return { aggregate_id: id, ...(change.metadata ? { meta_data: change.metadata } : {}) }
  }
}
