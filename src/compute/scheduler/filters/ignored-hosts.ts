// Hosts the request must not go to (nova's ignore_hosts), each with its own cause.
import { cause, type Filter } from './filter.ts'

export const ignoredHosts: Filter = {
  name: 'IgnoredHosts',
  stage: 'host',
  onRebuild: true,
  prepare({ request }) {
    if (request.ignore.length === 0) return null
    const refusals = new Map(
      request.ignore.map(({ host, cause: code }) => [host, cause('IgnoredHosts', code)]),
    )
    return host => refusals.get(host.host) ?? null
  },
}
