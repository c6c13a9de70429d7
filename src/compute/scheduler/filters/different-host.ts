// The hint `different_host`: a host with none of the servers named. Off by default.
import { cause, type Filter } from './filter.ts'

export const differentHost: Filter = {
  name: 'DifferentHostFilter',
  stage: 'filter',
  prepare({ request }) {
    if (request.differentHost.length === 0) return null
    const hosts = new Set(request.differentHost.map(server => server.host))
    const refusal = cause('DifferentHostFilter', 'NoHost.DifferentHostHint')
    return host => (hosts.has(host.host) ? refusal : null)
  },
}
