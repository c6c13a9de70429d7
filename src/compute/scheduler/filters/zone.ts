// The availability zone asked for; without one, any.
import { cause, type Filter } from './filter.ts'

export const zone: Filter = {
  name: 'AvailabilityZone',
  stage: 'placement',
  prepare({ request }) {
    if (request.zone === null) return null
    const refusal = cause('AvailabilityZone', 'NoHost.Zone', `is not in availability zone ${request.zone}`)
    return host => (host.zone === request.zone ? null : refusal)
  },
}
