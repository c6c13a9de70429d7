// What other services may tell of servers (os-server-external-events), and since when.
import type { ComputeFeature } from './microversions.ts'

export const externalEvents = {
  'network-changed': 'baseline',
  'network-vif-plugged': 'baseline',
  'network-vif-unplugged': 'baseline',
  'network-vif-deleted': 'baseline',
  'volume-extended': 'actionEvents',
  'power-update': 'powerUpdate',
  'accelerator-request-bound': 'acceleratorEvents',
  'volume-reimaged': 'rebuildVolumeBacked',
} as const satisfies Record<string, ComputeFeature>

export type ExternalEventName = keyof typeof externalEvents
