// How an aggregate looks, by microversion.
import { isoMicros } from '../../../base/time.ts'
import { type AggregateRecord, zoneKey } from '../../store/aggregates.ts'
import { compileView } from './compile.ts'

export const aggregateView = compileView<AggregateRecord, void, 'members'>([
  { key: 'id', value: aggregate => aggregate.id },
  { key: 'uuid', since: 'aggregateUuid', value: aggregate => aggregate.uuid },
  { key: 'name', value: aggregate => aggregate.name },
  { key: 'availability_zone', value: aggregate => aggregate.metadata[zoneKey] ?? null },
  // Create answers without these two.
  { key: 'hosts', policy: 'members', value: aggregate => aggregate.hosts },
  { key: 'metadata', policy: 'members', value: aggregate => aggregate.metadata },
  { key: 'created_at', value: aggregate => isoMicros(aggregate.createdAt) },
  {
    key: 'updated_at',
    value: aggregate => (aggregate.updatedAt === null ? null : isoMicros(aggregate.updatedAt)),
  },
  { key: 'deleted', value: () => false },
  { key: 'deleted_at', value: () => null },
])
