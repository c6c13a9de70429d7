// GET /resource_filters (3.33): by what lists can be filtered.
import { resourceFilters } from '../../model/volume-filters.ts'
import { json, type Reply } from '../../platform/http/types.ts'
import type { VolumeCall } from '../access.ts'

/** Of one resource where it is named; of none where nobody knows it. */
export function listResourceFilters(call: VolumeCall): Reply {
  const wanted = call.query.one('resource') || undefined
  return json(200, {
    resource_filters: Object.entries(resourceFilters)
      .filter(([resource]) => wanted === undefined || wanted === resource)
      .map(([resource, filters]) => ({ resource, filters })),
  })
}
