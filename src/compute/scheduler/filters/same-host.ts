// The hint `same_host`: a host with one of the servers named. Off by default.
import { cause, type Filter } from './filter.ts'

export const sameHost: Filter = {
  name: 'SameHostFilter',
  stage: 'filter',
  prepare({ request }) {
    if (request.sameHost.length === 0) return null
    const hosts = new Set(request.sameHost.map(server => server.host))
    const refusal = cause('SameHostFilter', 'NoHost.SameHostHint')
    return host => (hosts.has(host.host) ? null : refusal)
  },
}
